"""A small good set of every reference file, for tests that spoil or extend it."""

from collections.abc import Mapping
from pathlib import Path

from services.registry.load import NATIONAL_FOLDER, Report, load
from services.registry.reference_store import TableReference
from shared.database import Database
from tests.fakes.clock import FakeClock

NATIONAL = {file.name: file.read_text() for file in sorted(NATIONAL_FOLDER.glob("*.csv"))}

UNITS = """code,name,kind,parent,valid_from,valid_to,successor,source
H98.02,Sở Nội vụ,department,,2020-01-01,,,Hư cấu
H98.07,Sở LĐTBXH,department,,2015-01-01,2025-02-28,H98.02,Hư cấu
H98.61,Xã Hạ,commune,,2025-07-01,,,Hư cấu
H98.62,Xã Thượng,commune,,2025-07-01,,,Hư cấu
"""
PROCEDURES = """code,version,name,field_code,field_name,managing_unit,handling_level,legal_limit,legal_limit_unit,\
online_level,level_scheme,level_decision,valid_from,valid_to,result_is_document,committed_limit,committed_limit_unit,\
reduction_hours,steps_cut,step_count,cut_off,has_fee,essential,handling_unit,source
9.990001,1,Cấp giấy,G98-NC01,Người có công,H98.02,province,15,working_day,partial,ND42_2022,QĐ 1,2024-01-01,2025-06-30,\
true,10,working_day,40,1,2,15:00,true,true,,Hư cấu
9.990001,2,Cấp giấy,G98-NC01,Người có công,H98.02,province,15,working_day,full,ND42_2022,QĐ 2,2025-07-01,,\
true,7,working_day,64,1,2,,false,true,,Hư cấu
9.990002,1,Xác nhận,G98-HT08,Hộ tịch,H98.02,commune,3,working_day,unclassified,ND42_2022,,2025-07-01,,\
false,,,,,,,,,,Hư cấu
9.990003,1,Trợ cấp,G98-NC01,Người có công,H98.02,province,2,month,unclassified,ND42_2022,,2025-07-01,,\
true,,,4.5,0,,,,,H98.61,Hư cấu
"""
GOOD: dict[str, str] = {
    **NATIONAL,
    "units.csv": UNITS,
    "procedures.csv": PROCEDURES,
    "procedure_steps.csv": """procedure_code,version,step,name,role,hours,source
9.990001,1,1,Tiếp nhận,Một cửa,4,QĐ 3
9.990001,1,2,Thẩm định,Phòng,36.5,QĐ 3
9.990001,2,1,Tiếp nhận,Một cửa,2,QĐ 3
9.990001,2,2,Thẩm định,Phòng,20,QĐ 3
""",
    "procedure_components.csv": """procedure_code,version,code,name,duty,exempt_reason,obligatory,source
9.990001,2,KQ.01,Bản khai,required,,true,QĐ 3
9.990001,2,KQ.02,Bản sao,exempt,2,false,QĐ 3
""",
    "procedure_fees.csv": """procedure_code,version,code,name,fee_kind,amount,source
9.990001,1,LP01,Lệ phí,charge,30000,TT 1
""",
    "assessments.csv": """procedure_code,service_code,unit,scheme,level,decision,decided_by,valid_from,valid_to,source
9.990002,DVC1,,ND42_2022,partial,QĐ 5,UBND tỉnh,2025-08-01,,Hư cấu
9.990002,DVC2,H98.62,ND42_2022,full,QĐ 5,UBND tỉnh,2025-09-01,2026-12-31,Hư cấu
9.990003,,,ND43_2011,4,QĐ 6,UBND tỉnh,2018-01-01,,Hư cấu
""",
    "assessment_criteria.csv": """procedure_code,service_code,unit,decision,criterion,met,evidence,source
9.990002,DVC1,,QĐ 5,submit_online,true,Cổng tỉnh,Hư cấu
9.990002,DVC1,,QĐ 5,info_complete,true,Cổng tỉnh,Hư cấu
9.990002,DVC1,,QĐ 5,no_in_person_step,false,Nộp bản gốc,Hư cấu
""",
    "index_scores.csv": """index,year,unit,component,rank,of,score,max_score,score_pct,threshold_pct,source
PAR_UNIT,2021,H98.07,,15,18,,,,,Hư cấu
PAR_UNIT,2021,H98.07,Cải cách TTHC,,,11.4,16,71.25,75,Hư cấu
""",
    "task_figures.csv": """code,name,unit,period_from,period_to,numerator,denominator,stated_pct,source
KT2020,Nhiệm vụ CCHC,H98.07,2020-01-01,2020-12-12,17,20,70,Hư cấu
TP2020,Nhiệm vụ thành phố giao,,2020-01-01,2020-12-31,226,262,86.26,Hư cấu
""",
}


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files into a folder that has no other afterwards."""
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.csv"):
        old.unlink()
    for name, content in files.items():
        (folder / name).write_text(content)
    return folder


def loaded(folder: Path, database: Database, files: Mapping[str, str], clock: FakeClock | None = None) -> Report:
    """Load files."""
    return load(write(folder / "files", files), TableReference(database), clock or FakeClock())
