"""A registry's list over HTTP: what comes of it is what `nzc reconcile` says, and it is kept."""

import asyncio
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from nzc_api.ledger.programmes import PROGRAMMES
from nzc_api.ledger.reconciling import reconcile, rules
from nzc_api.ledger.reconciling.reconcile import MOST_OVER_ONE, ListedUnit, Reconciler, Status
from nzc_api.ledger.reconciling.reconcile_service import read
from nzc_api.ledger.reconciling.service import ReconcilingService
from nzc_api.transport.requests import LARGEST_BODY
from tests.auditing.reconciling import hand_in, handed_in
from tests.auditing.test_commands import ledger_file, rows_of, told
from tests.conftest import TestDatabase
from tests.served import served
from tests.world import Caller, World

LISTED = """query ($programmes: [ProgrammeCode!]) { reconciliations(programmes: $programmes) { totalCount nodes {
    id position asOfPosition programme { code } listSha256 listSize reportSha256 reportSize
    outcomes { outcome rows quantity } event { kind organisation { id } subject { id } } } } }"""


async def report_of(caller: Caller, made: dict[str, Any]) -> Any:
    key = {} if caller.secret is None else {"Authorization": f"Bearer {caller.secret}"}
    return await caller.http.get(f"/{made['report']['address']}", headers=key)


async def kept(caller: Caller, **given: Any) -> list[Any]:
    nodes: list[Any] = (await caller.ask(LISTED, **given))["reconciliations"]["nodes"]
    return nodes


async def test_a_list_is_compared_as_the_command_does_and_kept(
    world: World, database: TestDatabase, tmp_path: Path
) -> None:
    path = await ledger_file(world, tmp_path, "GD-X-1 to 7,,,held,,", "?,,,held,,")
    head = await world.head()
    made = await handed_in(world.registry, path.read_bytes())
    assert (made["asOfPosition"], made["position"]) == (str(head), str(head + 1))
    assert made["list"] == {
        "sha256": sha256(path.read_bytes()).hexdigest(), "size": str(len(path.read_bytes())),
    }  # fmt: skip
    answer = await report_of(world.registry, made)
    assert sha256(answer.content).hexdigest() == made["report"]["sha256"]
    by_command = await told(database, tmp_path, "reconcile", "CCER", str(path))
    assert rows_of(answer.text) == rows_of(by_command.out)
    rows = rows_of(answer.text)
    for outcome, sums in made["outcomes"].items():
        same = [row for row in rows if row["outcome"] == outcome]
        assert sums["rows"] == str(len(same))
        assert sums["quantity"] == str(sum(int(row["tonnes"] or 0) for row in same))
    assert set(made["outcomes"]) == {"MATCHED", "MISSING_HERE", "UNREADABLE"}

    [listed] = await kept(world.registry)
    assert listed["id"] == made["id"]
    assert listed["event"] == {
        "kind": "REGISTRY_LIST_RECONCILED",
        "organisation": {"id": world.registry.organisation},
        "subject": {"id": made["id"]},
    }
    assert {sums["outcome"]: sums["rows"] for sums in listed["outcomes"]} == {
        outcome: sums["rows"] for outcome, sums in made["outcomes"].items()
    }
    assert (listed["listSha256"], listed["reportSha256"]) == (
        made["list"]["sha256"], made["report"]["sha256"],
    )  # fmt: skip
    # It stays what it was, whatever is posted.
    await world.issue(await world.project(), "GD-LATER", 1, 10)
    assert (await report_of(world.registry, made)).content == answer.content


async def test_a_list_that_is_sent_again_is_compared_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = "serials,status\nGD-X-1,held\n"
    made = await hand_in(world.registry, listed, key="one")
    assert (made.status_code, made.json()["replayed"]) == (201, False)
    monkeypatch.setattr(ReconcilingService, "compare", None)
    again = await hand_in(world.registry, listed, key="one")
    assert (again.status_code, again.json()) == (200, made.json() | {"replayed": True})
    for other, key, code in (
        ("serials,status\nGD-X-2,held\n", "one", "IDEMPOTENCY_KEY_REUSED"),
        (listed, "", "INVALID_INPUT"),
        (listed, "a b", "INVALID_INPUT"),
    ):
        answer = await hand_in(world.registry, other, key=key)
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["extensions"]["code"]) == (400, code)
        assert error["extensions"]["inputPath"] == ["idempotencyKey"]
    assert len(await kept(world.registry)) == 1


async def test_of_two_that_come_at_once_under_one_key_one_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the log says, though neither found the other's outcome as it began."""

    async def nothing(*_: Any) -> None:
        return None

    monkeypatch.setattr(ReconcilingService, "answered", nothing)
    listed = "serials,status\nGD-X-1,held\n"
    first, second = [(await hand_in(world.registry, listed, key="one")).json() for _ in range(2)]
    assert second == first | {"replayed": True}
    assert len(await kept(world.registry)) == 1


