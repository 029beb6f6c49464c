"""Writes into a folder what came of a run: each paper's document, text and facts, and the reports."""

import dataclasses
import json
import pathlib
from collections.abc import Sequence
from typing import Any

from deploy.demo.campaign import Sent
from deploy.demo.clerk import Clerk, Json
from deploy.demo.subscriber import CloudEvent


@dataclasses.dataclass(frozen=True)
class Seconds:
    """How long the parts of a run took."""

    starting: float
    sending: float
    digitising: float


def write_papers(out: pathlib.Path, papers: Sequence[Sent], clerk: Clerk) -> None:
    """Write document, text and facts of every digitised paper; remove what an earlier run left of the others."""
    for sent in papers:
        paths = [out / f"{sent.scan.result_name}{suffix}" for suffix in (".pdf", ".txt", ".json")]
        for path in paths:
            path.unlink(missing_ok=True)
        if sent.digitised:
            write_paper(paths, sent, clerk)


def write_paper(paths: Sequence[pathlib.Path], sent: Sent, clerk: Clerk) -> None:
    """Write one paper's document, text and facts."""
    document, text, facts = paths
    paper_id = str(sent.paper_id)
    document.write_bytes(clerk.fetch(paper_id, "document"))
    text.write_bytes(clerk.fetch(paper_id, "text"))
    told = {"file": sent.scan.name} | clerk.paper(paper_id) | json.loads(clerk.fetch(paper_id, "fields"))
    write_json(facts, told)


def write_events(out: pathlib.Path, events: Sequence[CloudEvent]) -> None:
    """Write every event, structured JSON, one a line."""
    lines = (json.dumps(event, ensure_ascii=False) for event in events)
    (out / "events.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def write_json(path: pathlib.Path, content: Any) -> None:
    """Write JSON that a person can read."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def summary_of(papers: Sequence[Sent], seconds: Seconds) -> Json:
    """Answer the figures of a run."""
    refused = [(sent.scan.name, sent.refusal) for sent in papers if sent.refusal]
    facts = [sent.facts for sent in papers if sent.digitised]
    return {
        "papers": {
            "sent": len(papers),
            "accepted": sum(sent.paper_id is not None for sent in papers),
            "digitised": len(facts),
            "refused": [{"name": name, "stage": stage, "reason": reason} for name, (stage, reason) in refused],
            "unaccounted": [
                {"name": sent.scan.name, "trouble": sent.trouble or "no outcome"}
                for sent in papers
                if not sent.digitised and not sent.refusal
            ],
        },
        "pages": sum(fact["pages"] for fact in facts),
        "pages_failed": sum(fact["pages_failed"] for fact in facts),
        "words": sum(fact["words"] for fact in facts),
        "needs_review": sum(fact["needs_review"] for fact in facts),
        "seconds": {
            **{name: round(value, 2) for name, value in dataclasses.asdict(seconds).items()},
            "recognising": round(sum(fact["seconds"] for fact in facts), 2),
        },
    }
