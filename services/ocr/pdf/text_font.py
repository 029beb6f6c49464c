"""The text layer's font as PDF describes it."""

from pikepdf import Array, Dictionary, Name, Pdf, Stream

from services.ocr.pdf.font import ADVANCE, ASCENT, DESCENT, Characters, glyphless_font

_SYMBOLIC = 4  # of a font descriptor's flags: its characters are its own


def fill_font(document: Pdf, font: Dictionary, characters: Characters) -> None:
    """Describe the font in ``font`` once all characters are known."""
    font.Type = Name.Font
    font.Subtype = Name.Type0
    font.BaseFont = Name.HosoText
    font.Encoding = Name("/Identity-H")
    font.DescendantFonts = Array([document.make_indirect(_descendant(document, characters))])
    font.ToUnicode = Stream(document, characters.to_unicode())


def _descendant(document: Pdf, characters: Characters) -> Dictionary:
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name.HosoText,
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=document.make_indirect(_descriptor(document)),
        DW=ADVANCE,
        CIDToGIDMap=Stream(document, characters.glyphs()),
    )


def _descriptor(document: Pdf) -> Dictionary:
    return Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name.HosoText,
        Flags=_SYMBOLIC,
        FontBBox=Array([0, DESCENT, ADVANCE, ASCENT]),
        ItalicAngle=0,
        Ascent=ASCENT,
        Descent=DESCENT,
        CapHeight=ASCENT,
        StemV=80,
        FontFile2=Stream(document, glyphless_font()),
    )
