"""What was sent, what came of it, and the waiting between the two."""

import dataclasses
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import httpx

from deploy.demo.clerk import IN_PERSON, ONLINE, Clerk, Json, Refused
from deploy.demo.progress import Progress
from deploy.demo.province_data import procedures
from deploy.demo.scans import Scan
from deploy.demo.subscriber import CloudEvent

PAPERS_A_DOSSIER = 2
PATIENCE_SECONDS = 300  # without any sign of life; on a crowded machine a page can take a minute
LOOK_SECONDS = 0.5
APPLICANTS = ("Lương Thị Mộc", "Hà Viết Sương", "Vi Thị Khuê", "Đoàn Văn Triền", "Nguyễn Thị Thềm")
# what becomes of the first, second, … dossier; then from the beginning
DECISIONS = (
    ("accept", "hand-over", "finish", "return"),
    ("accept", "hand-over"),
    ("accept", "request-supplement"),
    (),
    ("accept", "finish"),
)
DIGITISED, FAILED = "vn.hoso.paper.digitised.v1", "vn.hoso.paper.failed.v1"
# the ledger says these by itself when papers are digitised; how many there will be depends on what was read
BY_ITSELF = {"vn.hoso.component.recorded.v1", "vn.hoso.paper.step-done.v1"}

Events = Callable[[], Sequence[CloudEvent]]


class Stalled(RuntimeError):
    """What was waited for does not come."""


@dataclasses.dataclass
class Sent:
    """A scan and what is known of it: accepted as a paper, refused for a reason, or lost in some trouble."""

    scan: Scan
    paper_id: str | None = None
    outcome: CloudEvent | None = None
    refused_by_intake: str | None = None
    trouble: str | None = None

    @property
    def digitised(self) -> bool:
        """Answer whether its document lies in the store."""
        return self.outcome is not None and self.outcome["type"] == DIGITISED

    @property
    def refusal(self) -> tuple[str, str] | None:
        """Answer the stage that refused it and why, or nothing."""
        if self.refused_by_intake is not None:
            return "intake", self.refused_by_intake
        if self.outcome is not None and self.outcome["type"] == FAILED:
            return "ocr", str(self.outcome["data"]["reason"])
        return None

    @property
    def facts(self) -> Json:
        """Answer what the log says about the digitised paper; nothing before."""
        found: Json = self.outcome["data"] if self.outcome is not None and self.digitised else {}
        return found


@dataclasses.dataclass
class Case:
    """A dossier, the decisions to be taken on it, and its papers."""

    dossier: Json
    decisions: Sequence[str]
    papers: list[Sent]


def send(clerk: Clerk, scans: Sequence[Scan]) -> list[Case]:
    """Open dossiers and hand in every scan."""
    progress, cases, known = Progress("sending", len(scans)), [], procedures()
    for number, some in enumerate(chunks(scans)):
        channel = ONLINE if number % 2 else IN_PERSON
        dossier = clerk.open_dossier(next(known), APPLICANTS[number % len(APPLICANTS)], some, channel=channel)
        case = Case(dossier, DECISIONS[number % len(DECISIONS)], [])
        cases.append(case)
        for place, scan in enumerate(some, start=1):
            case.papers.append(hand_in(clerk, dossier, scan, place=place))
            progress.show(len(all_papers(cases)), scan.name)
    return cases


def chunks(scans: Sequence[Scan]) -> Iterator[Sequence[Scan]]:
    """Split the scans into the papers of one dossier after the other."""
    for start in range(0, len(scans), PAPERS_A_DOSSIER):
        yield scans[start : start + PAPERS_A_DOSSIER]


def hand_in(clerk: Clerk, dossier: Json, scan: Scan, *, place: int) -> Sent:
    """Hand in one scan and note whether it was taken."""
    try:
        return Sent(scan, paper_id=clerk.hand_in(dossier, scan, place=place))
    except Refused as refused:
        return Sent(scan, refused_by_intake=refused.reason)
    except httpx.HTTPStatusError as error:
        return Sent(scan, trouble=f"intake answered {error.response.status_code}")


def all_papers(cases: Sequence[Case]) -> list[Sent]:
    """List the papers of all dossiers in the order of sending."""
    return [sent for case in cases for sent in case.papers]


def await_outcomes(cases: Sequence[Case], events: Events, pages_worked: Callable[[], int]) -> None:
    """Wait until every accepted paper is digitised or failed; raises ``Stalled``.

    Between two outcomes, the pages worked on are the sign that a long paper is under way.
    """
    papers = [sent for sent in all_papers(cases) if sent.paper_id is not None]
    progress = Progress("digitising", len(papers))

    def look() -> int:
        outcomes = {e["data"]["paper_id"]: e for e in events() if e["type"] in (DIGITISED, FAILED)}
        for sent in papers:
            sent.outcome = outcomes.get(str(sent.paper_id))
        done = sum(sent.outcome is not None for sent in papers)
        progress.show(done, f"{pages_worked()} pages")
        return len(papers) - done

    wait_for_none_left(look, "papers to be digitised", sign_of_life=pages_worked)


def await_intake(clerk: Clerk, cases: Sequence[Case]) -> None:
    """Wait until intake, which learns of outcomes from the log as we do, shows them too."""
    papers = [str(sent.paper_id) for sent in all_papers(cases) if sent.outcome is not None]

    def look() -> int:
        return sum(clerk.paper(paper_id)["state"] == "accepted" for paper_id in papers)

    wait_for_none_left(look, "outcomes to reach intake")


def decide(clerk: Clerk, cases: Sequence[Case]) -> None:
    """Take the decisions on every dossier."""
    for case in cases:
        for command in case.decisions:
            clerk.decide(case.dossier, command)


def await_ledger(cases: Sequence[Case], events: Events) -> None:
    """Wait until the log has told all that the ledger announced: opening, papers, decisions."""
    expected = {
        case.dossier["id"]: 1 + len({p.paper_id for p in case.papers if p.paper_id}) + len(case.decisions)
        for case in cases
    }

    def look() -> int:
        told: dict[str, set[Any]] = {}
        for event in events():
            if "sequence" in event and event["type"] not in BY_ITSELF:
                told.setdefault(event["data"]["dossier_id"], set()).add(event["sequence"])
        return sum(max(0, count - len(told.get(key, ()))) for key, count in expected.items())

    wait_for_none_left(look, "events of the ledger")


def wait_for_none_left(look: Callable[[], int], what: str, *, sign_of_life: Callable[[], int] = int) -> None:
    """Look again and again until nothing is left; give up when neither number changes for long."""
    seen, changed_at = (-1, -1), time.monotonic()
    while left := look():
        now = (left, sign_of_life())
        if now != seen:
            seen, changed_at = now, time.monotonic()
        if time.monotonic() - changed_at > PATIENCE_SECONDS:
            raise Stalled(f"waited {PATIENCE_SECONDS} s in vain for {left} {what}")
        time.sleep(LOOK_SECONDS)
