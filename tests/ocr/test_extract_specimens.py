"""What the engine reads of the specimens gives their fields, and asks a person for hardly any of them."""

from pathlib import Path

import pytest

from bench.ocr.fields import read
from bench.ocr.letters import LIMITS
from services.ocr.extract import extract
from services.ocr.extract_marks import is_secret
from services.ocr.pipeline import open_pages, page_engine
from services.ocr.required import USUAL, to_review
from services.ocr.settings import OcrSettings

SPECIMENS = Path(__file__).parents[2] / "deploy" / "demo" / "specimens"
FIELDS: dict[str, dict[str, object]] = {
    "cong-van-1290.jpg": {"doc_type": "Công văn", "number": "1290", "date": "2026-10-19", "deadlines": ("2026-11-25",)},
    "thong-bao-88.jpg": {"doc_type": "Thông báo", "number": "88", "date": "2026-11-02", "signer_title": "GIÁM ĐỐC"},
    "giay-xac-nhan-215.png": {"doc_type": "Giấy xác nhận", "number": "215", "issuer": "Ủy ban nhân dân xã Đồi Gió"},
    "bien-ban-07.tif": {"doc_type": "Biên bản", "symbol": "BB-TXM", "issuer": "Tổ xác minh"},
    "to-khai.jpg": {"doc_type": "Tờ khai", "signer_name": "Hà Viết Sương", "signer_title": "NGƯỜI KHAI"},
    "giay-uy-quyen.jpg": {"doc_type": "Giấy ủy quyền", "date": "2026-10-06"},
    "quyet-dinh-457.pdf": {"doc_type": "Quyết định", "number": "457", "issuer_parent": "UBND tỉnh Hạ Vân"},
}
DOUBTFUL = {"bien-ban-07.tif": {"signer_name"}}  # the seal touches one of three names: read right, but not surely


@pytest.mark.parametrize("name", FIELDS)
def test_specimen_gives_its_fields_and_asks_for_no_sure_one(name: str) -> None:
    source, engine = open_pages(SPECIMENS / name, LIMITS), page_engine(OcrSettings())
    pictures = [source.picture(number) for number in range(1, source.count + 1)]
    pages = [read(picture.image, number, engine, dpi=picture.dpi) for number, picture in enumerate(pictures, 1)]
    found = extract(pages)
    assert {field: found[field].value for field in FIELDS[name]} == FIELDS[name]
    assert set(to_review(found, USUAL)) <= DOUBTFUL.get(name, set())
    assert not any(map(is_secret, pages))
