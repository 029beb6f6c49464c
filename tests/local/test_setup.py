"""Set-up says what is missing where it may not install, and never takes a half-finished build for a whole one."""

import json
import shutil
from pathlib import Path

import pytest

from deploy.local import debian, programs, schemas, setup


def test_every_package_has_a_level_a_name_and_a_reason() -> None:
    for level in setup.STEPS:
        for package in debian.packages(level):
            assert package.reason
    assert {package.name for package in debian.packages("demo")} >= {"tesseract-ocr", "tesseract-ocr-vie"}


def test_a_program_on_the_path_makes_its_package_unnecessary() -> None:
    wanted = debian.Package("demo", "no-such-package", "sh", "is here already")
    assert debian.missing([wanted]) == []


def test_a_package_that_is_not_installed_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "_installed", lambda names: {"present"})
    present = debian.Package("demo", "present", "-", "is here")
    absent = debian.Package("demo", "absent", "no-such-program", "is not")
    assert debian.missing([present, absent]) == [absent]


def test_without_rights_set_up_names_each_package_and_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "_rights", lambda: None)
    wanted = debian.packages("demo")
    with pytest.raises(debian.SetupFailed) as failure:
        debian.install(wanted)
    for package in wanted:
        assert f"{package.name} " in f"{failure.value} "
        assert package.reason in str(failure.value)
    assert "apt-get install" in str(failure.value)


def test_set_up_that_fails_says_why_and_exits_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        raise debian.SetupFailed("java is missing")

    monkeypatch.setitem(setup.STEPS, "demo", [refuse])
    monkeypatch.setattr("sys.argv", ["setup", "demo"])
    assert setup.main() == 1
    assert "java is missing" in capsys.readouterr().err


def test_a_build_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "bin" / "server"
    with pytest.raises(KeyboardInterrupt), setup._workshop(target) as made:
        _break_off(made)
    assert list(target.parent.iterdir()) == []


def _break_off(made: Path) -> None:
    made.write_text("half")
    raise KeyboardInterrupt


def test_a_build_that_ends_well_is_kept_alone(tmp_path: Path) -> None:
    target = tmp_path / "bin" / "server"
    with setup._workshop(target) as made:
        made.write_text("whole")
    assert [path.name for path in target.parent.iterdir()] == ["server"]


def test_without_go_set_up_says_which_go_is_needed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(debian.SetupFailed, match=rf"Go {setup.GO_NEEDED}"):
        setup._build(programs.MINIO)


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"HOSO_CACHE": "/a/b"}, "/a/b"),
        ({"XDG_CACHE_HOME": "/c"}, "/c/hoso"),
        ({"HOME": "/home/lan"}, "/home/lan/.cache/hoso"),
    ],
)
def test_the_cache_lies_where_the_environment_says(
    environment: dict[str, str], folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOSO_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert programs.cache_folder() == Path(folder)


def test_what_is_not_built_says_what_builds_it(tmp_path: Path) -> None:
    with pytest.raises(programs.ProgramMissing, match="make setup-servers"):
        programs.built(tmp_path / "minio")
    with pytest.raises(programs.ProgramMissing, match="no-such-program is not installed"):
        programs.installed("no-such-program")


def test_what_is_not_what_we_pinned_is_refused(tmp_path: Path) -> None:
    module = schemas.MODULES[0]
    told = json.dumps({"Sum": "h1:another", "Dir": str(tmp_path)})
    with pytest.raises(debian.SetupFailed, match="not what we pinned"):
        schemas._take_module(module, tmp_path, lambda command: told)


def test_other_pins_are_another_folder_of_schemas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = schemas.schemas_folder()
    shutil.copytree(schemas.HERE, tmp_path / "pins")
    monkeypatch.setattr(schemas, "HERE", tmp_path / "pins")
    assert schemas.schemas_folder() == before
    (tmp_path / "pins" / "SHA256SUMS").write_text("")
    assert schemas.schemas_folder() != before
