"""The main job end to end: scans go in by HTTP, and everybody can see what came of them.

    python -m deploy.demo [--scans FOLDER] [--out FOLDER] [--real]

Exit code 0: every scan was digitised or refused with a reason. 1: something went wrong, and where the
logs are. 2: there was nothing to send. 130: interrupted.
"""

import argparse
import pathlib
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence

import httpx

from deploy.demo import campaign, results
from deploy.demo.clerk import Clerk, Json, Refused
from deploy.demo.registry import ask, await_registry, file_report
from deploy.demo.report import report
from deploy.demo.scans import Scan, scans_in
from deploy.demo.stage import Hoso, embedded, real
from deploy.demo.subscriber import Subscriber
from deploy.local.ports import NoFreePort
from deploy.local.process import ServerFailed
from deploy.local.programs import ProgramMissing
from shared.errors import HosoError
from shared.kafka import KafkaLog
from shared.settings import KafkaSettings

SPECIMENS = pathlib.Path(__file__).with_name("specimens")
OUT = pathlib.Path("out")
TROUBLES = (
    HosoError,
    NoFreePort,
    OSError,
    ProgramMissing,
    Refused,
    ServerFailed,
    campaign.Stalled,
    httpx.HTTPError,
)
STATUS_AFTER = {
    "accept": "accepted",
    "hand-over": "in_progress",
    "request-supplement": "awaiting_supplement",
    "finish": "finished",
    "return": "returned",
}


def main() -> int:
    """Run the demo and answer its exit code."""
    arguments = parsed()
    scans = scans_in(arguments.scans)
    if not scans:
        print(f"demo: no scans in {arguments.scans}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stop what we started then, too
    folder = pathlib.Path(tempfile.mkdtemp(prefix="hoso-demo-"))
    try:
        summary = run(scans, arguments.out, folder, on_real_servers=arguments.real)
    except TROUBLES as error:
        print(f"\ndemo: {type(error).__name__}: {error}\nlogs and data: {folder}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\ndemo: interrupted; everything is stopped\nlogs and data: {folder}", file=sys.stderr)
        return 130
    if summary["papers"]["unaccounted"]:
        print(f"demo: papers without an outcome\nlogs and data: {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    return 0


def parsed() -> argparse.Namespace:
    """Answer what the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.demo", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scans", type=pathlib.Path, default=SPECIMENS, help="folder of scans to send")
    parser.add_argument("--out", type=pathlib.Path, default=OUT, help="folder for the results")
    parser.add_argument("--real", action="store_true", help="on Kafka, MinIO and PostgreSQL")
    return parser.parse_args()


def run(scans: Sequence[Scan], out: pathlib.Path, folder: pathlib.Path, *, on_real_servers: bool) -> Json:
    """Start everything, send, wait, write the results, stop everything; answer the summary."""
    where = "Kafka, MinIO and PostgreSQL" if on_real_servers else "one machine with nothing beside it"
    print(f"starting hoso on {where} …", flush=True)
    began = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    with (
        real(folder) if on_real_servers else embedded() as settings,
        Hoso(folder / "hoso", settings) as hoso,
        Subscriber(lambda: KafkaLog(kafka_settings(settings))) as subscriber,
        Clerk(hoso.intake_url) as clerk,
    ):
        return drive(scans, out, hoso, subscriber=subscriber, clerk=clerk, began=began)


def kafka_settings(settings: Mapping[str, str]) -> KafkaSettings:
    """Answer how the subscriber reaches the log; the services declare the topics."""
    address = settings["HOSO_KAFKA_BOOTSTRAP_SERVERS"]
    return KafkaSettings.model_validate({"bootstrap_servers": address, "declare_topics": False})


def drive(
    scans: Sequence[Scan], out: pathlib.Path, hoso: Hoso, *, subscriber: Subscriber, clerk: Clerk, began: float
) -> Json:
    """Do the main job on a running system and report it."""
    ready = time.monotonic()
    cases = campaign.send(clerk, scans)
    sent = time.monotonic()
    campaign.await_outcomes(cases, subscriber.events, hoso.pages_worked)
    done = time.monotonic()
    campaign.await_intake(clerk, cases)
    campaign.decide(clerk, cases)
    campaign.await_ledger(cases, subscriber.events)
    papers = campaign.all_papers(cases)
    counted = await_registry(hoso.registry_url, expected_statuses(cases), expected_states(papers))
    seconds = results.Seconds(starting=ready - began, sending=sent - ready, digitising=done - ready)
    summary = results.summary_of(papers, seconds)
    results.write_papers(out, papers, clerk)
    results.write_events(out, subscriber.events())
    (out / "metrics.txt").write_text(hoso.metrics(), encoding="utf-8")
    results.write_json(out / "summary.json", summary)
    told = {
        "summary": counted,
        "levels": ask(hoso.registry_url, "levels"),
        "dossiers": ask(hoso.registry_url, "dossiers"),
        "report": file_report(hoso.registry_url, out),
    }
    print("\n" + report(summary, told, out))
    return summary


def expected_statuses(cases: Sequence[campaign.Case]) -> Counter[str]:
    """Count the dossiers by the status they should have reached."""
    return Counter(STATUS_AFTER[case.decisions[-1]] if case.decisions else "registered" for case in cases)


def expected_states(papers: Sequence[campaign.Sent]) -> Counter[str]:
    """Count the papers by the state they should have reached; twins in one dossier are one paper."""
    outcomes = {sent.paper_id: sent.digitised for sent in papers if sent.outcome is not None}
    return Counter("digitised" if digitised else "failed" for digitised in outcomes.values())


if __name__ == "__main__":
    sys.exit(main())
