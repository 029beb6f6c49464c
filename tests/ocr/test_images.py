"""Picture files become upright pages, and PDFs that keep them as good as they were."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageOps

from services.ocr.images import ImagePages
from services.ocr.limits import Limits
from services.ocr.pages import PageFailed, UnfitPaper
from services.ocr.pdfium import PdfPages
from shared.media import GIF, HEIC, JPEG, PNG, TIFF, WEBP

# Pillow warns of some damage before it raises for it
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")
LIMITS = Limits(pages=5, pixels=1_000_000)
ORIENTATION = 0x0112
PICTURES = Path(__file__).parent / "pictures"  # made with heif-enc 1.15; the one says turn me, which a HEIC may not


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path = tmp_path / "original"
        path.write_bytes(content)
        return path

    return write


def corners(size: tuple[int, int] = (120, 80)) -> Image.Image:
    """Return a picture with another colour in each corner."""
    image = Image.new("RGB", size, "white")
    width, height = size[0] // 3, size[1] // 3
    for colour, at in (
        ("red", (0, 0)),
        ("lime", (size[0] - width, 0)),
        ("blue", (0, size[1] - height)),
    ):
        image.paste(Image.new("RGB", (width, height), colour), at)
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    content = BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def differ(one: Image.Image, other: Image.Image) -> float:
    """Return by how much two pictures of the same size differ on average, 0 to 255."""
    assert one.size == other.size
    grey = ImageChops.difference(one.convert("RGB"), other.convert("RGB")).convert("L")
    return sum(value * n for value, n in enumerate(grey.histogram())) / (one.width * one.height)


def picture_of(pdf: pikepdf.Pdf) -> pikepdf.Stream:
    """Return the picture on the first page of a PDF we made."""
    picture = pdf.pages[0].Resources.XObject.Picture
    assert isinstance(picture, pikepdf.Stream)
    return picture


def rendered(pdf: Path, size: tuple[int, int]) -> Image.Image:
    """Return the first page of a PDF as readers show it at 200 dpi; PDFium rounds its size up."""
    image = PdfPages(pdf, LIMITS).picture(1).image
    assert 0 <= image.width - size[0] <= 1
    assert 0 <= image.height - size[1] <= 1
    return image.crop((0, 0, *size))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_jpeg_is_turned_once_on_the_page_and_in_the_pdf(
    orientation: int, file: Callable[[bytes], Path], tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    content = saved(corners(), "JPEG", quality=95, exif=exif, dpi=(200, 200))
    upright = ImageOps.exif_transpose(Image.open(BytesIO(content)))
    pages = ImagePages(file(content), JPEG, LIMITS)
    assert differ(pages.picture(1).image, upright) < 1
    assert differ(rendered(pages.as_pdf(tmp_path), upright.size), upright) < 3


def test_a_jpeg_lies_in_the_pdf_byte_for_byte_at_its_true_size(file: Callable[[bytes], Path], tmp_path: Path) -> None:
    content = saved(corners((400, 300)), "JPEG", dpi=(100, 100))
    with pikepdf.open(ImagePages(file(content), JPEG, LIMITS).as_pdf(tmp_path)) as pdf:
        assert pdf.pages[0].Resources.XObject.Picture.read_raw_bytes() == content
        assert [float(n) for n in pdf.pages[0].mediabox] == [0, 0, 288, 216]
        assert pdf.check_pdf_syntax() == []


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize(("kind", "media_type"), [("PNG", PNG), ("TIFF", TIFF)])
def test_lossless_pictures_stay_lossless(
    mode: str, kind: str, media_type: str, file: Callable[[bytes], Path], tmp_path: Path
) -> None:
    picture = corners().convert(mode)
    pages = ImagePages(file(saved(picture, kind, dpi=(200, 200))), media_type, LIMITS)
    with pikepdf.open(pages.as_pdf(tmp_path)) as pdf:
        kept = pikepdf.PdfImage(picture_of(pdf))
        assert kept.filters == ["/FlateDecode"]
        assert kept.as_pil_image().tobytes() == picture.tobytes()


@pytest.mark.parametrize("photometric", [0, 1])
def test_bitonal_pages_stay_group_4(photometric: int, file: Callable[[bytes], Path], tmp_path: Path) -> None:
    picture = corners((200, 100)).convert("1", dither=Image.Dither.NONE)
    content = saved(picture, "TIFF", compression="group4", dpi=(200, 200), tiffinfo={262: photometric})
    pages = ImagePages(file(content), TIFF, LIMITS)
    with Image.open(BytesIO(content)) as written:
        shown = written.convert("RGB")
    target = pages.as_pdf(tmp_path)
    with pikepdf.open(target) as pdf:
        assert pdf.pages[0].Resources.XObject.Picture.Filter == "/CCITTFaxDecode"
    assert differ(rendered(target, shown.size), shown) == 0


def test_every_page_of_a_tiff_counts(file: Callable[[bytes], Path], tmp_path: Path) -> None:
    pictures = [Image.new("L", (40 + 10 * n, 50), 255 - n) for n in range(3)]
    content = saved(pictures[0], "TIFF", save_all=True, append_images=pictures[1:], dpi=(200, 200))
    pages = ImagePages(file(content), TIFF, LIMITS)
    assert [pages.picture(n).image.width for n in range(1, pages.count + 1)] == [40, 50, 60]
    with pikepdf.open(pages.as_pdf(tmp_path)) as pdf:
        assert len(pdf.pages) == 3


def test_a_tiff_whose_chain_of_pages_loops_comes_to_an_end(file: Callable[[bytes], Path]) -> None:
    content = bytearray(saved(Image.new("L", (8, 8)), "TIFF"))
    (first,) = struct.unpack_from("<I", content, 4)
    (entries,) = struct.unpack_from("<H", content, first)
    struct.pack_into("<I", content, first + 2 + 12 * entries, first)  # the next page is this one
    assert ImagePages(file(bytes(content)), TIFF, LIMITS).count == 1


def test_transparent_parts_are_white_as_paper(file: Callable[[bytes], Path]) -> None:
    content = saved(Image.new("RGBA", (10, 10), (0, 0, 0, 0)), "PNG")
    assert ImagePages(file(content), PNG, LIMITS).picture(1).image.getpixel((5, 5)) == (255, 255, 255)


def test_sixteen_bits_of_grey_are_not_cut_to_white(file: Callable[[bytes], Path]) -> None:
    content = saved(Image.new("I;16", (10, 10), 0x8000), "PNG")
    assert ImagePages(file(content), PNG, LIMITS).picture(1).image.getpixel((5, 5)) == 0x80


def test_cmyk_is_not_inverted(file: Callable[[bytes], Path], tmp_path: Path) -> None:
    content = saved(Image.new("CMYK", (40, 40), (0, 0, 0, 0)), "JPEG", dpi=(200, 200))
    pages = ImagePages(file(content), JPEG, LIMITS)
    assert pages.picture(1).image.getpixel((5, 5)) == (255, 255, 255)
    assert rendered(pages.as_pdf(tmp_path), (40, 40)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("stated", "size", "dpi"),
    [
        ((300, 300), (300, 300), 300),
        ((72, 72), (1654, 2339), 200),  # what a camera writes; a page of A4 at 200
        (None, (576, 960), 82),
        ((96, 96), (50, 50), 72),
        (None, (9, 80_000), 600),
    ],
)
def test_a_resolution_is_believed_only_where_a_scanner_may_have_written_it(
    stated: tuple[int, int] | None, size: tuple[int, int], dpi: int, file: Callable[[bytes], Path]
) -> None:
    options = {"dpi": stated} if stated else {}
    content = saved(Image.new("1", size), "PNG", **options)
    found = ImagePages(file(content), PNG, Limits(pages=1, pixels=10_000_000)).picture(1).dpi
    assert found == pytest.approx(dpi, rel=0.01)


def test_a_fine_jpeg_is_shrunk_while_it_is_decoded(file: Callable[[bytes], Path]) -> None:
    page = ImagePages(file(saved(corners((900, 600)), "JPEG", dpi=(600, 600))), JPEG, LIMITS).picture(1)
    assert page.image.size == (450, 300)
    assert page.dpi == 300


def png_that_claims(width: int, height: int) -> bytes:
    header = struct.pack(">II5B", width, height, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", len(header)) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I4sI", 0, b"IDAT", zlib.crc32(b"IDAT"))


@pytest.mark.parametrize("side", [2_000, 12_000, 60_000])
def test_a_bomb_is_refused_by_its_header(side: int, file: Callable[[bytes], Path]) -> None:
    with pytest.raises((PageFailed, UnfitPaper)) as refusal:
        ImagePages(file(png_that_claims(side, side)), PNG, LIMITS).picture(1)
    assert refusal.value.reason == "too-many-pixels"


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", JPEG), ("PNG", PNG), ("TIFF", TIFF)])
def test_no_damage_raises_anything_but_our_errors(
    kind: str, media_type: str, file: Callable[[bytes], Path], tmp_path: Path
) -> None:
    content = saved(corners(), kind, compression="tiff_lzw") if kind == "TIFF" else saved(corners(), kind)
    broken = 0
    for cut in range(4, len(content), max(1, len(content) // 60)):
        for damaged in (content[:cut], content[:cut] + b"\x00\xff\x13" + content[cut + 3 :]):
            try:
                pages = ImagePages(file(damaged), media_type, LIMITS)
                pages.picture(1)
            except (PageFailed, UnfitPaper):
                broken += 1
            else:
                pages.as_pdf(tmp_path)
    assert broken > 30


def test_a_page_that_cannot_be_read_leaves_its_place_empty(file: Callable[[bytes], Path], tmp_path: Path) -> None:
    pictures = [Image.effect_noise((60, 60), 50) for _ in range(2)]
    content = saved(pictures[0], "TIFF", save_all=True, append_images=pictures[1:], compression="tiff_lzw")
    with Image.open(BytesIO(content)) as image:
        image.seek(1)
        offset = image.tag_v2[273][0]  # type: ignore[attr-defined]
    damaged = content[:offset] + b"\xff" * 200 + content[offset + 200 :]
    pages = ImagePages(file(damaged), TIFF, LIMITS)
    with pytest.raises(PageFailed):
        pages.picture(2)
    with pikepdf.open(pages.as_pdf(tmp_path)) as pdf:
        assert ["/XObject" in page.Resources for page in pdf.pages] == [True, False]


@pytest.mark.parametrize("name", ["corners.heic", "corners-exif-6.heic"])
def test_a_heic_is_decoded_and_never_turned_by_its_exif(name: str, tmp_path: Path) -> None:
    pages = ImagePages(PICTURES / name, HEIC, LIMITS)
    assert (pages.count, pages.only_first) == (1, False)
    assert differ(pages.picture(1).image, corners()) < 3
    shown = PdfPages(pages.as_pdf(tmp_path), LIMITS).picture(1).image
    assert differ(shown.resize((120, 80)), corners()) < 8


def test_a_heic_is_bounded_and_its_damage_is_ours(file: Callable[[bytes], Path]) -> None:
    content = (PICTURES / "corners.heic").read_bytes()
    with pytest.raises(UnfitPaper) as refusal:
        ImagePages(file(content), HEIC, Limits(pages=1, pixels=120 * 80 - 1))
    assert refusal.value.reason == "too-many-pixels"
    broken = 0
    for cut in range(12, len(content), 20):
        try:
            ImagePages(file(content[:cut] + b"\x00\xff\x13" + content[cut + 3 :]), HEIC, LIMITS).picture(1)
        except (PageFailed, UnfitPaper):
            broken += 1
    assert broken > 10


@pytest.mark.parametrize(("kind", "media_type"), [("GIF", GIF), ("WEBP", WEBP)])
def test_of_pictures_that_move_the_first_is_the_page(
    kind: str, media_type: str, file: Callable[[bytes], Path], tmp_path: Path
) -> None:
    pictures = [corners(), Image.new("RGB", (120, 80), "black")]
    still, moving = saved(pictures[0], kind), saved(pictures[0], kind, save_all=True, append_images=pictures[1:])
    assert not ImagePages(file(still), media_type, LIMITS).only_first
    pages = ImagePages(file(moving), media_type, LIMITS)
    assert (pages.count, pages.only_first) == (1, True)
    assert differ(pages.picture(1).image, corners()) < 6
    assert pages.as_pdf(tmp_path).stat().st_size > 500


@pytest.mark.parametrize(("kind", "media_type"), [("GIF", GIF), ("WEBP", WEBP)])
def test_transparent_parts_are_white_in_every_format(kind: str, media_type: str, file: Callable[[bytes], Path]) -> None:
    content = saved(Image.new("RGBA", (10, 10), (0, 0, 0, 0)), kind)
    assert ImagePages(file(content), media_type, LIMITS).picture(1).image.getpixel((5, 5)) == (255, 255, 255)


def test_a_webp_is_refused_by_its_header_before_its_decoder_makes_room(file: Callable[[bytes], Path]) -> None:
    canvas = (16_000).to_bytes(3, "little")
    content = b"RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00" + bytes(4) + canvas * 2
    with pytest.raises(UnfitPaper) as refusal:
        ImagePages(file(content), WEBP, LIMITS)
    assert refusal.value.reason == "too-many-pixels"


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("dpi", [200, 300])
def test_what_is_there_of_a_jpeg_that_ends_early_is_shown(
    dpi: int, orientation: int, file: Callable[[bytes], Path]
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    whole = saved(Image.effect_noise((600, 600), 90), "JPEG", quality=90, dpi=(dpi, dpi), exif=exif)
    page = ImagePages(file(whole[: len(whole) * 3 // 4]), JPEG, LIMITS).picture(1)
    full = ImagePages(file(whole), JPEG, LIMITS).picture(1)
    assert (full.reason, page.reason) == (None, "picture-truncated")
    assert (page.image.size, page.dpi) == (full.image.size, full.dpi)
    width, height = page.image.size
    there, missing = (0, 0, width, height // 2), (0, height * 4 // 5, width, height)
    if orientation == 6:  # its first row is the right edge of the upright page
        there, missing = (width // 2, 0, width, height), (0, 0, width // 5, height)
    assert differ(page.image.crop(there), full.image.crop(there)) < 1
    assert page.image.crop(missing).convert("L").getextrema() == (255, 255)


def test_a_jpeg_of_which_less_than_half_is_there_fails(file: Callable[[bytes], Path]) -> None:
    whole = saved(Image.effect_noise((600, 600), 90), "JPEG", quality=90)
    with pytest.raises(PageFailed) as failure:
        ImagePages(file(whole[: len(whole) // 3]), JPEG, LIMITS).picture(1)
    assert failure.value.reason == "picture-truncated"
