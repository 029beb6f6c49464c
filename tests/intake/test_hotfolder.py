"""The hot folder: files are taken when they are whole, once, and a crash at any point neither loses nor doubles one."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from services.intake.hotfolder import InboxUnavailable
from services.intake.ports import Entries, Ledger
from shared.errors import DatabaseUnavailable, Unavailable
from shared.events import Actor, LedgerData, PaperAccepted
from shared.object_store import ObjectStore
from tests.fakes.store import AwayStore
from tests.intake.inbox import Inbox, waiting
from tests.intake.office import Office, pdf, picture


@pytest.fixture
def inbox(office: Office, tmp_path: Path) -> Inbox:
    """Return an empty hot folder."""
    return Inbox(office, tmp_path)


def test_a_file_that_names_its_dossier_and_component_joins_them(inbox: Inbox) -> None:
    dossier = inbox.office.open_dossier()
    inbox.put(f"express/D7/{dossier['code']}__TP01.pdf", pdf())
    inbox.take()
    (paper,) = inbox.office.get(f"/v1/dossiers/{dossier['id']}").json()["papers"]
    assert (paper["component_code"], paper["lane"], paper["counter"]) == ("TP01", "express", "D7")
    data = inbox.office.events()[-1].data
    assert isinstance(data, PaperAccepted)
    assert data.actor == Actor(subject="hot-folder", role="system", counter="D7")
    assert inbox.office.get(f"/v1/papers/{paper['id']}/original").content == pdf()
    assert inbox.files("inbox") == []


@pytest.mark.parametrize("ending", [".pdf", " trang 2.pdf", "__TP99.pdf", ""])
def test_a_name_that_begins_with_a_code_joins_that_dossier(inbox: Inbox, ending: str) -> None:
    dossier = inbox.office.open_dossier()
    inbox.put(f"bulk/{dossier['code']}{ending}", pdf())
    inbox.take()
    (paper,) = inbox.office.get(f"/v1/dossiers/{dossier['id']}").json()["papers"]
    assert (paper["component_code"], paper["lane"]) == (None, "bulk")


@pytest.mark.parametrize("name", ["scan0001.pdf", "H98.01.10-261008-0099__TP01.pdf", "Nguyễn Thị Canary.pdf"])
def test_any_other_file_waits_in_its_counters_tray_unannounced(inbox: Inbox, name: str) -> None:
    inbox.put(f"express/D7/{name}", pdf())
    inbox.take()
    (paper,) = waiting(inbox.office, "D7")
    assert (paper["state"], paper["dossier_id"], paper["lane"]) == ("waiting", None, "express")
    assert inbox.office.get(f"/v1/papers/{paper['id']}/original").content == pdf()
    assert inbox.office.journal() == []
    assert waiting(inbox.office, "D8") == []
    assert inbox.files("inbox") == []


def test_a_file_is_left_alone_until_it_stopped_growing(inbox: Inbox) -> None:
    content = pdf(5)
    for size in range(100, len(content), 400):
        inbox.put("express/D7/scan.pdf", content[:size])
        inbox.look()
        inbox.office.clock.advance(seconds=2)
    path = inbox.put("express/D7/scan.pdf", content)
    inbox.look()
    inbox.office.clock.advance(seconds=2.9)
    inbox.look()
    assert path.exists()
    inbox.office.clock.advance(seconds=0.1)
    inbox.look()
    assert not path.exists()
    assert waiting(inbox.office, "D7")[0]["size_bytes"] == len(content)


def test_what_is_no_scan_of_a_counter_is_left_alone(inbox: Inbox) -> None:
    names = ["express/D7/.hidden.pdf", "express/D7/a.pdf.part", "express/D7/b.TMP", "express/D7/c.pdf~"]
    names += ["express/D7/folder/d.pdf", "express/e.pdf", "express/Quầy 1/f.pdf", "bulk/folder/g.pdf", "h.pdf"]
    for name in names:
        inbox.put(name, pdf())
    inbox.take()
    assert inbox.files("inbox") == sorted(names)
    assert inbox.office.count("paper") == 0


def test_a_refused_file_moves_beside_a_reason_anyone_can_read(inbox: Inbox) -> None:
    inbox.put("express/D7/Đơn.pdf", b"")
    inbox.take()
    assert inbox.files("refused") == ["express/D7/Đơn.pdf", "express/D7/Đơn.pdf.reason.txt"]
    reason = (inbox.root / "refused/express/D7/Đơn.pdf.reason.txt").read_text()
    assert "Tệp không có nội dung" in reason
    assert "The file is empty" in reason
    assert inbox.files("inbox") == []


def test_a_second_refused_file_of_that_name_gets_another(inbox: Inbox) -> None:
    for content in (b"", b"no scan"):
        inbox.put("bulk/a.pdf", content)
        inbox.take()
    assert inbox.files("refused") == ["bulk/a-2.pdf", "bulk/a-2.pdf.reason.txt", "bulk/a.pdf", "bulk/a.pdf.reason.txt"]


def test_a_link_is_refused_and_what_it_leads_to_stays(inbox: Inbox) -> None:
    secret = inbox.root / "secret.pdf"
    secret.write_bytes(pdf())
    inbox.put("bulk/ok.pdf", pdf())
    (inbox.root / "inbox/bulk/link.pdf").symlink_to(secret)
    (inbox.root / "inbox/express/D9").symlink_to(inbox.root)
    inbox.take()
    assert inbox.files("refused") == ["bulk/link.pdf", "bulk/link.pdf.reason.txt"]
    assert secret.read_bytes() == pdf()
    assert inbox.office.count("paper") == 1


def test_taken_files_can_be_kept(office: Office, tmp_path: Path) -> None:
    inbox = Inbox(office, tmp_path, keep_done=True)
    for number in (1, 2):
        inbox.put("express/D7/scan.png", picture(number))
        inbox.take()
    assert inbox.files("done") == ["express/D7/scan-2.png", "express/D7/scan.png"]
    assert inbox.files("inbox") == []


def test_the_same_name_again_is_another_file(inbox: Inbox) -> None:
    for number in (1, 2):
        inbox.put("express/D7/scan.png", picture(number))
        inbox.take()
    assert len(waiting(inbox.office, "D7")) == 2


def test_an_identical_file_of_the_same_dossier_is_not_processed_twice(inbox: Inbox) -> None:
    dossier = inbox.office.open_dossier()
    for name in (f"{dossier['code']}.pdf", f"{dossier['code']}__TP01.pdf"):
        inbox.put(f"bulk/{name}", pdf())
        inbox.take()
    assert len(inbox.office.events(topic="hoso.papers.bulk")) == 1
    assert inbox.files("inbox") == []


def test_with_the_store_away_the_files_wait_in_the_hot_folder(inbox: Inbox) -> None:
    store = AwayStore()
    inbox.office = inbox.office.on(store=store)
    inbox.put("express/D7/scan.pdf", pdf())
    with pytest.raises(Unavailable):
        inbox.take()
    assert inbox.files("inbox") == ["express/D7/scan.pdf"]
    store.failing = False
    inbox.look()
    assert (inbox.files("inbox"), inbox.office.count("paper")) == ([], 1)


def test_a_file_that_cannot_be_touched_holds_up_no_other(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def refuse(path: Any, *args: Any, **options: Any) -> int:
        if Path(path).name == "a.pdf":
            raise PermissionError(13, "Permission denied")
        return real(path, *args, **options)

    monkeypatch.setattr("services.intake.hotfolder.os.open", refuse)
    inbox.put("bulk/a.pdf", pdf(1))
    inbox.put("bulk/b.pdf", pdf(2))
    with pytest.raises(InboxUnavailable):
        inbox.take()
    assert inbox.files("inbox") == ["bulk/a.pdf"]


def test_a_file_that_meets_a_bug_is_set_aside(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(*_: Any, **__: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("services.intake.background.take_file", bug)
    inbox.put("bulk/a.pdf", pdf())
    inbox.take()
    assert inbox.files("refused") == ["bulk/a.pdf", "bulk/a.pdf.reason.txt"]


def test_a_scan_that_replaces_a_taken_one_is_not_deleted_with_it(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    real = inbox.folder.finish

    def replaced_meanwhile(found: Any) -> None:
        new = inbox.root / "new.pdf"
        new.write_bytes(pdf(3))
        new.replace(found.path)
        real(found)

    monkeypatch.setattr(inbox.folder, "finish", replaced_meanwhile)
    inbox.put("express/D7/scan.pdf", pdf(1))
    inbox.take()
    assert inbox.files("inbox") == ["express/D7/scan.pdf"]
    inbox.restart().take()
    assert {paper["size_bytes"] for paper in waiting(inbox.office, "D7")} == {len(pdf(1)), len(pdf(3))}


class Crash(BaseException):
    """The process is gone; nothing after this runs, no clean-up either."""


class CrashingStore:
    """Passes calls on to a store and crashes before or after the n-th of one kind."""

    def __init__(self, store: ObjectStore, method: str, *, before: bool) -> None:
        self._store = store
        self._method = method
        self._before = before

    def __getattr__(self, name: str) -> Any:
        """Return a method of the store, or one that crashes."""
        real = getattr(self._store, name)
        return crashing(real, before=self._before) if name == self._method else real


class CrashingLedger:
    """Crashes at the begin of a transaction, before its commit, or after it."""

    def __init__(self, ledger: Ledger, step: str) -> None:
        self._ledger = ledger
        self._step = step

    def reading(self) -> AbstractContextManager[Entries]:
        """Read as ever."""
        return self._ledger.reading()

    def transaction(self) -> Any:
        """Return a transaction that crashes."""

        @contextmanager
        def crash() -> Any:
            if self._step == "begin":
                raise Crash
            with self._ledger.transaction() as entries:
                yield entries
                if self._step == "commit":
                    raise Crash
            raise Crash

        return crash()


def crashing(real: Callable[..., Any], *, before: bool) -> Callable[..., Any]:
    """Return a function that crashes before, or after, it did its work."""

    def crash(*args: Any, **options: Any) -> Any:
        if not before:
            real(*args, **options)
        raise Crash

    return crash


STORE_STEPS = [("put", True), ("put", False)]
LEDGER_STEPS = ["begin", "commit", "after"]
FILE_STEPS = [("finish", True), ("finish", False), ("refuse", True), ("refuse", False), ("_move", True)]


def crash_then_recover(inbox: Inbox, broken: Inbox) -> None:
    """Let the broken process crash at its step, and a new one look afterwards."""
    with suppress(Crash):
        broken.take()
    inbox.restart().take()


def check_one_paper_and_nothing_left(inbox: Inbox, dossier: dict[str, Any]) -> None:
    """Check that exactly one paper came of the file, safe and announced once."""
    (paper,) = inbox.office.get(f"/v1/dossiers/{dossier['id']}").json()["papers"]
    assert inbox.office.get(f"/v1/papers/{paper['id']}/original").content == pdf()
    assert len(inbox.office.events(topic="hoso.papers.express")) == 1
    assert inbox.files("inbox") == []


@pytest.mark.parametrize(("method", "before"), STORE_STEPS)
def test_a_crash_around_storing(inbox: Inbox, method: str, *, before: bool) -> None:
    dossier = inbox.office.open_dossier()
    inbox.put(f"express/D7/{dossier['code']}.pdf", pdf())
    broken = inbox.office.on(store=CrashingStore(inbox.office.store, method, before=before))
    crash_then_recover(inbox, Inbox(broken, inbox.root))
    check_one_paper_and_nothing_left(inbox, dossier)


@pytest.mark.parametrize("step", LEDGER_STEPS)
def test_a_crash_around_the_transaction(inbox: Inbox, step: str) -> None:
    dossier = inbox.office.open_dossier()
    inbox.put(f"express/D7/{dossier['code']}.pdf", pdf())
    broken = inbox.office.on(ledger=CrashingLedger(inbox.office.desk.ledger, step))
    crash_then_recover(inbox, Inbox(broken, inbox.root))
    check_one_paper_and_nothing_left(inbox, dossier)


@pytest.mark.parametrize("step", LEDGER_STEPS)
def test_a_crash_around_the_transaction_of_a_paper_for_the_tray(inbox: Inbox, step: str) -> None:
    inbox.put("express/D7/scan.pdf", pdf())
    broken = inbox.office.on(ledger=CrashingLedger(inbox.office.desk.ledger, step))
    crash_then_recover(inbox, Inbox(broken, inbox.root))
    (paper,) = waiting(inbox.office, "D7")
    assert inbox.office.get(f"/v1/papers/{paper['id']}/original").content == pdf()
    assert inbox.files("inbox") == []


@pytest.mark.parametrize(("method", "before"), FILE_STEPS)
@pytest.mark.parametrize("content", [pdf(), b"no scan"])
def test_a_crash_around_what_is_done_with_the_file(inbox: Inbox, method: str, content: bytes, *, before: bool) -> None:
    dossier = inbox.office.open_dossier()
    name = f"{dossier['code']}.pdf"
    inbox.put(f"express/D7/{name}", content)
    broken = Inbox(inbox.office, inbox.root)
    setattr(broken.folder, method, crashing(getattr(broken.folder, method), before=before))
    crash_then_recover(inbox, broken)
    if content == pdf():
        check_one_paper_and_nothing_left(inbox, dossier)
    else:
        assert inbox.files("refused") == [f"express/D7/{name}", f"express/D7/{name}.reason.txt"]
        assert inbox.office.count("paper") == 0
        assert inbox.files("inbox") == []


def test_a_ledger_that_goes_away_at_the_commit_leaves_one_paper(inbox: Inbox) -> None:
    class Unsure(CrashingLedger):
        def transaction(self) -> Any:
            @contextmanager
            def lost() -> Any:
                with self._ledger.transaction() as entries:
                    yield entries
                raise DatabaseUnavailable("lost after the commit")

            return lost()

    dossier = inbox.office.open_dossier()
    inbox.put(f"express/D7/{dossier['code']}.pdf", pdf())
    broken = Inbox(inbox.office.on(ledger=Unsure(inbox.office.desk.ledger, "")), inbox.root)
    with pytest.raises(DatabaseUnavailable):
        broken.take()
    inbox.restart().take()
    check_one_paper_and_nothing_left(inbox, dossier)


def test_actors_of_the_ledger_are_never_the_scanners_file_names(inbox: Inbox) -> None:
    inbox.put("express/D7/Nguyễn Thị Canary.pdf", pdf())
    inbox.take()
    paper = waiting(inbox.office, "D7")[0]
    dossier = inbox.office.open_dossier()
    inbox.office.post(f"/v1/tray/{paper['id']}/attach", json={"dossier_id": dossier["id"]})
    subjects = {e.data.actor.subject for e in inbox.office.events() if isinstance(e.data, LedgerData)}
    assert subjects == {"clerk-7"}
