"""Whatever the original is made of, the document is a PDF/A-2b and shows the same."""

import io
import struct
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

from deploy.local.verapdf import invalid
from services.ocr.limits import Limits
from services.ocr.pages import PageFailed
from services.ocr.pdf.compose import compose
from services.ocr.pdf.jpeg2000 import fits, wrapped
from services.ocr.pdf.plans import Composed, PagePicture, PagePlan
from services.ocr.pdfium import PdfPages
from services.ocr.redraw import redraw
from tests.ocr.made_pdfs import (
    FACTS,
    difference,
    layout,
    line,
    qpdf_complaints,
    seen,
    text_of,
    write,
    write_picture,
)  # fmt: skip

LIMITS = Limits(pages=100, pixels=100_000_000)
SIDE = 64
HELVETICA = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
LAB = Array([Name.Lab, Dictionary(WhitePoint=Array([0.9642, 1, 0.8249]), Range=Array([-100, 100, -100, 100]))])


def gradient(mode: str) -> Image.Image:
    """Return a picture with every shade."""
    grey = Image.linear_gradient("L").resize((SIDE, SIDE))
    if mode == "CMYK":
        return Image.merge("CMYK", (grey, grey.rotate(90), grey.rotate(180), grey.point(lambda v: v // 4)))
    return grey if mode == "L" else Image.merge("RGB", (grey, grey.rotate(90), grey.rotate(180)))


def coded(mode: str, kind: str, **options: object) -> bytes:
    content = io.BytesIO()
    gradient(mode).save(content, kind, **options)
    return content.getvalue()


def size(**entries: Any) -> dict[str, Any]:
    return {"Width": SIDE, "Height": SIDE, "BitsPerComponent": 8, **entries}


def jpeg_entries(colour: Name) -> dict[str, Any]:
    return size(ColorSpace=colour, Filter=Name.DCTDecode)


def flate(content: bytes, **entries: Any) -> Callable[[Path], Path]:
    return partial(write_picture, picture=zlib.compress(content), Filter=Name.FlateDecode, **size(**entries))


def code_stream(mode: str) -> bytes:
    """Return JPEG 2000 without the file around it."""
    jp2 = coded(mode, "JPEG2000")
    return jp2[jp2.index(b"\xff\x4f\xff\x51") :]


def soft_mask(path: Path) -> Path:
    with pikepdf.new() as pdf:
        mask = Stream(pdf, bytes(range(0, 256, 4)) * SIDE, Type=Name.XObject, Subtype=Name.Image)
        mask.Width = mask.Height = SIDE
        mask.BitsPerComponent, mask.ColorSpace, mask.Interpolate = 8, Name.DeviceGray, True
        return write_picture(path, bytes(SIDE * SIDE), SMask=mask, ColorSpace=Name.DeviceGray, **size())


def layers(path: Path, *, hidden: bool) -> Path:
    """Write a page with something on a layer."""
    content = b"/OC /L BDC 1 0 0 rg 200 200 100 100 re f EMC"
    with pikepdf.open(write(path, content), allow_overwriting_input=True) as pdf:
        group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("lớp")))
        shown = Dictionary(OFF=Array([group] if hidden else []), AS=Array([]))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=shown)
        pdf.pages[0].Resources.Properties = Dictionary(L=group)
        pdf.save(path)
    return path


def shading(path: Path) -> Path:
    ramp = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1, 0, 0]), C1=Array([0, 0, 1]), N=1)
    axial = Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=Array([0, 0, 612, 0]), Function=ramp)
    return write(path, b"/S sh", resources=Dictionary(Shading=Dictionary(S=axial)))


def filled_form(path: Path, *, with_look: bool) -> Path:
    """Write a page with a text field that wants its look made anew."""
    with pikepdf.open(write(path), allow_overwriting_input=True) as pdf:
        look = pdf.make_stream(b"1 0 0 rg 0 0 100 40 re f", Type=Name.XObject, Subtype=Name.Form)
        look.BBox = Array([0, 0, 100, 40])
        field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=Array([300, 100, 400, 140]), F=4)
        field.FT, field.T, field.V, field.DA = Name.Tx, String("name"), String("Value"), String("/Helv 12 Tf 0 g")
        if with_look:
            field.AP = Dictionary(N=look)
        pdf.pages[0].Annots = Array([pdf.make_indirect(field)])
        fonts = Dictionary(Font=Dictionary(Helv=HELVETICA))
        pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.pages[0].Annots[0]]), NeedAppearances=True, DR=fonts)
        pdf.save(path)
    return path


