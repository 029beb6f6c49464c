"""What a document says of itself: PDF/A-2b, title and dates, and what its colours mean."""

import re
from datetime import datetime
from xml.sax.saxutils import escape

from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from services.ocr.pdf.icc import srgb
from services.ocr.pdf.plans import DocumentFacts

FLAVOUR = "2b"
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
{properties}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def describe(document: Pdf, facts: DocumentFacts) -> None:
    """Write the metadata twice, in XMP and in the document information, and the output intent."""
    root = document.Root
    root.Metadata = Stream(document, _packet(facts).encode(), Type=Name.Metadata, Subtype=Name.XML)
    root.Lang = String(facts.language)
    profile = Stream(document, srgb(), N=3)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB"),
        DestOutputProfile=document.make_indirect(profile),
    )
    root.OutputIntents = Array([intent])
    document.trailer.Info = document.make_indirect(_information(facts))


def _packet(facts: DocumentFacts) -> str:
    properties = [
        _list("dc:title", "Alt", facts.title),
        _list("dc:description", "Alt", facts.subject),
        _list("dc:creator", "Seq", facts.author),
        _list("dc:language", "Bag", facts.language),
        _single("xmp:CreateDate", _iso(facts.created)),
        _single("xmp:ModifyDate", _iso(facts.modified)),
        _single("xmp:MetadataDate", _iso(facts.modified)),
        _single("pdf:Producer", facts.producer),
    ]
    return _PACKET.format(properties="\n".join(filter(None, properties)))


def _single(name: str, value: str | None) -> str:
    return f"<{name}>{escape(_line(value))}</{name}>" if _line(value) else ""


def _list(name: str, kind: str, value: str | None) -> str:
    of = ' xml:lang="x-default"' if kind == "Alt" else ""
    item = f"<rdf:{kind}><rdf:li{of}>{escape(_line(value))}</rdf:li></rdf:{kind}>"
    return f"<{name}>{item}</{name}>" if _line(value) else ""


def _information(facts: DocumentFacts) -> Dictionary:
    told = {
        "/Title": facts.title,
        "/Subject": facts.subject,
        "/Author": facts.author,
        "/Producer": facts.producer,
        "/CreationDate": _date(facts.created),
        "/ModDate": _date(facts.modified),
    }
    return Dictionary({name: String(_line(value)) for name, value in told.items() if _line(value)})


def _line(value: str | None) -> str:
    """Return a text that XML can hold, in one line; nothing where there is none."""
    return " ".join(_NOT_IN_XML.sub(" ", value or "").split())


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _date(moment: datetime | None) -> str | None:
    """Return a date as PDF writes it (ISO 32000-1, 7.9.4)."""
    if moment is None:
        return None
    zone = moment.strftime("%z")
    return f"D:{moment:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"
