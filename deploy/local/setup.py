"""``python3 -m deploy.local.setup demo|servers|bench``: install what is missing; nothing twice.

Standard library only: it runs before there is a virtual environment, and makes that too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from deploy.local import schemas
from deploy.local.debian import SetupFailed, install, missing, packages
from deploy.local.programs import (
    KAFKA,
    KUBE_SCORE,
    KUBECONFORM,
    KUSTOMIZE,
    MINIO,
    OCRMYPDF,
    VERAPDF,
    VERSITYGW,
    GoProgram,
    Jars,
    PythonProgram,
    cache_folder,
)

REPOSITORY = Path(__file__).parents[2]
UV_VERSION = "0.13.9"  # reads the lock file's revision; another may rewrite it
GO_NEEDED = "1.26"  # by kubeconform's go.mod


def main() -> int:
    """Run the set-up of the level named on the command line."""
    level = sys.argv[1] if len(sys.argv) == 2 else ""
    if level not in STEPS:
        print(f"usage: python3 -m deploy.local.setup {'|'.join(STEPS)}", file=sys.stderr)
        return 2
    try:
        for step in STEPS[level]:
            step()
    except SetupFailed as failure:
        print(f"set-up: {failure}", file=sys.stderr)
        return 1
    return 0


def system_packages(level: str) -> None:
    """Install the Debian packages of a level."""
    wanted = missing(packages(level))
    if wanted:
        install(wanted)


def python_environment() -> None:
    """Bring .venv to what the lock file says."""
    uv = _uv()
    fresh = not (REPOSITORY / ".venv").exists()
    with _step(".venv", "10 s to 2 minutes", shown=fresh):
        _run([uv, "sync", "--frozen", "--all-extras", "--quiet"], cwd=REPOSITORY)


def server_programs() -> None:
    """Fetch the broker, the PDF/A validator and the schemas; build the object stores and the checkers."""
    # two go builds side by side would compile the same libraries twice; Maven mostly waits for the network
    with ThreadPoolExecutor(max_workers=2) as lanes:
        for lane in [lanes.submit(_fetch_jars), lanes.submit(_build_programs)]:
            lane.result()


def _python_program(program: PythonProgram) -> None:
    if program.folder.exists():
        return
    with _step(program.name, "20 s"), _workshop(program.folder) as folder:
        # relocatable: a workshop is moved to its place when all is well
        _run([_uv(), "venv", "--quiet", "--relocatable", "--python", program.python, str(folder)])
        install = ["pip", "install", "--quiet", "--no-deps", "--python", str(folder / "bin" / "python")]
        _run([_uv(), *install, "--requirements", str(program.requirements)])


STEPS: dict[str, Sequence[Callable[[], None]]] = {
    "demo": [lambda: system_packages("demo"), python_environment],
    "servers": [lambda: system_packages("servers"), server_programs],
    "bench": [lambda: system_packages("bench"), lambda: _python_program(OCRMYPDF)],
}


def _uv() -> str:
    """Return uv in the pinned version: the one on the PATH, or our own in the cache."""
    on_path = shutil.which("uv")
    if on_path and _run([on_path, "--version"]).split()[1] == UV_VERSION:
        return on_path
    own = cache_folder() / f"uv-{UV_VERSION}"
    if not own.exists():
        with _step(f"uv {UV_VERSION}", "10 s"), _workshop(own) as folder:
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            _run([*pip, "--target", str(folder), f"uv=={UV_VERSION}"])
    return str(own / "bin" / "uv")


def _fetch_jars() -> None:
    for program in (KAFKA, VERAPDF):
        if not program.folder.exists():
            _fetch(program)
    if not schemas.schemas_folder().exists():
        with _step("the schemas of manifests", "30 s"), _workshop(schemas.schemas_folder()) as folder:
            schemas.fetch(folder, _run)


def _fetch(program: Jars) -> None:
    with _step(program.told, "20 s"), _workshop(program.folder) as folder:
        goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={folder}"]
        _run(["mvn", "-q", "-B", "-Dstyle.color=never", "-f", str(program.pom), *goal])


def _build_programs() -> None:
    for program in (VERSITYGW, MINIO, KUBECONFORM, KUSTOMIZE, KUBE_SCORE):
        if not program.path.exists():
            _build(program)


def _build(program: GoProgram) -> None:
    if not shutil.which("go"):
        raise SetupFailed(
            f"{program.name} is built with Go {GO_NEEDED} or newer, and there is no go on the PATH. "
            "Debian 12's golang package is too old for it: install Go as its own page says, then try again."
        )
    with _step(program.name, program.usual_minutes), _workshop(program.path) as made:
        # no C compiler needed, and none of the toolchains go would like to download
        settings = {"GOBIN": str(made.parent), "CGO_ENABLED": "0", "GOTOOLCHAIN": "local"}
        command = ["go", "install", "-trimpath", "-ldflags=-s -w", f"{program.package}@{program.version}"]
        _run(command, environment=settings)
        (made.parent / program.name).rename(made)


@contextmanager
def _step(what: str, usually: str, *, shown: bool = True) -> Iterator[None]:
    """Say what a long step does and how long it took."""
    if shown:
        print(f"set-up: {what} … (usually {usually})", flush=True)
    before = time.monotonic()
    yield
    if shown:
        print(f"set-up: {what}: done in {time.monotonic() - before:.0f} s", flush=True)


@contextmanager
def _workshop(target: Path) -> Iterator[Path]:
    """Give a folder that vanishes with everything not moved out of it: a half-finished build is no build."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as folder:
        made = Path(folder) / target.name
        yield made
        if not target.exists():  # another set-up may have been quicker
            made.rename(target)


def _run(command: Sequence[str], *, cwd: Path | None = None, environment: dict[str, str] | None = None) -> str:
    """Return what a program printed, or raise SetupFailed with the end of it."""
    if not shutil.which(command[0]):
        raise SetupFailed(f"{command[0]} is not installed")
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SetupFailed(f"{' '.join(command)} failed\n{done.stdout[-3000:]}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
