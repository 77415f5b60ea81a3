"""Two servers, one a synchronous standby of the other: a commit waits for it only so long, and nothing is shown
that it lacks."""

import asyncio
import os
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio

from nzc_api.app import create_app
from nzc_api.database.embedded import SUPERUSER, EmbeddedPostgres
from nzc_api.database.engine import CommitUnconfirmed, Database, StandbyAway
from nzc_api.observing import metrics
from nzc_api.services import Nzc
from nzc_api.settings import Settings
from tests.proofs.keys import KEY
from tests.served import PATIENCE, OwnPostgres, own_postgres, told
from tests.world import World, key, mutation

pytestmark = pytest.mark.slow

# How long a commit is waited for here, and how soon everything is to be as ever again.
WAIT = 1.0

# When the log's tree grows by itself: that is a commit, which waits for the standby as any other.
FOREVER = 3600.0

LOG = "{ log { position } }"


class FollowingPostgres(EmbeddedPostgres):
    """A server that follows another, and so is given nothing of its own."""

    def follow(self) -> None:
        self._own(self._sockets)
        self._launch()


class Standby:
    """A copy of a server that follows it, which a test may stop and promote."""

    def __init__(self, primary: OwnPostgres, folder: Path) -> None:
        self.postgres = FollowingPostgres(folder)
        self._cluster = folder / "cluster"
        self._primary = primary

    def make(self) -> None:
        source = EmbeddedPostgres(self._primary.folder)
        command: list[str | Path] = [
            source.program("pg_basebackup"),
            "-d",
            source.url(SUPERUSER, "postgres"),
        ]
        subprocess.run(
            [*command, "-D", str(self._cluster), "-c", "fast", "-R"],
            check=True,
            capture_output=True,
        )
        with (self._cluster / "postgresql.auto.conf").open("a") as configuration:
            sockets = self._primary.api_url.partition("host=")[2]
            configuration.write(
                f"primary_conninfo = 'user={SUPERUSER} host={sockets} application_name=standby'\n"
            )
        owner = self._primary.folder.joinpath("cluster").stat()
        for path in (self._cluster.parent, self._cluster, *self._cluster.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)

    async def start(self) -> None:
        await asyncio.to_thread(self.postgres.follow)

    async def stop(self) -> None:
        await asyncio.to_thread(self.postgres.stop)


@dataclass
class Pair:
    primary: OwnPostgres
    standby: Standby
    world: World

    @property
    def http(self) -> httpx.AsyncClient:
        return self.world.http

    async def ask_primary(self, query: str) -> Any:
        connection = await asyncpg.connect(self.primary.superuser_url)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()


