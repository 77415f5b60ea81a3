"""Who is asked in ``bench.reads``: NZC as it is, NZC as it was, PostGraphile, and a bare Starlette route."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.stage import PROCESSES
from nzc_api.database.embedded import SUPERUSER, EmbeddedPostgres

HERE = Path(__file__).parents[1]
TICKS = os.sysconf("SC_CLK_TCK")

# The modules that set up what is read, taken along into a tree of before.
STAGED_BY = ("read_stage.py",)

# What PostGraphile is told of references that the tables, which are written in bulk, do not declare.
REFERENCES = r"""
COMMENT ON TABLE movement IS E'@foreignKey (credit_id) references account (id)\n'
    '@foreignKey (batch_id) references credit_batch (id)\n@foreignKey (position) references log_entry (position)';
COMMENT ON TABLE account IS E'@foreignKey (pilot_id) references pilot (id)';
COMMENT ON TABLE credit_batch IS E'@foreignKey (project_id) references project (id)';
"""

CONFIGURATION = """
import {{ PostGraphileAmberPreset }} from "postgraphile/presets/amber";
import {{ makeV4Preset }} from "postgraphile/presets/v4";
import {{ makePgService }} from "postgraphile/adaptors/pg";
export default {{
  extends: [PostGraphileAmberPreset, makeV4Preset({{}})],
  pgServices: [makePgService({{ connectionString: "{url}", schemas: ["public"], poolConfig: {{ max: 10 }} }})],
  grafserv: {{ port: {port}, host: "127.0.0.1" }},
}};
"""


@dataclass(frozen=True)
class Side:
    """A server that answers at a port, and its process."""

    port: int
    process: subprocess.Popen[bytes]

    def cpu(self) -> float:
        """The processor's seconds that it and its children took so far."""
        return sum(map(_cpu, _family(self.process.pid)))


class Absent(Exception):
    """A side that cannot be asked here; the text says why."""


@contextmanager
def tree_of(ref: str | None) -> Iterator[Path]:
    """The files of a git revision, with what sets up what is read."""
    if ref is None:
        raise Absent("no git revision is given (--before)")
    with tempfile.TemporaryDirectory(prefix="nzc-tree-") as folder:
        tree = Path(folder) / "tree"
        _git("worktree", "add", "--detach", str(tree), ref)
        try:
            for name in STAGED_BY:
                shutil.copy(HERE / "bench" / name, tree / "bench" / name)
            yield tree
        finally:
            _git("worktree", "remove", "--force", str(tree))


@contextmanager
def staged(tree: Path) -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL that was set up by the code of a tree."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.read_stage"], cwd=tree, env=_environment(tree),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        told = process.stdout.readline()
        if not told:
            raise Absent("what is read cannot be set up with its code")
        yield EmbeddedPostgres(Path(json.loads(told)["folder"]))
    finally:
        process.stdin.close()
        process.wait()


@contextmanager
def nzc(tree: Path, postgres: EmbeddedPostgres, port: int) -> Iterator[Side]:
    """NZC, served by the code of a tree."""
    given = {
        "NZC_DATABASE_URL": postgres.url(), "NZC_PORT": str(port), "NZC_HOST": "127.0.0.1",
        "NZC_PROCESSES": str(PROCESSES), "NZC_REQUESTS_PER_SECOND": "1000000",
    }  # fmt: skip
    command = [sys.executable, "-c", "from nzc_api.cli import app; app()", "serve"]
    with _served(command, tree, _environment(tree) | given, port) as side:
        yield side


@contextmanager
def bare(body: bytes, port: int) -> Iterator[Side]:
    """A bare Starlette route that returns the bytes, by as many processes."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        command = [
            sys.executable, "-m", "uvicorn", "bench.bare:app", "--workers", str(PROCESSES), "--port", str(port),
            "--log-level", "warning", "--no-access-log",
        ]  # fmt: skip
        with _served(command, HERE, _environment(HERE) | {"BARE_BODY": file.name}, port) as side:
            yield side


@contextmanager
def postgraphile(folder: Path | None, postgres: EmbeddedPostgres, port: int) -> Iterator[Side]:
    """PostGraphile 5 on the same database, of a folder with it (``npm install node@22 postgraphile@5``)."""
    if folder is None:
        raise Absent("no folder with PostGraphile is given (--postgraphile)")
    program = folder / "node_modules/postgraphile/dist/cli-run.js"
    node = shutil.which("node", path=f"{folder}/node_modules/.bin:{os.environ['PATH']}")
    if node is None or not program.exists():
        raise Absent(f"there is no Node, or no PostGraphile in {folder}")
    psql, superuser = postgres.program("psql"), postgres.url(SUPERUSER)
    subprocess.run([psql, superuser, "-qc", REFERENCES], check=True)
    configuration = folder / "graphile.config.mjs"
    configuration.write_text(CONFIGURATION.format(url=superuser, port=port))
    environment = os.environ | {"GRAPHILE_ENV": "production", "NODE_ENV": "production"}
    command = [node, str(program), "-C", str(configuration)]
    with _served(command, folder, environment, port) as side:
        yield side


@contextmanager
def _served(
    command: list[str], folder: Path, environment: Mapping[str, str], port: int
) -> Iterator[Side]:
    with tempfile.TemporaryFile("w+b") as said:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=said, stderr=said)
        try:
            for _ in range(300):
                with suppress(httpx.HTTPError):
                    httpx.post(f"http://127.0.0.1:{port}/graphql", json={"query": "{__typename}"})
                    break
                if process.poll() is not None:
                    break
                time.sleep(0.1)
            else:
                raise Absent("it does not answer within 30 s")
            if process.poll() is not None:
                said.seek(0)
                raise Absent(f"it ended: {said.read()[-500:].decode()}")
            yield Side(port, process)
        finally:
            process.terminate()
            process.wait()


def _environment(tree: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(tree)}


def _git(*arguments: str) -> None:
    subprocess.run(["git", "-C", str(HERE), *arguments], check=True, capture_output=True)


def _family(process: int) -> Iterator[int]:
    """A process and all that it started."""
    yield process
    for thread in Path(f"/proc/{process}/task").iterdir():
        for child in (thread / "children").read_text().split():
            yield from _family(int(child))


def _cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
