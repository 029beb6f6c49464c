"""A file is judged by its content and held to limits before anything of it is decoded."""

import io
import pickle
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

from services.ocr.judge import Judgement, judge
from services.ocr.limits import Limits
from services.ocr.pages import PageFailed, UnfitPaper
from services.ocr.pdfium import PdfPages
from shared.media import GIF, JPEG, PDF
from shared.packages import DOCX
from tests.ocr.signed import pdf
from tests.shared.test_media import DOCX_PARTS, package

LIMITS = Limits(pages=3, pixels=100_000)
Change = Callable[[Pdf], None]


@pytest.fixture
def paper(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path = tmp_path / "paper"
        path.write_bytes(content)
        return path

    return write


def changed(change: Change, pages: int = 1) -> bytes:
    """Return a PDF with something in it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf(pages))) as made:
        change(made)
        made.save(out, fix_metadata_version=False)
    return out.getvalue()


def reason_of(path: Path, limits: Limits = LIMITS) -> str:
    with pytest.raises(UnfitPaper) as refusal:
        judge(path, limits)
    assert not refusal.value.retriable
    return refusal.value.reason


def test_a_plain_file_is_read_as_it_is(paper: Callable[[bytes], Path]) -> None:
    path = paper(pdf(2))
    judged = judge(path, LIMITS)
    assert judged == Judgement(PDF, 2, path, path)
    assert pickle.loads(pickle.dumps(judged)) == judged  # noqa: S301  # our own


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"%PD", "unsupported-type"),
        (b"hello", "unsupported-type"),
        (b"%PDF-1.7\n%%EOF\n", "corrupt"),
        (package({**DOCX_PARTS, "b.bmp": bytes(3_000_000)}), "archive-bomb"),
        (pdf(4), "too-many-pages"),
    ],
)
def test_what_cannot_be_digitised_is_refused_with_a_reason(
    content: bytes, reason: str, paper: Callable[[bytes], Path]
) -> None:
    assert reason_of(paper(content)) == reason


def test_junk_before_a_pdf_is_left_out_of_a_copy_and_the_file_stays(paper: Callable[[bytes], Path]) -> None:
    content = pdf()
    path = paper(b"j" * 21 + content)
    judged = judge(path, LIMITS)
    assert judged.reasons == ("junk-before-pdf:21",)
    assert judged.readable == judged.verifiable != path
    assert judged.readable.read_bytes() == content
    assert path.read_bytes() == b"j" * 21 + content


def test_copies_are_made_where_we_say(paper: Callable[[bytes], Path], tmp_path: Path) -> None:
    (folder := tmp_path / "work").mkdir()
    assert judge(paper(b"j" + pdf()), LIMITS, folder=folder).readable.parent == folder


def test_a_password_is_tried_where_a_setting_gives_it(paper: Callable[[bytes], Path]) -> None:
    path = paper(pdf(password="tên mật"))
    assert reason_of(path) == "encrypted"
    judged = judge(path, Limits(pages=3, pixels=100, passwords=("wrong", "tên mật")))
    assert judged.reasons == ("password-opened",)
    assert judged.verifiable == path
    assert PdfPages(judged.readable, LIMITS).count == 1


def test_an_empty_password_needs_no_copy(paper: Callable[[bytes], Path]) -> None:
    path = paper(pdf(password=""))
    judged = judge(path, LIMITS)
    assert (judged.readable, judged.reasons) == (path, ("encrypted-for-all",))


def test_a_name_that_promises_another_type_is_said(paper: Callable[[bytes], Path]) -> None:
    assert judge(paper(pdf()), LIMITS, name="scan.jpg").reasons == ("name-mismatch",)
    assert judge(paper(pdf()), LIMITS, name="scan.PDF").reasons == ()


def script(made: Pdf) -> None:
    made.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def launch(made: Pdf) -> None:
    link = Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=Dictionary(S=Name.Launch, F=pikepdf.String("a")))
    made.pages[0].Annots = Array([link])


def attachment(made: Pdf) -> None:
    made.attachments["a.exe"] = b"MZ"


def form_of_xml(made: Pdf) -> None:
    made.Root.AcroForm = Dictionary(XFA=Array([]), Fields=Array([]))


def sent_away(made: Pdf) -> None:
    made.pages[0].AA = Dictionary(O=Dictionary(S=Name.SubmitForm, F=pikepdf.String("http://example.org")))


def moving_pictures(made: Pdf) -> None:
    made.pages[0].Annots = Array([Dictionary(Subtype=Name.RichMedia, Rect=Array([0, 0, 9, 9]))])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (script, "javascript"),
        (launch, "launch-action"),
        (attachment, "embedded-files"),
        (form_of_xml, "xfa"),
        (sent_away, "external-action"),
        (moving_pictures, "rich-media"),
    ],
)
def test_active_content_is_said(change: Change, code: str, paper: Callable[[bytes], Path]) -> None:
    judged = judge(paper(changed(change)), LIMITS)
    assert judged.active == (code,)
    assert judged.reasons == (f"active-content:{code}",)


def test_a_hidden_spelling_of_a_name_hides_nothing(paper: Callable[[bytes], Path]) -> None:
    content = changed(script)
    assert b"/JavaScript" in content
    assert judge(paper(content.replace(b"/JavaScript", b"/J#61v#61Script")), LIMITS).active == ("javascript",)


def test_text_that_names_a_script_is_none(paper: Callable[[bytes], Path]) -> None:
    def titled(made: Pdf) -> None:
        made.docinfo["/Title"] = "see (/S /JavaScript) and /JS \\( /S /Launch"

    assert judge(paper(changed(titled)), LIMITS).active == ()


@pytest.mark.parametrize(
    "xmp", [b'<r pdfaid:part="2" pdfaid:conformance="B"/>', b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>b<"]
)
def test_what_a_file_claims_to_be_is_said(xmp: bytes, paper: Callable[[bytes], Path]) -> None:
    def claiming(made: Pdf) -> None:
        made.Root.Metadata = made.make_stream(xmp, Type=Name.Metadata, Subtype=Name.XML)

    judged = judge(paper(changed(claiming)), LIMITS)
    assert (judged.pdfa, judged.reasons) == ("2b", ("declares-pdfa:2b",))


def test_a_tree_of_pages_that_is_none_comes_to_an_end(paper: Callable[[bytes], Path]) -> None:
    content = pdf(3)
    with pikepdf.open(io.BytesIO(content)) as made:
        tree, kid = made.Root.Pages.objgen[0], made.pages[2].obj.objgen[0]
    looped = content.replace(b"%d 0 R ]" % kid, b"%d 0 R ]" % tree)
    assert looped != content
    assert reason_of(paper(looped)) in ("corrupt", "page-tree-broken")


def test_a_tree_of_pages_that_doubles_with_every_level_comes_to_an_end(paper: Callable[[bytes], Path]) -> None:
    levels = 40
    parts = [b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"]
    parts += [
        b"%d 0 obj\n<< /Type /Pages /Count 9 /Kids [ %d 0 R %d 0 R ] >>\nendobj\n" % (n, n + 1, n + 1)
        for n in range(2, levels)
    ]
    parts.append(b"%d 0 obj\n<< /Type /Page /MediaBox [ 0 0 9 9 ] >>\nendobj\n" % levels)
    parts.append(b"trailer\n<< /Root 1 0 R /Size %d >>\n%%%%EOF\n" % (levels + 1))
    assert reason_of(paper(b"".join(parts))) in ("corrupt", "page-tree-broken", "too-many-pages")


def test_pictures_have_the_pages_they_have(paper: Callable[[bytes], Path]) -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "white")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    judged = judge(paper(out.getvalue()), LIMITS)
    assert (judged.media_type, judged.pages, judged.reasons) == (GIF, 1, ("first-picture-only",))
    out = io.BytesIO()
    frames[0].save(out, "JPEG")
    judged = judge(paper(out.getvalue()), LIMITS, name="a.pdf")
    assert (judged.media_type, judged.pages, judged.reasons) == (JPEG, 1, ("name-mismatch",))
    assert reason_of(paper(out.getvalue()), Limits(pages=1, pixels=599)) == "too-many-pixels"


def test_a_text_document_is_still_to_be_converted_and_says_what_it_carries(paper: Callable[[bytes], Path]) -> None:
    link = '<Relationship Type="http://x/attachedTemplate" Target="http://example.org" TargetMode="External"/>'
    parts = {**DOCX_PARTS, "word/embeddings/sheet.xlsx": "x", "word/_rels/settings.xml.rels": link}
    judged = judge(paper(package(parts)), LIMITS)
    assert (judged.media_type, judged.pages, judged.to_convert) == (DOCX, 0, True)
    assert judged.active == ("embedded-files", "external-action")
    assert judge(paper(package(DOCX_PARTS)), LIMITS).active == ()


@pytest.mark.parametrize(("count", "reason"), [(0, "no-pages"), (4, "too-many-pages")])
def test_papers_have_a_bounded_number_of_pages(count: int, reason: str) -> None:
    LIMITS.check_count(3)
    with pytest.raises(UnfitPaper) as refusal:
        LIMITS.check_count(count)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("size", "reason"), [((100_001, 1), "too-many-pixels"), ((0, 5), "page-unreadable"), ((5, 0), "page-unreadable")]
)
def test_pictures_have_a_bounded_number_of_pixels(size: tuple[int, int], reason: str) -> None:
    LIMITS.check_picture(1_000, 100)
    with pytest.raises(PageFailed) as failure:
        LIMITS.check_picture(*size)
    assert failure.value.reason == reason
