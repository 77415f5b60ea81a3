"""The ledger on PostgreSQL against the reference: batches of commands, as they come."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import pytest_asyncio
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nzc_api.app import Nzc
from nzc_api.database.engine import Database
from nzc_api.ledger import commands as orders
from nzc_api.log.store import Outcome
from tests.conftest import TestDatabase
from tests.ledger.conservation import check_conserved
from tests.ledger.reference import (
    OK,
    UNKNOWN,
    Command,
    Confirm,
    Correct,
    End,
    Issue,
    OnBatch,
    OnSerials,
    Place,
    Reference,
    Request,
    Resolve,
    RetireAmount,
    RetireRange,
    Use,
    retired,
)
from tests.ledger.stage import Stage, code_of
from tests.ledger.strategies import HOLDERS, PROJECTS, bind, stories

APART, EACH, TOGETHER = "APART", "EACH", "TOGETHER"

# The commands of a round, and how they are sent: at once but apart, as the items of one request,
# or to stand or fall together.
Round = tuple[str, list[Command]]


@st.composite
def rounds(draw: st.DrawFn) -> list[Round]:
    told = draw(stories(*[6] * draw(st.integers(1, 6))))
    modes = st.sampled_from((APART, EACH, TOGETHER))
    return [(draw(modes), commands) for commands in told]


@dataclass(frozen=True)
class Sent:
    """A request as it was sent, to send it again; and what was answered."""

    mode: str
    keys: list[str]
    orders: list[orders.Command]
    outcomes: list[Outcome]


@dataclass(frozen=True)
class Moment:
    """What the reference had as of a position: each place of each batch, and for each pilot."""

    position: int
    balances: dict[tuple[Place, int], int]
    offsets: dict[str, tuple[int, int]]


class Played:
    """Rounds on the stage and on the reference, which must agree."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.reference = Reference(dict(PROJECTS))
        self.sent: list[Sent] = []
        self.history: list[Moment] = []

    async def play(self, number: int, mode: str, commands: Sequence[Command]) -> None:
        bound = [bind(command, self.reference) for command in commands]
        for command in bound:
            if isinstance(command, Resolve):  # which is no command of the poster's
                await self._resolve(command)
        bound = [command for command in bound if not isinstance(command, Resolve)]
        if not bound:
            return
        await self._wait_for_expiry(bound)
        keys = [f"{self.stage.tag}-{number}-{index}" for index in range(len(bound))]
        given = [self.stage.names.order(command) for command in bound]
        outcomes = await self.stage.send(mode, keys, given)
        self.sent.append(Sent(mode, keys, given, outcomes))
        if mode == TOGETHER:
            self._expect_together(bound, outcomes[0])
            return
        for command, outcome in zip(bound, outcomes, strict=True):
            assert code_of(outcome) == self.reference.do(command), command
            if outcome.position is not None:
                self._record(outcome.position)

    async def _resolve(self, command: Resolve) -> None:
        outcome, position = await self.stage.resolve(command)
        assert code_of(outcome) == self.reference.do(command), command
        if outcome.refusal is None:
            self._record(position)

    def _expect_together(self, commands: Sequence[Command], outcome: Outcome) -> None:
        expected, index = self.reference.copy().do_all(commands)
        assert code_of(outcome) == expected, commands
        if outcome.position is None:
            assert outcome.refusal is not None
            assert outcome.refusal.path[:3] == ("input", "items", str(index))
            return
        for offset, command in enumerate(commands):
            assert self.reference.do(command) == OK
            self._record(outcome.position + offset)

    def _record(self, position: int) -> None:
        self.stage.names.positions.append(position)
        balances, offsets = self.reference.balances(), self.reference.offsets()
        self.history.append(Moment(position, balances, offsets))

    async def _wait_for_expiry(self, commands: Sequence[Command]) -> None:
        """Until the time of every short request is over that somebody is about to say so of."""
        for command in commands:
            if isinstance(command, End) and command.expired and command.request != UNKNOWN:
                await self.stage.wait_past(command.request)


