"""The made-up province as the demo needs it: which procedures there are and where a clerk receives them."""

import csv
import dataclasses
import itertools
import pathlib
from collections.abc import Iterator

PROVINCE = pathlib.Path(__file__).with_name("province")


@dataclasses.dataclass(frozen=True)
class Procedure:
    """A procedure, the unit that handles it and the one-stop centre that receives its dossiers."""

    code: str
    managing_unit: str
    received_at: str


def procedures(folder: pathlib.Path = PROVINCE) -> Iterator[Procedure]:
    """Yield procedures for ever, a different unit each time while there are units left."""
    centres = {row["parent"]: row["code"] for row in rows(folder / "units.csv") if row["kind"] == "one_stop"}
    province_centre = next(iter(centres.values()))
    by_unit: dict[str, list[Procedure]] = {}
    for row in rows(folder / "procedures.csv"):
        unit = row["managing_unit"]
        found = Procedure(row["code"], unit, centres.get(unit, province_centre))
        by_unit.setdefault(unit, []).append(found)
    rounds = itertools.zip_longest(*by_unit.values())
    return itertools.cycle([found for turn in rounds for found in turn if found is not None])


def rows(path: pathlib.Path) -> list[dict[str, str]]:
    """Read a file of reference data."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
