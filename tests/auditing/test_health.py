"""The health that is looked at all the time: of the latest positions, and of the rest step by step."""

import pytest

from nzc_api.database.engine import Database
from nzc_api.ids import Position
from nzc_api.ledger.auditing import audit as auditing
from nzc_api.ledger.auditing.audit import Walk, audit_latest
from tests.auditing.acts import everything
from tests.auditing.corruptions.log import GUARDED
from tests.auditing.sample import position_of
from tests.conftest import TestDatabase, unguarded
from tests.world import World


async def test_the_health_of_the_latest_positions(
    copy: TestDatabase, sample: tuple[str, dict[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies before them, the running check finds, and keeps in mind until it is in order again."""
    step = 50
    monkeypatch.setattr(auditing, "WALKED_POSITIONS", step)
    used, walk = sample[1]["used"], Walk()
    database = Database(copy.api_url, pool_size=1)

    async def look(positions: int) -> tuple[int, set[str]]:
        health = await audit_latest(database, positions, walk)
        return health.walked, {found.check.name.en for found in health.broken}

    try:
        head = (await audit_latest(database, 100, Walk())).position
        rounds = [min(at, head) for at in range(step, head + step, step)]
        assert len(rounds) > 4
        assert [await look(100) for _ in rounds] == [(at, set()) for at in rounds]
        async with unguarded(copy.superuser_url) as connection:
            await connection.execute("CREATE TABLE kept AS SELECT * FROM lot")
            await connection.execute("DELETE FROM lot WHERE position = $1 AND piece = 1", used)
            assert "pieces tile what was spent" in (await look(head))[1]
            walk.reached = Position(0)
            told = [await look(1) for _ in rounds]
            assert [at for at, _ in told] == rounds
            assert [bool(names) for _, names in told] == [at >= used for at in rounds]
            await connection.execute(
                "INSERT INTO lot SELECT * FROM kept WHERE position = $1 AND piece = 1", used
            )
            assert [bool((await look(1))[1]) for _ in rounds] == [at < used for at in rounds]
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("deed", "check"),
    [
        (
            "INSERT INTO balance SELECT account_id, batch_id, 1000000, -5000 FROM balance LIMIT 1",
            "nothing lies outside the log",
        ),
        ("INSERT INTO grounds VALUES (1000000, 'x', 'y')", "nothing lies outside the log"),
        ("UPDATE log_head SET position = position - 1", "the head follows the log"),
        ("ALTER TABLE balance DISABLE TRIGGER balance_follows", GUARDED),
    ],
)
async def test_health_looks_past_the_head_and_at_guards(
    copy: TestDatabase, deed: str, check: str
) -> None:
    database = Database(copy.api_url, pool_size=1)
    try:
        assert not (await audit_latest(database, 1, Walk())).broken
        async with unguarded(copy.superuser_url) as connection:
            await connection.execute(deed)
        found = (await audit_latest(database, 1, Walk())).broken
        assert check in {broken.check.name.en for broken in found}
    finally:
        await database.close()


HEALTH = "{ ledgerHealth { position walkedPosition sound broken { name { zh en } count } } }"


async def test_the_health_over_graphql(world: World, database: TestDatabase) -> None:
    done = await everything(world)
    health = (await world.anyone.ask(HEALTH))["ledgerHealth"]
    head = str(await world.head())
    assert health == {"position": head, "walkedPosition": head, "sound": True, "broken": []}
    used = await position_of(world, done["used"])
    async with unguarded(database.superuser_url) as connection:
        await connection.execute("DELETE FROM lot WHERE position = $1 AND piece = 1", used)
    health = (await world.anyone.ask(HEALTH))["ledgerHealth"]
    assert health["sound"] is False
    assert health["broken"][0] == {
        "name": {"zh": "新区段恰好替代旧区段", "en": "pieces tile what was spent"},
        "count": 1,
    }
