"""What a person reads at the end of a run."""

import pathlib
from collections.abc import Iterator, Sequence
from datetime import datetime

from deploy.demo.clerk import Json
from shared.clock import VIETNAM

LEVELS = ("full", "partial", "info", "unclassified")
STATUSES = {
    "registered": "mới đăng ký",
    "accepted": "được tiếp nhận",
    "in_progress": "đang xử lý",
    "awaiting_supplement": "yêu cầu bổ sung giấy tờ",
    "finished": "đã xử lý xong",
    "returned": "đã trả kết quả",
}


# columns of form II.06a as they fit a terminal
COLUMNS = {
    "received": "tiếp nhận",
    "received_online": "trực tuyến",
    "carried": "kỳ trước",
    "settled": "giải quyết",
    "settled_early": "trước hạn",
    "settled_on_time": "đúng hạn",
    "settled_overdue": "quá hạn",
    "open": "đang xử lý",
}


def report(summary: Json, told: Json, out: pathlib.Path) -> str:
    """Answer the closing tables, from what the registry told."""
    parts = [
        figures(summary),
        statuses(told["summary"]["dossiers"]),
        due_dates(told["dossiers"]["items"]),
        level_table(told["levels"]),
        form(told["report"]["report"]),
        refusals(summary),
        results(summary, out),
    ]
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


def due_dates(dossiers: Sequence[Json]) -> Iterator[str]:
    """Yield when each result is promised."""
    yield "due dates (hẹn trả kết quả)"
    for dossier in sorted(dossiers, key=lambda found: found["code"]):
        due = f"due {local(dossier['due_at'])}" if dossier["due_at"] else "not received yet, no date"
        yield f"  {dossier['code']}  {dossier['procedure_code']}  {due}  {dossier['status_name']}"


def local(moment: str) -> str:
    """Answer a moment as a clock in Viet Nam shows it."""
    return datetime.fromisoformat(moment).astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")


def form(filed: Json) -> Iterator[str]:
    """Yield form II.06a, with the columns that fit."""
    rows = filed["rows"]
    width = max(len(row["label"]) for row in rows)
    yield f"{filed['form']['form_number']}, {filed['first_day']} – {filed['last_day']}"
    yield " " * width + "".join(f"{name:>12}" for name in COLUMNS.values())
    for row in rows:
        yield f"{row['label']:<{width}}" + "".join(f"{row['values'][key] or '·':>12}" for key in COLUMNS)


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
