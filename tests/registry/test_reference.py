"""Reading reference data: everything that is wrong is named with its file, line and column."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from services.registry.reference import BadReference, Items, Reference, parse
from services.registry.reference.kinds import ProcedureVersion
from shared.events import ServiceLevel, Unit

PROVINCE = Path(__file__).parents[2] / "deploy" / "demo" / "province"
TODAY = date(2026, 10, 8)
UNITS = """code,name,kind,parent,valid_from,source
H98.01,Văn phòng,department,,2025-07-01,Hư cấu
H98.01.10,Trung tâm,one_stop,H98.01,2025-07-01,Hư cấu
"""
PROCEDURES = '''code,version,name,field_code,field_name,managing_unit,handling_level,legal_limit,legal_limit_unit,\
online_level,level_scheme,level_decision,valid_from,result_is_document,source
9.990001,1,Cấp bản sao,G98-HT08,Hộ tịch,H98.01,province,12,working_day,full,ND42_2022,QĐ 1,2026-01-15,true,Hư cấu
9.990002,3,"Đổi, ""cấp lại""",G98-HT08,Hộ tịch,H98.01,commune,2,month,unclassified,ND42_2022,,2026-01-15,false,Hư cấu
'''


def parsed(units: str = UNITS, procedures: str = PROCEDURES) -> Reference:
    return parse({"units.csv": units, "procedures.csv": procedures}, known=Items(), today=TODAY)


def wrong(units: str = UNITS, procedures: str = PROCEDURES) -> list[str]:
    with pytest.raises(BadReference) as caught:
        parsed(units, procedures)
    return [str(line) for line in caught.value.lines]


def test_good_files_become_units_and_procedures() -> None:
    reference = parsed()
    units = [item for item in reference.items if isinstance(item, Unit)]
    assert [(u.code, u.parent) for u in units] == [("H98.01", None), ("H98.01.10", "H98.01")]
    first, second = (item for item in reference.items if isinstance(item, ProcedureVersion))
    assert (first.limit, first.limit_unit, first.level) == (12, "working_day", ServiceLevel.FULL)
    assert (second.version, second.name, second.level_decision) == (3, 'Đổi, "cấp lại"', None)
    assert (first.result_is_document, second.result_is_document) == (True, False)


def test_the_demo_province_is_good() -> None:
    reference = parsed(*((PROVINCE / name).read_text() for name in ("units.csv", "procedures.csv")))
    assert {p.level for p in reference.items if isinstance(p, ProcedureVersion)} == set(ServiceLevel)


@pytest.mark.parametrize("change", [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n")], ids=["bom", "crlf"])
def test_what_a_spreadsheet_saves_is_good(change: Callable[[str], str]) -> None:
    assert parsed(change(UNITS), change(PROCEDURES)) == parsed()


def test_names_are_composed() -> None:
    assert parsed(UNITS.replace("Văn", "Va\u0306n")) == parsed()


def test_the_order_of_columns_is_free() -> None:
    turned = "\n".join(",".join(reversed(line.split(","))) for line in UNITS.splitlines())
    assert parsed(turned) == parsed()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("H98.01.10,", "h98.01.10,", "units.csv:3: code: must be a letter, two digits"),
        ("H98.01.10,", "H98.01" + ".100" * 8 + ",", "units.csv:3: code: must be a letter, two digits"),
        ("Trung tâm", "", "units.csv:3: name: must not be empty"),
        ("Trung tâm", " Trung tâm", "units.csv:3: name: must be one line without spaces around it"),
        ("Trung tâm", '"Trung\ntâm"', "units.csv:3: name: must be one line without spaces around it"),
        ("one_stop", "kiosk", "units.csv:3: kind: must be one of department, one_stop, commune"),
        ("one_stop,H98.01,", "one_stop,H98.09,", "units.csv:3: parent: is no unit of units.csv"),
        ("one_stop,H98.01,", "one_stop,H98.01.10,", "units.csv:3: parent: puts the unit under itself"),
        ("2025-07-01,Hư cấu\nH98.01.10", "01/07/2025,Hư cấu\nH98.01.10", "units.csv:2: valid_from: must be a date"),
        ("2025-07-01,Hư cấu\nH98.01.10", "20250701,Hư cấu\nH98.01.10", "units.csv:2: valid_from: must be a date"),
        ("2025-07-01,Hư cấu\nH98.01.10", "2026-10-09,Hư cấu\nH98.01.10", "units.csv:2: valid_from: lies in the future"),
        (",Hư cấu\nH98.01.10", ",\nH98.01.10", "units.csv:2: source: must not be empty"),
        ("H98.01.10,", "H98.01,", "units.csv:3: code: stands in line 2 already"),
        ("one_stop,H98.01,", "one_stop,", "units.csv:3: row: has 5 values for 6 columns"),
        ("Trung tâm", '"Trung tâm', "units.csv:3: row: unexpected end of data"),
        ("code,name", "code,title", "units.csv:1: header: must name code, name, kind"),
    ],
)
def test_a_bad_unit_is_named(old: str, new: str, expected: str) -> None:
    assert old in UNITS
    lines = wrong(units=UNITS.replace(old, new, 1))
    assert any(line.startswith(expected) for line in lines), lines


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("9.990001", "0.990001", "procedures.csv:2: code: must be a digit, a dot and six digits"),
        ("9.990001", "9.99000١", "procedures.csv:2: code: must be a digit, a dot and six digits"),
        (",1,Cấp", ",0,Cấp", "procedures.csv:2: version: must be a whole number"),
        (",1,Cấp", ",1.0,Cấp", "procedures.csv:2: version: must be a whole number"),
        ("H98.01,province", "H98.77,province", "procedures.csv:2: managing_unit: is no unit of units.csv"),
        ("province", "region", "procedures.csv:2: handling_level: must be one of province, commune"),
        (",12,", ",,", "procedures.csv:2: legal_limit: must be a whole number"),
        ("working_day", "day", "procedures.csv:2: legal_limit_unit: must be one of working_hour"),
        ("full", "toàn trình", "procedures.csv:2: online_level: must be one of full, partial, info, unclassified"),
        ("QĐ 1", "", "procedures.csv:2: level_decision: must name the decision, unless online_level is unclassified"),
        ("true", "yes", "procedures.csv:2: result_is_document: must be one of true, false"),
        ("9.990002,3", "9.990001,1", "procedures.csv:3: code and version: stands in line 2 already"),
        (",source", "", "procedures.csv:1: header: must name code, version"),
    ],
)
def test_a_bad_procedure_is_named(old: str, new: str, expected: str) -> None:
    assert old in PROCEDURES
    lines = wrong(procedures=PROCEDURES.replace(old, new, 1))
    assert any(line.startswith(expected) for line in lines), lines


def test_everything_wrong_is_named_at_once() -> None:
    lines = wrong(UNITS.replace("one_stop", "kiosk"), PROCEDURES.replace("full", "most").replace("true", "yes"))
    assert [line.rsplit(":", 1)[0] for line in lines] == [
        "procedures.csv:2: online_level",
        "procedures.csv:2: result_is_document",
        "units.csv:3: kind",
    ]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    longer = UNITS.replace("Văn phòng", '"Văn\nphòng"').replace("one_stop", "kiosk")
    assert any(line.startswith("units.csv:4: kind") for line in wrong(longer))


def test_units_in_a_circle_are_named() -> None:
    circle = UNITS.replace("department,,", "department,H98.01.10,")
    assert [line.split(": ")[1] for line in wrong(circle)] == ["parent", "parent"]


@pytest.mark.parametrize("content", ["", "\n\n"], ids=["nothing", "blank"])
def test_an_empty_file_is_bad(content: str) -> None:
    assert wrong(units=content)[-1].startswith("units.csv:1: header")
