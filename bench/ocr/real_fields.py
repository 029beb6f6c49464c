"""What a clerk recorded of the real letters, in the names and forms of our fields."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.ocr.fields import Value

# letters whose second page is a file of its own, and copies of first pages that share a letter's truth
NEXT_PAGE = {"cv1906_danang_4_1": "cv1906_danang_4_2.jpg"}
COPIES = {"cv1906_danang_4_1": ("cv1906_danang_4_1_noisy.jpg", "cv1906_danang_4_1_rotated.jpg")}
PICTURES = {
    "qd86_botuphap_borndigital": "qd86_botuphap_p1.jpg",
    "qd246_camau_borndigital_unsigned": "qd246_camau_p1.jpg",
}
BY_HAND = {
    "so": "number",
    "ngay.day": "date",
    "ngay.month": "date",
    "den.so": "arrival_number",
    "den.ngay": "arrival_date",
}
_PARENT = re.compile(r"(?P<issuer>.*) \((?P<parent>.*)\)")


@dataclass(frozen=True)
class Paper:
    """A letter: the files of its pages, whether their text layer is used, and what is right."""

    name: str
    paths: tuple[Path, ...]
    truth: Mapping[str, Value | None]
    layer: bool = False


def papers(folder: Path) -> Iterator[Paper]:
    """Yield every letter that has a truth, and its copies."""
    for record in json.loads((folder / "fields.json").read_text(encoding="utf-8")):
        first, truth = folder / record["file"], dict(_truth(record))
        rest = (folder / NEXT_PAGE[first.stem],) if first.stem in NEXT_PAGE else ()
        yield Paper(first.stem, (first, *rest), truth, layer=first.stem in PICTURES)
        for copy in COPIES.get(first.stem, ()):
            yield Paper(Path(copy).stem, (folder / copy, *rest), truth)
        if picture := PICTURES.get(first.stem):
            yield Paper(Path(picture).stem, (folder / picture,), truth)


def _truth(record: Mapping[str, Any]) -> Iterator[tuple[str, Value | None]]:
    """Yield the fields that were recorded; nothing as the value of what a pen wrote."""
    parts = _PARENT.fullmatch(record["co_quan"])
    yield from {
        "doc_type": record["loai"],
        "number": record["so"],
        "symbol": record["ky_hieu"].removeprefix(f"{record['so']}/"),
        "date": record["ngay"],
        "place": record["noi_ban_hanh"],
        "issuer": parts["issuer"] if parts else record["co_quan"],
        "subject": record["trich_yeu"],
    }.items()
    if parts:
        yield "issuer_parent", parts["parent"]
    yield from ((name, record[key]) for key, name in _WHERE_KNOWN.items() if key in record)
    if due := record.get("han"):
        yield "deadlines", tuple(one.replace(" ", "T") for one in ([due] if isinstance(due, str) else due))
    if addressees := record.get("kinh_gui"):
        yield "recipients", tuple(addressees)
    yield from ((BY_HAND[part], None) for part in record.get("handwritten", ()))


_WHERE_KNOWN = {"do_khan": "urgency", "chuc_vu": "signer_title", "nguoi_ky": "signer_name"}
