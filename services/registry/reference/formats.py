"""All files of reference data; pure.

``docs/reference-data.md`` describes them for people.
"""

from services.registry.reference.format import Format
from services.registry.reference.level_formats import ASSESSMENT_CRITERIA, ASSESSMENTS, CRITERIA, SCHEMES
from services.registry.reference.procedure_formats import COMPONENTS, FEES, PROCEDURES, STEPS, UNITS
from services.registry.reference.stated_formats import (
    CALENDAR_DAYS,
    CALENDAR_WINDOWS,
    INDEX_SCORES,
    TARGETS,
    TASK_FIGURES,
    THRESHOLDS,
)

FORMATS = (
    *(UNITS, PROCEDURES, STEPS, COMPONENTS, FEES),
    *(SCHEMES, CRITERIA, ASSESSMENTS, ASSESSMENT_CRITERIA),
    *(TARGETS, THRESHOLDS, INDEX_SCORES, TASK_FIGURES, CALENDAR_DAYS, CALENDAR_WINDOWS),
)
PARTS = (STEPS, COMPONENTS, FEES)  # many rows that no figure needs: read by procedure
WHOLES = tuple(each for each in FORMATS if each not in PARTS)
OF_PROCEDURES = (PROCEDURES, STEPS, COMPONENTS, FEES, ASSESSMENTS, ASSESSMENT_CRITERIA)  # keys begin with its code
BY_FILE = {each.file: each for each in FORMATS}
BY_MODEL = {each.model: each for each in FORMATS}

__all__ = [
    "ASSESSMENTS",
    "ASSESSMENT_CRITERIA",
    "BY_FILE",
    "BY_MODEL",
    "CALENDAR_DAYS",
    "CALENDAR_WINDOWS",
    "COMPONENTS",
    "CRITERIA",
    "FEES",
    "FORMATS",
    "INDEX_SCORES",
    "OF_PROCEDURES",
    "PARTS",
    "PROCEDURES",
    "SCHEMES",
    "STEPS",
    "TARGETS",
    "TASK_FIGURES",
    "THRESHOLDS",
    "UNITS",
    "WHOLES",
    "Format",
]