@asynccontextmanager
async def serving(url: str) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(pool_size=5, requests_per_second=0, commit_wait_seconds=WAIT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nzc_api.app.GROW_SECONDS", FOREVER)
        app = create_app(url, settings)
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://nzc.test") as client:
                yield client


async def waits_for(primary: OwnPostgres, names: str) -> None:
    """Let commits wait for the standbys of those names."""
    superuser = await asyncpg.connect(primary.superuser_url)
    try:
        await superuser.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        await superuser.execute("SELECT pg_reload_conf()")
    finally:
        await superuser.close()


def both(primary: OwnPostgres, standby: Standby) -> str:
    """The URL of both, as `docs/how-to/operator.md` has it."""
    sockets = standby.postgres.url().partition("host=")[2]
    return f"{primary.api_url},{sockets}&target_session_attrs=read-write"


@pytest_asyncio.fixture
async def pair() -> AsyncIterator[Pair]:
    """A primary whose commits wait for its standby, and NZC on it."""
    async with own_postgres() as primary:
        with tempfile.TemporaryDirectory(prefix="nzc-standby-") as folder:
            os.chmod(folder, 0o755)  # noqa: PTH101  (no disk is waited for)
            standby = Standby(primary, Path(folder) / "data")
            await asyncio.to_thread(standby.make)
            await standby.start()
            try:
                await waits_for(primary, "standby")
                url = both(primary, standby)
                async with serving(url) as http:
                    yield Pair(primary, standby, await World.make(http, url))
            finally:
                await standby.stop()


def organisation() -> dict[str, Any]:
    return {"idempotencyKey": key(), "name": {"zh": "甲", "en": "A"}, "role": "VERIFIER"}


async def register(world: World, given: dict[str, Any]) -> httpx.Response:
    return await world.administrator.post(mutation("registerOrganisation", ""), input=given)


def said(response: httpx.Response) -> str:
    """The code of what is to be tried again."""
    assert response.status_code == 503, response.text
    assert int(response.headers["retry-after"]) > 0
    (error,) = response.json()["errors"]
    assert told(error)["retryAfterSeconds"] > 0
    return str(error["extensions"]["code"])


async def not_ready(pair: Pair) -> None:
    response = await pair.http.get("/health/ready")
    assert response.status_code == 503
    assert "a synchronous standby does not answer" in response.json()["reason"]
    assert metrics.registry.get_sample_value("nzc_commit_unconfirmed") == 1


async def ready(pair: Pair) -> None:
    end = time.monotonic() + PATIENCE
    while (response := await pair.http.get("/health/ready")).status_code != 200:
        assert time.monotonic() < end, response.text
        await asyncio.sleep(0.1)
    assert metrics.registry.get_sample_value("nzc_commit_unconfirmed") == 0


async def done(pair: Pair, given: dict[str, Any]) -> bool:
    """Send the same again, which succeeds: whether it had been done."""
    payload = (await register(pair.world, given)).json()["data"]["registerOrganisation"]
    assert payload["__typename"].endswith("Success")
    return bool(payload["replayed"])


async def test_a_standby_that_is_away_is_waited_for_only_so_long(pair: Pair) -> None:
    world = pair.world
    before = await world.head()
    given, other = organisation(), organisation()
    await pair.standby.stop()

    assert said(await register(world, given)) == "COMMIT_UNCONFIRMED"
    await not_ready(pair)
    # Nobody sees it, and who reads waits for nobody; who writes hears that the head is held.
    assert await world.head() == before
    assert said(await register(world, other)) == "TRY_AGAIN"
    sessions = await pair.ask_primary(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    )
    assert sessions == 2  # the commit, and the question

    await pair.standby.start()
    await ready(pair)
    assert await world.head() == before + 1
    assert await done(pair, given) is True
    assert await done(pair, other) is False


async def test_what_a_restart_would_show_is_not_shown_until_the_standby_has_it(
    pair: Pair,
) -> None:
    world = pair.world
    before = await world.head()
    given = organisation()
    await pair.standby.stop()
    assert said(await register(world, given)) == "COMMIT_UNCONFIRMED"
    await pair.primary.stop()
    await pair.primary.start()

    assert await pair.ask_primary("SELECT position FROM log_head") == before + 1
    for _ in range(2):
        assert said(await world.anyone.post(LOG)) == "COMMIT_UNCONFIRMED"
        assert said(await register(world, given)) == "COMMIT_UNCONFIRMED"
        await not_ready(pair)
    async with serving(pair.primary.api_url) as other:  # One that is started now asks, too.
        assert said(await other.post("/graphql", json={"query": LOG})) == "COMMIT_UNCONFIRMED"

    await pair.standby.start()
    await ready(pair)
    assert await world.head() == before + 1
    assert await done(pair, given) is True


@asynccontextmanager
async def signing(url: str) -> AsyncIterator[Nzc]:
    """NZC with a key, and its own sessions."""
    nzc = Nzc.on(Database(url, pool_size=2, commit_seconds=WAIT), log_key=KEY)
    try:
        yield nzc
    finally:
        await nzc.database.close()


async def grown(nzc: Nzc) -> int:
    """The size of the tree, once it has grown; raises where that is not to be."""
    await nzc.services.proofs.grow()
    latest = await nzc.services.proofs.latest()
    assert latest is not None
    return latest.size


async def committed(url: str) -> int:
    """The same, of one that is started for it."""
    async with signing(url) as nzc:
        return await grown(nzc)


async def test_nothing_is_signed_for_others_that_the_standby_lacks(pair: Pair) -> None:
    """Neither a checkpoint that it has not got, nor one over entries that it has not got."""
    async with signing(pair.primary.api_url) as nzc:
        size = await grown(nzc)
        given = organisation()
        assert await done(pair, given) is False
        await pair.standby.stop()
        with pytest.raises(CommitUnconfirmed):
            await grown(nzc)
    shown = await pair.ask_primary("SELECT max(size) FROM log_checkpoint")
    assert shown == size  # Nobody sees what waits.

    await pair.primary.stop()
    await pair.primary.start()
    # Now it is seen, though the standby lacks it: NZC shows it to nobody, and signs nothing beyond it.
    assert await pair.ask_primary("SELECT max(size) FROM log_checkpoint") > size
    with pytest.raises(StandbyAway):
        await committed(pair.primary.api_url)

    await pair.standby.start()
    await ready(pair)
    assert await committed(pair.primary.api_url) == await pair.world.head()


async def test_a_wait_that_somebody_cancels_confirms_nothing(pair: Pair) -> None:
    world = pair.world
    before = await world.head()
    given = organisation()
    await pair.standby.stop()
    sent = asyncio.create_task(register(world, given))
    while not await pair.ask_primary(  # noqa: ASYNC110  (no event to wait for)
        "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    ):
        await asyncio.sleep(0.02)
    assert said(await sent) == "COMMIT_UNCONFIRMED"
    assert await pair.ask_primary("SELECT position FROM log_head") == before + 1
    assert said(await world.anyone.post(LOG)) == "COMMIT_UNCONFIRMED"
    await not_ready(pair)

    await pair.standby.start()
    await ready(pair)
    assert await world.head() == before + 1
    assert await done(pair, given) is True


async def test_a_failover_keeps_what_was_answered_and_the_old_primary_is_refused(
    pair: Pair,
) -> None:
    world = pair.world
    kept: list[dict[str, Any]] = []

    async def write() -> None:
        while True:
            given = organisation()
            response = await register(world, given)
            if response.status_code != 200:
                return
            kept.append(given)

    writers = [asyncio.create_task(write()) for _ in range(8)]
    while len(kept) < 40:  # noqa: ASYNC110  (no event to wait for)
        await asyncio.sleep(0.02)
    await pair.primary.kill()
    await asyncio.gather(*writers)

    promoted = await asyncpg.connect(pair.standby.postgres.url(SUPERUSER))
    assert await promoted.fetchval("SELECT pg_promote()")
    await promoted.close()
    await ready(pair)
    for given in kept:
        assert await done(pair, given) is True
    given = organisation()
    assert await done(pair, given) is False
    head = await world.head()

    # Nobody fenced the old primary: it comes back, and what is the primary now is out of sight.
    await pair.primary.start()
    await waits_for(pair.primary, "")
    await pair.standby.stop()
    refused = (await world.anyone.post(LOG)).json()
    while refused.get("errors", [{}])[0]["extensions"]["code"] == "DATABASE_UNAVAILABLE":
        await asyncio.sleep(0.1)
        refused = (await world.anyone.post(LOG)).json()
    assert said(await world.anyone.post(LOG)) == "HISTORY_DIVERGED"
    assert said(await register(world, organisation())) == "HISTORY_DIVERGED"
    reason = (await pair.http.get("/health/ready")).json()["reason"]
    assert f"lacks position {head}" in reason

    # The right one is back.
    await pair.primary.stop()
    await pair.standby.start()
    await ready(pair)
    assert await world.head() == head
    assert await done(pair, given) is True