async def test_reconciliations_are_seen_by_whom_they_concern(world: World) -> None:
    made = await handed_in(world.registry, "serials,status\nGD-X-1,held\n")
    node = "query ($id: ID!) { node(id: $id) { id } }"
    for caller in (world.registry, world.auditor, world.regulator, world.administrator):
        assert [reconciliation["id"] for reconciliation in await kept(caller)] == [made["id"]]
        assert (await report_of(caller, made)).status_code == 200
    assert await kept(world.auditor, programmes=["PHCER"]) == []
    for caller in (world.phcer_registry, world.operator, world.holder, world.anyone):
        assert await kept(caller) == []
        assert (await caller.ask(node, id=made["id"]))["node"] is None
        assert (await report_of(caller, made)).status_code == 404


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("anyone", 401, "UNAUTHENTICATED"),
        ("operator", 403, "FORBIDDEN"),
        ("auditor", 403, "FORBIDDEN"),
        ("phcer_registry", 403, "FORBIDDEN"),
    ],
)
async def test_who_is_not_the_programmes_registry_is_refused(
    world: World, who: str, status: int, code: str
) -> None:
    answer = await hand_in(getattr(world, who), "serials,status\nGD-X-1,held\n")
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (status, code)
    assert await kept(world.administrator) == []


@pytest.mark.parametrize(
    ("listed", "programme", "status", "code"),
    [
        ("nothing\n", "CCER", 400, "REGISTRY_LIST_UNREADABLE"),
        ("", "CCER", 400, "REGISTRY_LIST_UNREADABLE"),
        (b"PK\x03\x04 a workbook", "CCER", 400, "REGISTRY_LIST_UNREADABLE"),
        ('serials,status\n"', "CCER", 400, "REGISTRY_LIST_UNREADABLE"),
        ("serials,status\nGD-X-1,held\n", "XYZ", 400, "INVALID_INPUT"),
        ("serials,status\n" + "GD-X-1,held\n" * 99, "CCER", 413, "REGISTRY_LIST_TOO_LARGE"),
    ],
)
async def test_a_list_that_cannot_be_compared_is_refused_and_nothing_kept(
    world: World, monkeypatch: pytest.MonkeyPatch, listed: str | bytes, programme: str, status: int,
    code: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(rules, "MOST_BYTES", 900)
    before = await world.head()
    answer = await hand_in(world.registry, listed, programme)
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (status, code)
    assert set(error["extensions"]["localizedMessage"]) == {"zh", "en"}
    assert await world.head() == before


async def test_an_empty_file_is_no_list_of_nothing(world: World) -> None:
    answer = await hand_in(world.registry, "", media_type="application/x-ndjson")
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (400, "REGISTRY_LIST_UNREADABLE")
    assert await kept(world.registry) == []


async def test_a_line_of_json_that_is_too_deep_is_told_as_unreadable(world: World) -> None:
    listed = '{"serials": "GD-X-1 to 3", "status": "held"}\n' + "[" * 100_000
    made = await handed_in(world.registry, listed, media_type="application/x-ndjson")
    assert made["outcomes"]["UNREADABLE"] == {"rows": "1", "quantity": "0"}


async def test_a_serial_that_is_listed_over_and_over_is_refused(world: World) -> None:
    for times, status in ((MOST_OVER_ONE, 201), (MOST_OVER_ONE + 1, 400)):
        listed = "serials,status\n" + "GD-X-1 to 3,held\n" * times
        answer = await hand_in(world.registry, listed)
        assert answer.status_code == status, answer.text


async def test_others_have_their_turn_while_a_list_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("serials,status\n" + "".join(f"GD-X-{n},held\n" for n in range(5_000)))
    reading = asyncio.create_task(read(PROGRAMMES["CCER"], path))
    turns = 0
    while not reading.done():
        await asyncio.sleep(0)
        turns += 1
    assert len((await reading).units) == 5_000 or (await reading).unreadable
    assert turns > 40


def test_a_list_is_compared_in_time_that_grows_as_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not with its square: what is still to come of it is not gone through at each line."""
    gone_through = 0

    class Watched(deque[ListedUnit]):
        def __iter__(self) -> Iterator[ListedUnit]:
            nonlocal gone_through
            gone_through += 1
            return super().__iter__()

    monkeypatch.setattr(reconcile, "deque", Watched)
    listed = [
        ListedUnit(space=("CCER", "GD-X"), lo=n, hi=n + 1, status=Status.HELD) for n in range(50)
    ]
    assert [*Reconciler(listed).finish()]
    assert gone_through == 0


async def test_a_report_that_would_be_too_large_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_BYTES", 900)
    rows = [f"GD-{n}-1,held" for n in range(60)]
    answer = await hand_in(world.registry, "\n".join(["serials,status", *rows]))
    assert answer.status_code == 413
    assert "The report" in answer.json()["errors"][0]["message"]


async def test_json_lines_are_a_list_too(world: World) -> None:
    listed = '{"serials": "GD-X-1 to 3", "status": "held"}\n'
    made = await handed_in(world.registry, listed, media_type="application/x-ndjson")
    assert made["outcomes"] == {"MISSING_HERE": {"rows": "1", "quantity": "3"}}


async def test_a_long_list_arrives_at_a_server(world: World, database: TestDatabase) -> None:
    """Longer than what is sent to GraphQL may be."""
    lines = (f"GD-{number},held,{'-' * 200}\n" for number in range(1, 25_000))
    listed = "".join(["serials,status,note\n", *lines])
    assert len(listed) > LARGEST_BODY
    async with served(database.api_url) as api, api.client() as http:
        made = await handed_in(replace(world.registry, http=http), listed)
    assert made["outcomes"] == {"MISSING_HERE": {"rows": "24999", "quantity": "24999"}}
