"""The `nzc` command as people use it: started, stopped, killed, started again, and misled."""

import asyncio
import json
import os
import pwd
import random
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
from graphql import build_schema
from typer.testing import CliRunner, Result

from nzc_api.access.principals import Role
from nzc_api.cli import app
from nzc_api.database.embedded import EmbeddedPostgres
from nzc_api.demo import ORGANISATIONS
from nzc_api.schema.schema import schema
from tests.conftest import Server, TestDatabase, administer, create_database, named_database
from tests.served import (
    NZC,
    PATIENCE,
    ROOT,
    Process,
    kill_postmaster,
    postmaster,
    run,
    run_from_nothing,
    served,
    socket,
    told,
)
from tests.world import Caller, World, key

POSITION = "{ log { position } }"
PILOTS = "{ pilots { nodes { code netEmissions(period: {year: 2022}) { netCo2e } } } }"


@dataclass
class Demo:
    """`nzc demo` in a data folder, started as often as a test likes."""

    folder: Path
    process: Process = field(init=False)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def postmaster(self) -> int | None:
        return postmaster(self.data)

    def launch(self, **settings: str) -> None:
        environment = {"NZC_DATA_DIR": str(self.data), "NZC_PORT": "0"} | settings
        self.process = Process([NZC, "demo"], environment, self.folder)

    async def start(self, **settings: str) -> None:
        self.launch(**settings)
        await self.process.says("Ctrl-C stops it")

    async def reach(self, stage: str) -> None:
        """Start, and return when there is the file that a stage of the start makes."""
        self.launch()
        end = time.monotonic() + PATIENCE
        while self.process.alive and time.monotonic() < end:
            if stage == "loading" and self.postmaster is not None:
                await asyncio.sleep(random.uniform(0.5, 2))
                return
            if os.path.exists(self.data / stage):  # noqa: PTH110, ASYNC240  (no disk is asked)
                return
            await asyncio.sleep(0.005)
        raise AssertionError(f"it never reached {stage}: {self.process.err}")

    async def kill(self) -> None:
        self.process.send(signal.SIGKILL)
        await self.process.ended()

    @property
    def address(self) -> str:
        return self._said(r"NZC is at (http://\S+)/graphql")

    @property
    def first_query(self) -> str:
        return self._said(r"A first query to paste:\n\n(.+?)\n\n")

    @property
    def keys(self) -> dict[str, str]:
        return dict(re.findall(r"^ +([A-Z_]+) +(nzc_\S+)$", self.process.out, re.MULTILINE))

    def _said(self, pattern: str) -> str:
        found = re.search(pattern, self.process.out, re.DOTALL)
        assert found, self.process.out
        return found[1]

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        async with httpx.AsyncClient(base_url=self.address, timeout=30, verify=False) as http:
            yield http

    async def ask(self, query: str) -> Any:
        async with self.client() as http:
            return await Caller(http).ask(query)


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that PostgreSQL's user may enter too; none that runs in it outlives it."""
    folder = Path(tempfile.mkdtemp(prefix="nzc-cli-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        EmbeddedPostgres(folder / "data").stop()
        shutil.rmtree(folder)


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as made:
        yield made


@pytest_asyncio.fixture(scope="module")
async def one_demo() -> AsyncIterator[Demo]:
    with open_folder() as folder:
        made = Demo(folder)
        try:
            await made.start()
            yield made
        finally:
            await made.process.stop()


@pytest_asyncio.fixture
async def demo(one_demo: Demo) -> Demo:
    """The one demo of these tests, at work; whoever stops it need not start it again."""
    if not one_demo.process.alive:
        await one_demo.start()
    return one_demo


def one_line(process: Process, code: int = 1) -> str:
    """Check that a command failed with one line for people and nothing else: the line."""
    lines = [line for line in process.err.splitlines() if line.strip()]
    said = len(lines)
    assert said == 1, lines[-2:]
    assert process.out == ""
    assert process.returncode == code
    return lines[0]


# The demo, as a newcomer meets it.


async def test_it_says_all_that_a_newcomer_needs(demo: Demo) -> None:
    assert demo.process.err == ""
    assert list(demo.keys) == [organisation.key for organisation in ORGANISATIONS]
    assert len(set(demo.keys.values())) == len(ORGANISATIONS)
    async with demo.client() as http:
        assert (await http.get("/health/ready")).json()["status"] == "ready"
        page = await http.get("/", headers={"Accept": "text/html"}, follow_redirects=True)
        assert "GraphiQL" in page.text


async def test_the_first_query_answers_as_the_readme_says(demo: Demo) -> None:
    answer = await demo.ask(demo.first_query)
    assert answer == {
        "pilot": {
            "netEmissions": {
                "gross": {"co2e": "548.409440"},
                "sinks": {"co2e": "12.500000"},
                "purchasedReductions": {"quantity": "500"},
                "netCo2e": "35.909440",
            }
        }
    }


async def test_what_is_made_up_says_so(demo: Demo) -> None:
    data = await demo.ask(
        "{ pilots { nodes { name { zh en } } } organisations { nodes { name { zh en } } }"
        " projects { nodes { name { zh en } } } }"
    )
    names = [node["name"] for kind in data.values() for node in kind["nodes"]]
    assert len(names) > 12
    assert all("虚构" in name["zh"] and "made up" in name["en"] for name in names)


@dataclass
class Facts:
    """What the writes of the roles are about."""

    pilots: dict[str, dict[str, Any]]

    @classmethod
    async def of(cls, demo: Demo) -> "Facts":
        async with demo.client() as http:
            data = await Caller(http, demo.keys["AUDITOR"]).ask(
                """{ pilots { nodes { id code accountingPeriods { nodes { id startsOn } }
                     inventories { nodes { id status } } } } }"""
            )
        return cls({pilot["code"]: pilot for pilot in data["pilots"]["nodes"]})

    def pilot(self, code: str) -> str:
        return str(self.pilots[code]["id"])

    def period(self, code: str, year: int) -> str:
        periods = self.pilots[code]["accountingPeriods"]["nodes"]
        return str(next(p["id"] for p in periods if p["startsOn"] == f"{year}-01-01"))

    def retirement(self, programme: str, prefix: str, serial: int) -> dict[str, Any]:
        return {
            "idempotencyKey": key(),
            "programme": programme,
            "serials": {"range": {"prefix": prefix, "first": str(serial), "last": str(serial)}},
            "pilot": self.pilot("DEMO-TRANSPORT"),
            "accountingPeriod": self.period("DEMO-TRANSPORT", 2023),
            "retiredOn": "2024-07-01",
        }

    def verification(self) -> dict[str, Any]:
        inventories = self.pilots["DEMO-TRANSPORT"]["inventories"]["nodes"]
        return {"idempotencyKey": key(), "inventory": inventories[0]["id"]}

    def organisation(self) -> dict[str, Any]:
        name = {"zh": "甲", "en": "A"}
        return {"idempotencyKey": key(), "name": name, "role": "VERIFIER"}

    def project(self) -> dict[str, Any]:
        name = {"zh": "甲", "en": "A"}
        code = f"CLI-{key()[:8].upper()}"
        site = "Guangzhou"
        return {
            "idempotencyKey": key(), "code": code, "name": name, "forestry": False, "site": site,
        }  # fmt: skip

    def accounting_period(self, year: int) -> dict[str, Any]:
        return {
            "idempotencyKey": key(),
            "pilot": self.pilot("DEMO-PARK"),
            "startsOn": f"{year}-01-01",
            "endsOn": f"{year}-12-31",
        }


PERIOD = "registerAccountingPeriod"


@pytest.mark.parametrize(
    ("who", "may", "may_not"),
    [
        ("ADMINISTRATOR", "organisation", "retire CCER"),
        ("CCER_REGISTRY", "retire CCER", "retire PHCER"),
        ("PHCER_REGISTRY", "retire PHCER", "retire CCER"),
        ("PILOT_OPERATOR", "period", "verify"),
        ("VERIFIER", "verify", "period"),
        ("CREDIT_HOLDER", None, "retire CCER"),
        ("CREDIT_HOLDER", None, "project"),
        ("AUDITOR", None, "verify"),
        ("REGULATOR", None, "period"),
    ],
)
async def test_each_key_does_what_its_role_may_and_no_more(
    demo: Demo, who: str, may: str | None, may_not: str
) -> None:
    facts = await Facts.of(demo)
    writes = {
        "organisation": ("registerOrganisation", facts.organisation()),
        "project": ("registerProject", facts.project()),
        "retire CCER": ("retireCredits", facts.retirement("CCER", "GD-WIND-2023", 1000)),
        "retire PHCER": ("retireCredits", facts.retirement("PHCER", "GD-ROOF-2023", 10)),
        "verify": ("verifyInventory", facts.verification()),
        "period": (PERIOD, facts.accounting_period(2031)),
    }
    async with demo.client() as http:
        caller = Caller(http, demo.keys[who])
        viewer = (await caller.ask("{ viewer { role } }"))["viewer"]
        assert viewer["role"] in (who, "REGISTRY")
        if may is not None:
            verb, given = writes[may]
            outcome = await caller.do(verb, "", **given)
            assert outcome["__typename"].endswith("Success"), outcome
        before = await demo.ask(POSITION)
        verb, given = writes[may_not]
        kind = (
            "InventoryInput" if verb == "verifyInventory" else f"{verb[0].upper()}{verb[1:]}Input"
        )
        query = f"mutation ($input: {kind}!) {{ {verb}(input: $input) {{ __typename }} }}"
        told(await caller.fail(query, input=given | {"idempotencyKey": key()}), "FORBIDDEN")
        assert await demo.ask(POSITION) == before


# Two at once.


async def test_a_second_demo_on_the_same_data_says_that_one_runs(demo: Demo) -> None:
    second = await run(demo.folder, "demo", NZC_DATA_DIR=str(demo.data), NZC_PORT="0")
    said = one_line(second)
    assert "running already" in said
    assert str(demo.data) in said
    assert await demo.ask(POSITION)


async def test_another_demo_on_the_same_port_says_that_it_is_taken(
    demo: Demo, folder: Path
) -> None:
    port = str(urlsplit(demo.address).port)
    second = await run(folder, "demo", NZC_DATA_DIR=str(folder / "data"), NZC_PORT=port)
    said = one_line(second)
    assert port in said
    assert "NZC_PORT" in said
    assert postmaster(folder / "data") is None
    assert await demo.ask(POSITION)


# Stopped and started again.


@dataclass
class Before:
    position: Any
    pilots: Any
    keys: dict[str, str]

    @classmethod
    async def of(cls, demo: Demo) -> "Before":
        return cls(await demo.ask(POSITION), await demo.ask(PILOTS), demo.keys)


async def test_ctrl_c_stops_it_and_the_data_stays(demo: Demo) -> None:
    before = await Before.of(demo)
    demo.process.press_ctrl_c()
    assert await demo.process.ended() in (0, 130)
    assert "Traceback" not in demo.process.err
    assert demo.postmaster is None
    await demo.start()
    assert await Before.of(demo) == before


async def test_ctrl_c_does_not_wait_for_who_follows(demo: Demo) -> None:
    async with socket(demo.address) as client:
        await client.initialise()
        await client.subscribe("log", "subscription { events { position } }")
        async with (
            demo.client() as http,
            http.stream(
                "POST",
                "/graphql",
                json={"query": "subscription { events { position } }"},
                headers={"Accept": "text/event-stream"},
            ),
        ):
            demo.process.press_ctrl_c()
            assert await demo.process.ended() in (0, 130)
    assert demo.postmaster is None
    assert "Traceback" not in demo.process.err, demo.process.err.splitlines()[-1]


async def test_an_impatient_ctrl_c_leaves_no_postgresql_behind(demo: Demo) -> None:
    for _ in range(3):
        if demo.process.alive:
            demo.process.press_ctrl_c()
        await asyncio.sleep(0.1)
    await demo.process.ended()
    assert demo.postmaster is None
    assert "Traceback" not in demo.process.err, demo.process.err.splitlines()[-1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_other_kind_signals_stop_postgresql_too(demo: Demo, number: signal.Signals) -> None:
    # `docker stop`, systemd and `kill` send SIGTERM; a terminal that is closed sends SIGHUP.
    demo.process.send(number)
    await demo.process.ended()
    assert demo.postmaster is None, "PostgreSQL still runs"


async def test_it_survives_a_kill(demo: Demo) -> None:
    before = await Before.of(demo)
    await demo.kill()
    assert demo.postmaster is not None, "it was the wrong process that was killed"
    await demo.start()
    assert await Before.of(demo) == before


async def test_it_survives_a_kill_of_postgresql_as_well(demo: Demo) -> None:
    before = await Before.of(demo)
    await asyncio.gather(kill_postmaster(demo.data), demo.kill())
    await demo.start()
    assert await Before.of(demo) == before


STAGES = ("lock", "cluster.unfinished", "cluster", "cluster/postmaster.pid", "loading")


@pytest.mark.slow
async def test_ctrl_c_while_it_starts_leaves_nothing_behind(folder: Path) -> None:
    early = Demo(folder)
    for stage in STAGES:
        await early.reach(stage)
        early.process.press_ctrl_c()
        await early.process.ended()
        assert early.postmaster is None, f"at {stage}: PostgreSQL still runs"
        assert "Traceback" not in early.process.err, (stage, early.process.err.splitlines()[-1])
    await early.start()
    assert (await early.ask(early.first_query))["pilot"]["netEmissions"]["netCo2e"] == "35.909440"
    await early.process.stop()


@pytest.mark.slow
async def test_a_start_that_was_killed_is_completed_by_the_next(folder: Path) -> None:
    late = Demo(folder)
    for stage in (*STAGES, "loading", "loading"):
        await late.reach(stage)
        await late.kill()
    await late.start()
    try:
        assert late.process.err == ""
        data = await late.ask(late.first_query)
        assert data["pilot"]["netEmissions"]["netCo2e"] == "35.909440"
        assert len((await late.ask(PILOTS))["pilots"]["nodes"]) == 6
        async with late.client() as http:
            for name, secret in late.keys.items():
                assert (await Caller(http, secret).ask("{ viewer { role } }"))["viewer"], name
    finally:
        await late.process.stop()


@contextmanager
def another_process() -> Iterator[int]:
    """A process of PostgreSQL's user that is no PostgreSQL."""
    account = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None
    with subprocess.Popen(["sleep", "60"], user=account) as other:
        try:
            yield other.pid
        finally:
            other.kill()


async def test_a_stale_note_of_postgresql_is_explained_or_overcome(folder: Path) -> None:
    """After a crash of the machine, PostgreSQL's note names a process that is now another one."""
    made = await run(folder, "migrate", NZC_DATA_DIR=str(folder / "data"))
    assert made.returncode == 0, made.err
    note = folder / "data" / "cluster" / "postmaster.pid"
    with another_process() as pid:
        note.write_text(f"{pid}\n{note.parent}\n1700000000\n5432\n/tmp\n\n 0 0\nready\n")
        process = await run(folder, "migrate", NZC_DATA_DIR=str(folder / "data"))
    note.unlink(missing_ok=True)
    if process.returncode != 0:
        assert "Traceback" not in process.err, process.err.splitlines()[-1]
        assert re.search(r"postmaster|running", process.err), process.err


async def test_a_database_with_other_data_is_not_filled(
    database: TestDatabase, world: World, folder: Path
) -> None:
    before = await world.head()
    process = Process(
        [NZC, "demo"],
        {
            "NZC_DATABASE_URL": database.api_url,
            "NZC_MIGRATION_DATABASE_URL": database.owner_url,
            "NZC_DATA_DIR": str(folder / "data"),
            "NZC_PORT": "0",
        },
        folder,
    )
    try:
        await process.says("nothing was loaded")
        assert await world.head() == before
        assert "nzc_" not in process.out
    finally:
        assert await process.stop() in (0, 130)


@pytest.mark.slow
async def test_the_demo_may_live_in_a_database_given_by_url(
    database: TestDatabase, folder: Path
) -> None:
    settings = {
        "NZC_DATABASE_URL": database.api_url,
        "NZC_MIGRATION_DATABASE_URL": database.owner_url,
    }
    given = Demo(folder)
    keys = []
    for _ in range(2):
        await given.start(**settings)
        assert (await given.ask(given.first_query))["pilot"]["netEmissions"]["netCo2e"]
        keys.append(given.keys)
        assert await given.process.stop() in (0, 130)
    assert keys[0] == keys[1]
    assert len(keys[0]) == len(ORGANISATIONS)
    kept = list((folder / "data").glob("demo-keys-*.json"))
    assert len(kept) == 1
    assert kept[0].stat().st_mode & 0o077 == 0, "others may read the keys"


# The other commands.


async def test_schema_prints_the_schema(folder: Path) -> None:
    process = await run_from_nothing(folder, "schema")
    assert (process.returncode, process.err) == (0, "")
    assert process.out.strip() == schema.as_str().strip()
    assert build_schema(process.out).query_type


@pytest_asyncio.fixture
async def empty_database(server: Server) -> AsyncIterator[TestDatabase]:
    async with named_database(server, f"nzc_empty_{os.getpid()}") as made:
        yield made


async def test_migrate_and_organisation_make_a_database_of_use(
    empty_database: TestDatabase, folder: Path
) -> None:
    api = {"NZC_DATABASE_URL": empty_database.api_url}
    owner = api | {"NZC_MIGRATION_DATABASE_URL": empty_database.owner_url}

    for process in await asyncio.gather(*(run(folder, "migrate", **owner) for _ in range(2))):
        assert (process.returncode, process.err) == (0, "")

    code = "9144030071526726XG"
    given = ("ADMINISTRATOR", "甲", "A", "--credit-code", code)
    made = await run(folder, "organisation", *given, **api)
    assert (made.returncode, made.err) == (0, "")
    secret = made.out.split()[-1]
    async with served(empty_database.api_url) as running, running.client() as http:
        caller = Caller(http, secret)
        assert (await caller.ask("{ viewer { role creditCode name { zh en } } }"))["viewer"] == {
            "role": "ADMINISTRATOR",
            "creditCode": code,
            "name": {"zh": "甲", "en": "A"},
        }
        await caller.made(
            "registerOrganisation",
            "organisation { id }",
            name={"zh": "丙", "en": "C"},
            role="VERIFIER",
        )


# What cannot be. A process takes seconds to begin, so most of these run in this one.


def invoke(*arguments: str, **settings: str) -> Result:
    """What becomes of a command, which must fail by itself and without a traceback."""
    environment: dict[str, str | None] = dict.fromkeys(
        name for name in os.environ if name.startswith("NZC_")
    )
    result = CliRunner().invoke(app, arguments, env=environment | settings)
    assert isinstance(result.exception, SystemExit | None), f"a traceback: {result.exception!r}"
    return result


ORGANISATIONS_THAT_CANNOT_BE = {
    "a registry without a programme": (["REGISTRY", "甲", "A"], "programme"),
    "an unknown programme": (["REGISTRY", "甲", "A", "--programme", "NONE"], "NONE"),
    "a programme of a verifier": (["VERIFIER", "甲", "A", "--programme", "CCER"], "programme"),
    "no name": (["VERIFIER", "", "A"], "200"),
    "a credit code that is none": (
        ["VERIFIER", "甲", "A", "--credit-code", "9144030071526726XA"],
        "GB 32100-2015",
    ),
    "a padded name": (["VERIFIER", "甲", " A"], "no spaces at the ends"),
    "an unknown role": (["NOTHING", "甲", "A"], Role.ADMINISTRATOR.value),
    "too little": (["VERIFIER"], "name_zh"),
}


def test_a_registry_may_have_several_programmes(database: TestDatabase) -> None:
    arguments = ["REGISTRY", "乙", "B", "--programme", "CCER", "--programme", "PHCER"]
    result = invoke("organisation", *arguments, NZC_DATABASE_URL=database.api_url)
    assert (result.exit_code, result.stderr) == (0, "")
    assert re.search(r"^nzc_\S{40,}$", result.stdout, re.MULTILINE)


def test_migrate_may_be_repeated(database: TestDatabase) -> None:
    result = invoke("migrate", NZC_DATABASE_URL=database.owner_url)
    assert (result.exit_code, result.stderr) == (0, "")


def test_an_organisation_needs_a_migrated_database(server: Server, unmigrated: str) -> None:
    url = server.url("owner", unmigrated)
    result = invoke("organisation", "VERIFIER", "甲", "A", NZC_DATABASE_URL=url)
    assert result.exit_code == 1
    assert "nzc migrate" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("name", ORGANISATIONS_THAT_CANNOT_BE)
def test_an_organisation_that_cannot_be_is_explained(database: TestDatabase, name: str) -> None:
    arguments, said = ORGANISATIONS_THAT_CANNOT_BE[name]
    result = invoke("organisation", *arguments, NZC_DATABASE_URL=database.api_url)
    assert result.exit_code == 2
    assert result.stdout == ""
    # In a box that is as wide as the terminal, whose lines end where they are full.
    told = " ".join(re.sub("[│╭╮╰╯─]", " ", result.stderr).split())
    assert said.lower() in told.lower()


def test_a_command_that_is_none_is_explained() -> None:
    result = invoke("nothing")
    assert result.exit_code == 2
    assert "nothing" in result.stderr
    assert "demo" in invoke("--help").stdout


@dataclass(frozen=True)
class Wrong:
    """Settings that cannot be, and what the one line about them must say."""

    said: str
    settings: dict[str, str]
    command: str = "demo"


WRONG = {
    "a port that is no number": Wrong("NZC_PORT", {"NZC_PORT": "abc"}),
    "a port too high": Wrong("NZC_PORT", {"NZC_PORT": "65536"}),
    "a pool too small": Wrong("NZC_POOL_SIZE", {"NZC_POOL_SIZE": "1"}),
    "no process at all": Wrong("NZC_PROCESSES", {"NZC_PROCESSES": "0"}),
    "another database": Wrong("NZC_DATABASE_URL", {"NZC_DATABASE_URL": "mysql://x"}),
    "a URL that is none": Wrong("NZC_DATABASE_URL", {"NZC_DATABASE_URL": "localhost"}),
    "a URL whose port is a word": Wrong(
        "NZC_DATABASE_URL", {"NZC_DATABASE_URL": "postgresql://h:port/x"}
    ),
    "a URL with half a bracket": Wrong(
        "NZC_DATABASE_URL", {"NZC_DATABASE_URL": "postgresql://[h/x"}
    ),
    "another database to migrate": Wrong(
        "NZC_MIGRATION_DATABASE_URL", {"NZC_MIGRATION_DATABASE_URL": "sqlite://"}
    ),
    "a database that is down": Wrong(
        "PostgreSQL", {"NZC_DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}
    ),
    "a folder in a device": Wrong("/dev/null/nzc", {"NZC_DATA_DIR": "/dev/null/nzc"}),
    "a folder where none can be": Wrong("/proc/nzc", {"NZC_DATA_DIR": "/proc/nzc"}),
    "a file for a folder": Wrong("README.md", {"NZC_DATA_DIR": str(ROOT / "README.md")}),
    "a host of somebody else": Wrong(
        "192.0.2.1",
        {"NZC_DATABASE_URL": "postgresql://x@127.0.0.1:1/x", "NZC_HOST": "192.0.2.1"},
        "serve",
    ),
    "a database that does not exist": Wrong(
        "nzc_no_such_database", {"NZC_DATABASE_URL": "owner:nzc_no_such_database"}, "migrate"
    ),
    "a login that may not migrate": Wrong(
        "NZC_MIGRATION_DATABASE_URL", {"NZC_DATABASE_URL": "api:unmigrated"}, "migrate"
    ),
}


@pytest.fixture(scope="module")
def unmigrated(server: Server) -> Iterator[str]:
    """The name of an empty database."""
    name = f"nzc_unmigrated_{os.getpid()}"
    asyncio.run(create_database(server, name))
    yield name
    asyncio.run(administer(server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.mark.parametrize("name", WRONG)
def test_a_setting_that_cannot_be_is_one_clear_line(
    server: Server, unmigrated: str, name: str
) -> None:
    if server.api == server.owner and "login" in name:
        pytest.skip("this PostgreSQL is reached by one login, which may do all")
    settings = {"NZC_PORT": "0"} | WRONG[name].settings
    login, _, database = settings.get("NZC_DATABASE_URL", "").partition(":")
    if login in ("owner", "api"):
        wanted = unmigrated if database == "unmigrated" else database
        settings["NZC_DATABASE_URL"] = server.url(login, wanted)
    result = invoke(WRONG[name].command, **settings)
    assert result.exit_code == 1
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert len(lines) == 1, lines
    assert WRONG[name].said in lines[0]


@pytest.mark.parametrize(
    "settings", [{"NZC_PORT": "abc"}, {"NZC_DATABASE_URL": "mysql://x"}], ids=str
)
async def test_a_process_with_a_wrong_setting_ends_with_one_clear_line(
    folder: Path, settings: dict[str, str]
) -> None:
    process = await run(folder, "demo", **settings)
    assert next(iter(settings)) in one_line(process)


# As an ordinary user.


def interpreter_for(account: pwd.struct_passwd) -> tuple[str, str] | None:
    """A Python that ``account`` can run NZC with, and where it finds NZC; None if there is none."""
    path = f"{ROOT}:{sysconfig.get_path('purelib')}:{sysconfig.get_path('platlib')}"
    version = f"python3.{sys.version_info.minor}"
    for candidate in (sys.executable, shutil.which(version, path="/usr/local/bin:/usr/bin")):
        if candidate is None:
            continue
        try:
            tried = subprocess.run(
                [candidate, "-c", "import nzc_api.cli"],
                env={"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
                user=account.pw_uid,
                group=account.pw_gid,
                extra_groups=[],
                cwd="/",
                capture_output=True,
                check=False,
            )
        except OSError:
            continue
        if tried.returncode == 0:
            return candidate, path
    return None


@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests run as an ordinary user already")
async def test_an_ordinary_user_can_run_the_demo(folder: Path) -> None:
    account = pwd.getpwnam("daemon")
    found = interpreter_for(account)
    if found is None:
        pytest.skip(f"no Python that {account.pw_name} can run has NZC's dependencies")
    interpreter, path = found
    home = folder / "home"
    home.mkdir()
    os.chown(home, account.pw_uid, account.pw_gid)
    environment = {
        "PYTHONPATH": path,
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "share"),
        "NZC_PORT": "0",
    }
    arguments: list[str | Path] = [
        interpreter, "-c", "from nzc_api.cli import app; app()", "demo",
    ]  # fmt: skip
    process = Process(arguments=arguments, environment=environment, folder=folder, account=account)
    try:
        await process.says("Ctrl-C stops it")
        address = await process.says(r"NZC is at (http://\S+)/graphql")
        query = await process.says(r"A first query to paste:\n\n(\{[^}]+\}[\s\S]+?)\n\n")
        async with httpx.AsyncClient(base_url=address, verify=False) as http:
            data = await Caller(http).ask(query)
        assert data["pilot"]["netEmissions"]["netCo2e"] == "35.909440"
        data_dir = home / "share" / "nzc"
        assert postmaster(data_dir) is not None
        assert (data_dir / "cluster").stat().st_uid == account.pw_uid
        secrets = json.loads(next(data_dir.glob("demo-keys-*.json")).read_text())
        assert set(secrets) == {organisation.key for organisation in ORGANISATIONS}
        assert data_dir.stat().st_mode & 0o077 == 0
    finally:
        code = await process.stop()
    assert code in (0, 130)
    assert process.err == ""
    assert postmaster(data_dir) is None