# what can stay as it is, and what its page shows
KEPT: dict[str, Callable[[Path], Path]] = {
    "grey": partial(write_picture, picture=coded("L", "JPEG"), **jpeg_entries(Name.DeviceGray)),
    "colour": partial(write_picture, picture=coded("RGB", "JPEG"), **jpeg_entries(Name.DeviceRGB)),
    "ink": flate(gradient("CMYK").tobytes(), ColorSpace=Name.DeviceCMYK),
    "ink-text": partial(write, content=b"0.1 0.8 0 0.2 k 100 100 300 300 re f"),
    "deep": flate(gradient("L").resize((SIDE * 2, SIDE)).tobytes(), ColorSpace=Name.DeviceGray, BitsPerComponent=16),
    "lab": flate(gradient("RGB").tobytes(), ColorSpace=LAB),
    "indexed": flate(
        gradient("L").tobytes(), ColorSpace=Array([Name.Indexed, Name.DeviceRGB, 255, bytes(range(256)) * 3])
    ),
    "jp2-grey": partial(write_picture, picture=code_stream("L"), Filter=Name.JPXDecode, **size()),
    "jp2-colour": partial(write_picture, picture=coded("RGB", "JPEG2000"), Filter=Name.JPXDecode, **size()),
    "soft-mask": soft_mask,
    "interpolated": flate(gradient("L").tobytes(), ColorSpace=Name.DeviceGray, Interpolate=True, Alternates=Array([])),
    "early-end": partial(
        write_picture, picture=zlib.compress(gradient("L").tobytes())[:-4],
        Filter=Name.FlateDecode, **size(ColorSpace=Name.DeviceGray),
    ),
    "layer": partial(layers, hidden=False),
    "unused-font": partial(write, resources=Dictionary(Font=Dictionary(F1=HELVETICA))),
    "transfer": partial(
        write, content=b"/G gs 0 g 9 9 200 200 re f",
        resources=Dictionary(ExtGState=Dictionary(G=Dictionary(TR=Name.Identity, ca=0.5))),
    ),
    "tiny": partial(write, boxes=[(0, 0, 2, 2)]),
    "enormous": partial(write, boxes=[(0, 0, 15_000, 20_000)]),
    "cropped": partial(write, CropBox=Array([10, 10, 300, 200])),
    "no-content": partial(write, Contents=Array([])),
}  # fmt: skip
# readers mix inks in ways of their own where the file does not say how; PDF/A forbids to smooth large pixels
OTHERWISE = {"ink": 25, "ink-text": 25, "interpolated": 2}
# what cannot: such a page becomes a picture, with the text it had
REDRAWN: dict[str, tuple[Callable[[Path], Path], str]] = {
    "font": (
        partial(write, content=b"BT /F1 20 Tf 72 600 Td (Hello World) Tj ET",
                resources=Dictionary(Font=Dictionary(F1=HELVETICA))),
        "font-not-embedded",
    ),
    "shading": (shading, "content-unfit"),
    "hidden-layer": (partial(layers, hidden=True), "hidden-layers"),
    "bare-field": (partial(filled_form, with_look=False), "fields-without-look"),
    "old-look": (partial(filled_form, with_look=True), "fields-without-look"),
}  # fmt: skip


def composed(source: Path, *plans: PagePlan) -> tuple[Path, Composed]:
    target = source.with_suffix(".out.pdf")
    draw = partial(redraw, PdfPages(source, LIMITS))
    return target, compose(source, plans, target, facts=FACTS, redraw=draw)


def test_what_can_stay_stays_and_is_valid(tmp_path: Path) -> None:
    done = {name: composed(make(tmp_path / f"{name}.pdf"), PagePlan(layout(line(name)))) for name, make in KEPT.items()}
    assert {name: (told.pdfa, told.redrawn_pages) for name, (_, told) in done.items()} == dict.fromkeys(
        done, ("2b", ())
    )
    targets = [target for target, _ in done.values()]
    assert invalid(targets) == {}
    assert qpdf_complaints(*targets) == {}
    assert {name: text_of(target).strip() for name, (target, _) in done.items() if name != "tiny"} == {
        name: name for name in KEPT if name != "tiny"
    }


@pytest.mark.parametrize("name", [name for name in KEPT if name not in ("tiny", "enormous")])
def test_what_stays_looks_as_it_did(name: str, tmp_path: Path) -> None:
    source = KEPT[name](tmp_path / "in.pdf")
    target, _ = composed(source, PagePlan(layout(line("chữ"))))
    assert difference(seen(source), seen(target)) < OTHERWISE.get(name, 0.1)


def test_what_cannot_stay_becomes_a_picture_with_its_text(tmp_path: Path) -> None:
    done = {name: composed(make(tmp_path / f"{name}.pdf")) for name, (make, _) in REDRAWN.items()}
    for name, (target, told) in done.items():
        assert (told.pdfa, told.redrawn_pages) == ("2b", (1,)), name
        assert REDRAWN[name][1] in told.reasons
        assert difference(seen(tmp_path / f"{name}.pdf", forms=True), seen(target)) < 1
        assert seen(target).min() < 200
    assert text_of(done["font"][0]).split() == ["Hello", "World"]
    assert text_of(done["bare-field"][0]).split() == ["Value"]
    assert invalid([target for target, _ in done.values()]) == {}