@pytest_asyncio.fixture
async def nzc(database: TestDatabase) -> AsyncIterator[Nzc]:
    """NZC posting, without its task that ends requests whose time is over."""
    nzc = Nzc.on(Database(database.api_url, pool_size=5))
    nzc.poster.start()
    try:
        yield nzc
    finally:
        await nzc.poster.stop()
        await nzc.database.close()


@given(rounds())
@settings(
    max_examples=100,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # a history takes too long to be shrunk
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_posting_agrees_with_the_reference(
    nzc: Nzc, database: TestDatabase, played: list[Round]
) -> None:
    """Commands that are posted together have the outcomes that they have one by one, or all of them
    none; every answer as of a position is what it was then; sending all of it again changes nothing."""
    stage = await Stage(nzc).set()
    play = Played(stage)
    for number, (mode, commands) in enumerate(played):
        await play.play(number, mode, commands)
    reference = play.reference
    assert await stage.places() == reference.places()

    # A rejection has no position: the last one accepted is the last of all.
    head = (await nzc.services.log.head()).position
    if stage.names.positions:
        assert head == stage.names.positions[-1]
    for sent in play.sent:
        again = await stage.send(sent.mode, sent.keys, sent.orders)
        for first, second in zip(sent.outcomes, again, strict=True):
            if first.refusal is not None and first.refusal.malformed:
                assert second.refusal is not None  # it is looked at anew, and refused again
            else:
                assert second == Outcome(first.position, first.refusal, replayed=True)
    assert (await nzc.services.log.head()).position == head
    assert await stage.places() == reference.places()

    await _check_history(stage, play.history)
    await check_conserved(database.owner_url)


async def _check_history(stage: Stage, history: list[Moment]) -> None:
    """What the tables and the services say as of each position is what the reference had then."""
    for then in history:
        assert await stage.balances(then.position) == then.balances
        assert await stage.moved_by(then.position) == then.balances
        held: dict[str, int] = dict.fromkeys(HOLDERS, 0)
        for (place, _), tonnes in then.balances.items():
            if place.kind == "HOLDING" and place.holder is not None:
                held[place.holder] += tonnes
        assert await stage.held(then.position) == held
        assert await stage.offsets(then.position) == then.offsets


async def test_a_key_with_other_content_is_a_conflict(nzc: Nzc) -> None:
    stage = await Stage(nzc).set()
    key = f"{stage.tag}-key"
    first = await stage.post(Issue("X", 1, 8, 8, "outside", 2022, "ann"), key)
    other = await stage.post(Issue("X", 1, 7, 7, "outside", 2022, "ann"), key)
    assert code_of(first) == OK
    assert code_of(other) == "IDEMPOTENCY_KEY_REUSED"
    same = await stage.post(Issue("X", 1, 8, 8, "outside", 2022, "ann"), key)
    assert (same.position, same.replayed) == (first.position, True)


async def test_malformed_input_does_not_use_up_its_key(nzc: Nzc) -> None:
    stage = await Stage(nzc).set()
    key = f"{stage.tag}-key"
    refused = await stage.post(Issue("X", 8, 1, -6, "outside", 2022, "ann"), key)
    assert code_of(refused) == "SERIAL_RANGE_INVALID"
    mended = await stage.post(Issue("X", 1, 8, 8, "outside", 2022, "ann"), key)
    assert code_of(mended) == OK


async def test_a_rejection_is_kept_with_its_key(nzc: Nzc) -> None:
    """What was refused stays refused under its key, even when it would be accepted by now."""
    stage = await Stage(nzc).set()
    early = RetireRange("X", 1, 2, None, None, "far")
    refused = await stage.post(early, f"{stage.tag}-early")
    assert code_of(refused) == "SERIALS_NOT_ISSUED"
    await stage.post(Issue("X", 1, 8, 8, "outside", 2022, "ann"), f"{stage.tag}-issue")
    again = await stage.post(early, f"{stage.tag}-early")
    assert (code_of(again), again.replayed) == ("SERIALS_NOT_ISSUED", True)
    assert code_of(await stage.post(early, f"{stage.tag}-late")) == OK


async def test_more_lots_are_read_where_the_first_ones_are_kept_from_the_pilot(nzc: Nzc) -> None:
    """Old lots that a rule excludes are passed over, and the next ones are found."""
    stage = await Stage(nzc).set()
    for index in range(4):
        first = index * 2 + 1
        await stage.post(
            Issue("X", first, first + 1, 2, "in-building", 2021, "ann"), f"{stage.tag}-x{index}"
        )
    await stage.post(Issue("Y", 1, 8, 8, "outside", 2022, "ann"), f"{stage.tag}-y")
    posted = await stage.post(RetireAmount(3, "ann", None, "building"), f"{stage.tag}-r")
    assert code_of(posted) == OK
    places = await stage.places()
    taken = sorted(name for name, place in places.items() if place == retired("building"))
    assert taken == [("Y", 1), ("Y", 2), ("Y", 3)]


ISSUED = Issue("X", 1, 6, 6, "outside", 2022, "ann")


async def test_accounts_that_are_there_are_used_again(nzc: Nzc, database: TestDatabase) -> None:
    """Each kind of account is opened once, whether or not the command names whose it is."""
    stage = await Stage(nzc).set()
    twice: list[Command] = [
        ISSUED,
        OnSerials("X", 1, 1, "FREEZE"),
        OnSerials("X", 2, 2, "FREEZE"),
        OnSerials("X", 1, 1, "UNFREEZE"),
        OnSerials("X", 2, 2, "UNFREEZE"),
        Use("X", 1, 1, None, None, "EVENT"),
        Use("X", 2, 2, None, None, "EVENT"),
        Request("X", 3, 3, None, None, "far"),
        Request("X", 4, 4, None, None, "far"),
        Confirm(7),
        Confirm(8),
        Correct(9),
        Correct(10),
        Correct(5),
        OnSerials("X", 5, 5, "INVALIDATE"),
        OnSerials("X", 6, 6, "INVALIDATE"),
    ]
    for index, command in enumerate(twice):
        assert code_of(await stage.post(command, f"{stage.tag}-{index}")) == OK, command
    await check_conserved(database.owner_url)


async def test_who_posts_for_one_programme_names_nothing_of_another(nzc: Nzc) -> None:
    """A request, a batch or a posting of another programme is not there for its registry."""
    stage = await Stage(nzc).set()
    begun: list[Command] = [ISSUED, Request("X", 1, 3, None, None, "far")]
    for index, command in enumerate(begun):
        assert code_of(await stage.post(command, f"{stage.tag}-{index}")) == OK
    strange: list[Command] = [
        Confirm(1, programme="PHCER"),
        End(1, programme="PHCER"),
        OnBatch(0, "FREEZE", programme="PHCER"),
        Correct(1, programme="PHCER"),
    ]
    before = await stage.places()
    for index, command in enumerate(strange):
        assert code_of(await stage.post(command, f"{stage.tag}-s{index}")) == "NOT_FOUND"
    assert await stage.places() == before


async def test_a_request_ends_when_its_time_is_over(nzc: Nzc, database: TestDatabase) -> None:
    """Only then, once, and by the service's own hand: what was set aside is its holder's again."""
    stage = await Stage(nzc).set()
    await stage.post(ISSUED, f"{stage.tag}-0")
    await stage.post(Request("X", 1, 3, None, None, "far", short=True), f"{stage.tag}-1")
    await stage.post(Request("X", 4, 6, None, None, "far"), f"{stage.tag}-2")
    early = await stage.post(End(2, expired=True), f"{stage.tag}-3")
    assert code_of(early) == "INVALID_INPUT"
    await stage.wait_past(1)
    assert (await stage.places())["X", 1].kind == "PENDING", "time alone changes nothing"
    assert await nzc.services.ledger.end_expired() == 1
    assert await nzc.services.ledger.end_expired() == 0
    places = await stage.places()
    assert [places["X", n].kind for n in range(1, 7)] == ["HOLDING"] * 3 + ["PENDING"] * 3
    late = await stage.post(Confirm(1), f"{stage.tag}-4")
    assert code_of(late) == "REQUEST_ENDED"
    await check_conserved(database.owner_url)
