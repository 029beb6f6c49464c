"""The code a digitised paper is assigned in the third step; what makes it can be replaced.

Circular 01/2023/TT-VPCP, Art. 10, builds it from the owner's identifier and a code of the paper's
type; the diagram was not seen. Ours says nothing of a person, for codes are announced and stay for ever.
"""

import re
from dataclasses import dataclass
from typing import Protocol

from services.intake.rejections import Fault, Reason, Rejected

# the numbers of the old and the new identity card have nine and twelve digits; no code of ours has nine in a row
_LIKE_AN_IDENTITY_NUMBER = re.compile(r"\d{9}")
RESULT = "KQ"


@dataclass(frozen=True)
class ToCode:
    """What a code can be made of; ``number`` counts the coded papers of a component, or of none, from 1."""

    dossier_code: str
    component_code: str | None
    number: int


class Coding(Protocol):
    """Makes digitisation codes.

    Two that differ in ``number`` alone differ; nothing in a code lets a person be recognised, and
    none is longer than 160 characters.
    """

    def __call__(self, paper: ToCode) -> str:
        """Return the code of a paper."""


def dossier_coding(paper: ToCode) -> str:
    """Return ``<dossier code>.<component code>.<number>``, with KQ for a paper of no component: a result."""
    return f"{paper.dossier_code}.{paper.component_code or RESULT}.{paper.number}"


def must_say_nothing_of_a_person(code: str | None, field: str) -> None:
    """Return unless a code from outside may hold an identity number; raises ``Rejected``."""
    if code is not None and _LIKE_AN_IDENTITY_NUMBER.search(code):
        raise Rejected(Reason.PERSONAL_CODE, Fault(field, "like-an-identity-number"))