def test_invisible_text_in_a_font_that_is_not_embedded_is_written_anew(tmp_path: Path) -> None:
    content = b"BT 3 Tr /F1 20 Tf 72 600 Td (Hello World) Tj ET"
    source = write(tmp_path / "in.pdf", content, resources=Dictionary(Font=Dictionary(F1=HELVETICA)))
    target, told = composed(source, PagePlan(own_text=layout(line("Hello", "World"))))
    assert (told.pdfa, told.redrawn_pages) == ("2b", ())
    assert text_of(target).split() == ["Hello", "World"]
    with pikepdf.open(target) as pdf:
        pdf.save(tmp_path / "plain.pdf", object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert b"Helvetica" not in (tmp_path / "plain.pdf").read_bytes()
    assert invalid([target]) == {}


def test_only_the_page_that_needs_it_is_redrawn(tmp_path: Path) -> None:
    with pikepdf.open(KEPT["colour"](tmp_path / "colour.pdf")) as pdf:
        for name in ("font", "colour"):
            make = KEPT.get(name) or REDRAWN[name][0]
            with pikepdf.open(make(tmp_path / f"{name}2.pdf")) as other:
                pdf.pages.extend(other.pages)
        pdf.save(tmp_path / "mixed.pdf")
    target, told = composed(tmp_path / "mixed.pdf")
    assert (told.pdfa, told.redrawn_pages) == ("2b", (2,))
    with pikepdf.open(target) as pdf:
        kept = [pdf.pages[n].Resources.XObject.Im.read_raw_bytes() for n in (0, 2)]
    assert kept == [coded("RGB", "JPEG")] * 2


def test_a_page_that_cannot_be_drawn_leaves_a_document_that_says_so(tmp_path: Path) -> None:
    def fails(number: int) -> PagePicture:
        raise PageFailed(reason="page-unreadable")

    source = REDRAWN["font"][0](tmp_path / "in.pdf")
    for draw in (None, fails):
        told = compose(source, [], tmp_path / "out.pdf", facts=FACTS, redraw=draw, input_bytes=100_000)
        assert (told.pdfa, told.reasons, told.redrawn_pages) == (None, ("font-not-embedded",), ())
        assert text_of(tmp_path / "out.pdf").split() == ["Hello", "World"]


def test_a_page_that_nobody_can_read_is_left_empty_in_a_valid_document(tmp_path: Path) -> None:
    source = write(tmp_path / "in.pdf", boxes=[(0, 0, 612, 792)] * 2)
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        pdf.pages[0].Contents = pdf.make_stream(b"no deflated data")
        pdf.pages[0].Contents.Filter = Name.LZWDecode
        pdf.pages[0].Contents.DecodeParms = Dictionary(EarlyChange=7)
        pdf.save(source, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    plans = [PagePlan(layout(line("chữ")))] * 2
    told = compose(source, plans, tmp_path / "out.pdf", facts=FACTS, input_bytes=100_000)
    assert (told.pdfa, told.reasons) == ("2b", ("content-unreadable",))
    assert [text_of(tmp_path / "out.pdf", n).strip() for n in (1, 2)] == ["", "chữ"]
    assert invalid([tmp_path / "out.pdf"]) == {}


def test_a_jpeg_is_believed_rather_than_its_dictionary(tmp_path: Path) -> None:
    told = size(ColorSpace=Name.DeviceRGB, Filter=Name.DCTDecode, Width=SIDE * 2)
    source = write_picture(tmp_path / "in.pdf", coded("L", "JPEG"), **told)
    target, done = composed(source)
    assert done.pdfa == "2b"
    with pikepdf.open(target) as pdf:
        picture = pdf.pages[0].Resources.XObject.Im
        assert picture.Width == SIDE
        assert picture.ColorSpace == Name.DeviceGray


def test_a_bare_code_stream_gets_its_file_and_a_strange_one_does_not() -> None:
    for mode in ("L", "RGB"):
        jp2 = wrapped(code_stream(mode))
        assert jp2 is not None
        assert fits(jp2)
        with Image.open(io.BytesIO(jp2)) as picture:
            assert (picture.size, picture.mode) == ((SIDE, SIDE), mode)
    assert fits(coded("RGB", "JPEG2000"))
    assert wrapped(code_stream("L")[:30]) is None
    assert wrapped(b"\xff\xd8\xff") is None
    grey_and_alpha = io.BytesIO()
    gradient("L").convert("LA").save(grey_and_alpha, "JPEG2000")
    assert not fits(grey_and_alpha.getvalue())
    assert not fits(coded("L", "JPEG2000")[:60])
    assert not fits(struct.pack(">I", 12))
