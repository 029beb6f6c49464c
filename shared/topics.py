"""The topics of the log, what each is for and how it is kept."""

from dataclasses import dataclass
from enum import StrEnum


class Lane(StrEnum):
    """The two lanes of work: what a citizen waits for, and back-files that can wait."""

    EXPRESS = "express"
    BULK = "bulk"


@dataclass(frozen=True)
class Topic:
    """A topic: its name, what it carries, and whether only the newest message a key is kept."""

    name: str
    description: str
    compacted: bool = False
    single_partition: bool = False


DOSSIERS = Topic(
    "hoso.dossiers",
    "Everything anybody may know about dossiers and their papers; the key is the dossier id.",
)
REFERENCE = Topic(
    "hoso.reference",
    "Units and procedures as the registry knows them; the key is kind and code; compacted.",
    compacted=True,
    single_partition=True,
)
EXPRESS = Topic("hoso.papers.express", "Papers a citizen waits for; work for OCR.")
BULK = Topic("hoso.papers.bulk", "Papers of back-files; work for OCR.")
DEAD_LETTERS = Topic(
    "hoso.dead-letters",
    "Messages that can never succeed: original bytes, with origin and reason in the headers.",
)

ALL_TOPICS = (DOSSIERS, REFERENCE, EXPRESS, BULK, DEAD_LETTERS)
LANES = {Lane.EXPRESS: EXPRESS, Lane.BULK: BULK}
