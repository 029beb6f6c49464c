"""What the issue calls faults, on a real Kafka, MinIO and PostgreSQL: after each, nothing is lost or double."""

import time

from shared.events import PaperDigitised
from tests.servers import away
from tests.system.harness import DrivenSystem, Poster, many_pages, wait_for


def test_worker_killed_inside_a_document_repeats_no_finished_page(system: DrivenSystem) -> None:
    """SIGKILL in the middle of sixteen pages: the pages done are kept, the others follow."""
    worker = system.start_worker()
    dossier_id = system.open_dossier()["id"]
    paper_id = system.add_paper(dossier_id, many_pages("tài liệu dài", 16))
    wait_for(lambda: len(system.pages_done(dossier_id, paper_id)) >= 3, "three pages", seconds=60)
    worker.kill()
    done = system.pages_done(dossier_id, paper_id)
    assert len(done) < 16, "the worker was killed too late to show anything"
    worker.start()
    system.verify({dossier_id: [paper_id]})
    after = system.pages_done(dossier_id, paper_id)
    assert len(after) == 16
    assert done.items() <= after.items(), "a page that was done was done again"


def test_two_workers_one_killed(system: DrivenSystem) -> None:
    """What the killed worker held goes to the other; nothing is lost, nothing counted twice."""
    victim, _ = system.start_worker(), system.start_worker()
    poster = Poster(system, 12)
    poster.start()
    wait_for(lambda: len(poster.accepted) >= 6, "six papers accepted", seconds=60)
    victim.kill()
    poster.join(60)
    assert len(poster.accepted) == 12
    system.verify(poster.accepted)


def test_broker_away_for_twenty_seconds(system: DrivenSystem) -> None:
    """Twenty papers are accepted while the broker is stopped, and announced when it is back."""
    system.start_worker()
    with away(system.kafka):
        stopped_at = time.monotonic()
        poster = Poster(system, 20)
        poster.run()
        assert len(poster.accepted) == 20
        assert system.intake.ready(), "without a broker intake still takes papers, so it must stay in service"
        time.sleep(max(0.0, 20 - (time.monotonic() - stopped_at)))
    system.verify(poster.accepted)


def test_intake_killed_between_storing_and_announcing(system: DrivenSystem) -> None:
    """The broker is away so that nothing can be announced; intake dies; the papers do not."""
    system.start_worker()
    with away(system.kafka):
        poster = Poster(system, 5)
        poster.run()
        system.intake.kill()
    assert len(poster.accepted) == 5
    announced = {event.key for event in system.events()}
    assert not announced & poster.accepted.keys(), "announced before intake was killed"
    system.intake.start()
    system.verify(poster.accepted)


def test_registry_killed_inside_a_batch(system: DrivenSystem) -> None:
    """Killed three times while it catches up, the registry still holds every dossier once."""
    system.start_worker()
    system.registry.stop()
    posters = [Poster(system, 6) for _ in range(5)]
    for poster in posters:
        poster.start()
    for poster in posters:
        poster.join(120)
    accepted = {key: papers for poster in posters for key, papers in poster.accepted.items()}
    assert len(accepted) == 30
    for pause in (0.0, 0.15, 0.4):
        system.registry.start()
        time.sleep(pause)
        system.registry.kill()
    system.registry.start()
    system.verify(accepted)


def test_ten_papers_behind_sixty_pages_are_done_first(system: DrivenSystem) -> None:
    """A long paper is worked in slices: ten short ones behind it in the same lane do not wait."""
    system.start_worker(HOSO_OCR_SLICE_SECONDS="3")
    long_dossier = system.open_dossier()["id"]
    long_paper = system.add_paper(long_dossier, many_pages("sáu mươi trang", 60))
    poster = Poster(system, 10)
    poster.run()
    system.verify({long_dossier: [long_paper], **poster.accepted})
    done = {str(event.data.paper_id): event.time for event in system.events() if isinstance(event.data, PaperDigitised)}
    short = [done[paper] for papers in poster.accepted.values() for paper in papers]
    assert max(short) < done[long_paper]


def test_rebuild_gives_the_same_rows(system: DrivenSystem) -> None:
    """After all of the above, an emptied registry rebuilt from the log holds what it held."""
    before = system.registry_dossiers()
    assert before
    system.registry.stop()
    system.run_registry("rebuild")
    system.registry.start()
    assert system.registry_dossiers() == before
