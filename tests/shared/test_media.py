"""What a file is, is told by its content."""

import io
import struct
import zipfile
from collections.abc import Mapping

import pytest
from PIL import Image

from shared.media import (
    GIF,
    HEIC,
    JPEG,
    JUNK_BYTES,
    PDF,
    PNG,
    TAKEN,
    TIFF,
    WEBP,
    junk_bytes_of,
    media_type_of,
    promises_another,
    taken_names,
    webp_size,
)
from shared.packages import DOCX, MOST_ENTRIES, ODT, PackageRefused

WORD_MAIN = f'<Types><Override PartName="/word/document.xml" ContentType="{DOCX}.main+xml"/></Types>'
DOCX_PARTS = {"[Content_Types].xml": WORD_MAIN, "word/document.xml": "<w:document/>"}
ODT_PARTS = {"mimetype": ODT, "content.xml": "<office:document-content/>"}


def package(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of some parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def told(content: bytes) -> str | None:
    return media_type_of(io.BytesIO(content))


def family(major: bytes, *compatible: bytes) -> bytes:
    """Return the first box of a file of the ISO media family."""
    brands = major + bytes(4) + b"".join(compatible)
    return struct.pack(">I", 8 + len(brands)) + b"ftyp" + brands + b"\x00\x00\x00\x08meta"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n", PDF),
        (b"\x75\xab\x5a" + b"x" * 18 + b"%PDF-1.4", PDF),
        (b"j" * JUNK_BYTES + b"%PDF-1.4", PDF),
        (b"j" * (JUNK_BYTES + 1) + b"%PDF-1.4", None),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", JPEG),
        (b"\x89PNG\r\n\x1a\n", PNG),
        (b"II*\x00\x08", TIFF),
        (b"MM\x00*\x00", TIFF),
        (b"MM\x00+\x00\x08", TIFF),
        (b"GIF89a", GIF),
        (b"GIF88a", None),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", WEBP),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", None),
        (family(b"heic", b"mif1", b"heic"), HEIC),
        (family(b"mif1", b"heic"), HEIC),
        (family(b"avif", b"mif1", b"avif"), None),
        (family(b"isom", b"mp42"), None),
        (package(DOCX_PARTS), DOCX),
        (package(ODT_PARTS), ODT),
        (package({"a.txt": "a"}), None),
        (package({"[Content_Types].xml": WORD_MAIN.replace("wordprocessingml", "spreadsheetml")}), None),
        (package({"[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml"}), None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), None),
        (b"MZ\x90\x00", None),
        (b"<html>%PD", None),
    ],
)
def test_a_type_is_told_by_content(content: bytes, media_type: str | None) -> None:
    assert told(content) == media_type


def refused(content: bytes) -> str:
    with pytest.raises(PackageRefused) as refusal:
        told(content)
    return refusal.value.reason


def test_a_document_that_would_swell_is_refused_before_it_does() -> None:
    assert refused(package({**DOCX_PARTS, "word/media/image1.bmp": bytes(3_000_000)})) == "archive-bomb"
    assert refused(package({**DOCX_PARTS, **{f"e{n}": "" for n in range(MOST_ENTRIES)}})) == "archive-bomb"
    assert told(package({**DOCX_PARTS, "word/media/image1.bmp": bytes(900_000)})) == DOCX


def test_a_directory_that_is_too_large_is_not_read() -> None:
    content = bytearray(package(DOCX_PARTS))
    at = content.rindex(b"PK\x05\x06")
    struct.pack_into("<I", content, at + 12, 50_000_000)
    assert refused(bytes(content)) == "archive-bomb"
    assert refused(bytes(content) + content[at : at + 12] + bytes(10)) == "archive-bomb"


def test_what_is_packed_inside_may_be_packed_once() -> None:
    sheet = package({"xl/workbook.xml": "<workbook/>"})
    assert told(package({**DOCX_PARTS, "word/embeddings/sheet.xlsx": sheet})) == DOCX
    assert refused(package({**DOCX_PARTS, "word/embeddings/a.zip": package({"b.zip": sheet})})) == "archive-bomb"
    swelling = package({"c": bytes(5_000_000)})
    assert refused(package({**DOCX_PARTS, "word/embeddings/a.zip": swelling})) == "archive-bomb"


def test_a_locked_document_is_told_from_damage() -> None:
    locked = package({**ODT_PARTS, "META-INF/manifest.xml": "<manifest:encryption-data/>"})
    assert refused(locked) == "encrypted"
    whole = package(DOCX_PARTS)
    assert refused(whole[:-30]) == "corrupt"
    assert refused(package(DOCX_PARTS, zipfile.ZIP_LZMA)) == "corrupt"


@pytest.mark.parametrize("options", [{"lossless": True}, {"quality": 50}, {"lossless": True, "exif": b"Exif\x00\x00"}])
@pytest.mark.parametrize("size", [(1, 1), (300, 17)])
def test_the_size_of_a_webp_is_in_its_header(size: tuple[int, int], options: dict[str, object]) -> None:
    out = io.BytesIO()
    Image.new("RGB", size).save(out, "WEBP", **options)
    assert webp_size(out.getvalue()[:30]) == size


@pytest.mark.parametrize("head", [b"RIFF\x10\x00\x00\x00WEBP", b"RIFF\x10\x00\x00\x00WEBPALPH" + bytes(20)])
def test_a_webp_without_a_header_has_no_size(head: bytes) -> None:
    with pytest.raises(ValueError, match="WebP"):
        webp_size(head)


def test_junk_is_counted() -> None:
    assert [junk_bytes_of(head) for head in (b"%PDF-1.7", b"junk%PDF-1.7", b"none")] == [0, 4, 0]


def test_every_type_has_a_name_and_extensions_of_its_own() -> None:
    extensions = [extension for media in TAKEN.values() for extension in media.extensions]
    assert len(set(extensions)) == len(extensions)
    assert taken_names("hoặc") == "PDF, TIFF, JPEG, PNG, HEIC, WebP, GIF, DOCX hoặc ODT"


@pytest.mark.parametrize(
    ("name", "media_type", "another"),
    [
        ("giay.pdf", PDF, False),
        ("giay.PDF", JPEG, True),
        ("giay.docx", DOCX, False),
        ("anh.heif", HEIC, False),
        ("giay.xyz", PDF, True),
        ("giay", PDF, False),
        ("", PDF, False),
        ("giay.tiff", TIFF, False),
    ],
)
def test_a_name_that_promises_another_type_is_noted(name: str, media_type: str, *, another: bool) -> None:
    assert promises_another(name, media_type) is another
