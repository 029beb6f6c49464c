"""What a person reads at the end of a run."""

import pathlib
from collections.abc import Iterator

from deploy.demo.clerk import Json

LEVELS = ("full", "partial", "info", "unclassified")
STATUSES = {
    "registered": "mới đăng ký",
    "accepted": "được tiếp nhận",
    "finished": "đã xử lý xong",
    "returned": "đã trả kết quả",
}


def report(summary: Json, dossiers: Json, levels: Json, out: pathlib.Path) -> str:
    """Answer the closing table."""
    parts = [figures(summary), statuses(dossiers), level_table(levels), refusals(summary), results(summary, out)]
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part)))


def figures(summary: Json) -> Iterator[str]:
    """Yield the papers, the pages and the time."""
    papers, seconds = summary["papers"], summary["seconds"]
    refused, lost = len(papers["refused"]), len(papers["unaccounted"])
    counts = f"{papers['sent']} sent · {papers['digitised']} digitised · {refused} refused"
    yield f"papers    {counts}" + (f" · {lost} WITHOUT OUTCOME" if lost else "")
    pages = summary["pages"]
    rate = pages / seconds["digitising"] if seconds["digitising"] else 0
    yield f"pages     {pages}, {summary['words']} words in {seconds['digitising']:.1f} s ({rate:.2f} pages/s)"
    if summary["pages_failed"]:
        yield f"          {summary['pages_failed']} pages could not be read"


def statuses(dossiers: Json) -> Iterator[str]:
    """Yield the dossiers by status."""
    yield f"dossiers  {sum(dossiers.values())}"
    for status, count in dossiers.items():
        if count:
            yield f"  {count:>5}  {status} ({STATUSES.get(status, '…')})"


def level_table(levels: Json) -> Iterator[str]:
    """Yield the procedures by online-service level for each unit that has any."""
    rows = [item for item in levels["items"] if item["total"]]
    width = max(len(item["name"]) for item in rows)
    yield f"{'procedures by level':<{width}}" + "".join(f"{level:>14}" for level in (*LEVELS, "total"))
    for item in (*rows, {"name": "all units", **levels["total"]}):
        counts = [item["counts"][level] for level in LEVELS]
        yield f"{item['name']:<{width}}" + "".join(f"{count or '·':>14}" for count in (*counts, item["total"]))


def refusals(summary: Json) -> Iterator[str]:
    """Yield each refused paper with its reason."""
    refused = summary["papers"]["refused"]
    if refused:
        yield "refused"
    for paper in refused:
        yield f"  {paper['name']}: {paper['reason']} (by {paper['stage']})"


def results(summary: Json, out: pathlib.Path) -> Iterator[str]:
    """Yield where to look."""
    for paper in summary["papers"]["unaccounted"]:
        yield f"LOST      {paper['name']}: {paper['trouble']}"
    yield f"results   {out.resolve()}"
