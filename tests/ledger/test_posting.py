"""The ledger on PostgreSQL against the reference: batches of commands, as they come."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.database.engine import Database, DatabaseUnavailable
from nzc_api.ledger.auditing.audit import audit
from nzc_api.ledger.posting import cache as keeping
from nzc_api.ledger.posting import poster as posting_together
from nzc_api.ledger.posting.verbs.retiring import RetireSerials
from nzc_api.log.history import HistoryDiverged
from nzc_api.log.model import Outcome
from nzc_api.pilots.errors import PeriodNotOfPilot
from nzc_api.services import Nzc
from tests.conftest import Server, TestDatabase
from tests.ledger.conservation import check_conserved
from tests.ledger.reference import (
    APART,
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
    PlaceIn,
    Reference,
    Request,
    Resolve,
    Restate,
    RetireAmount,
    RetireRange,
    Use,
    retired,
)
from tests.ledger.stage import YEAR, Sending, Stage, code_of
from tests.ledger.strategies import HOLDERS, PROJECTS, bind, histories, stories
from tests.swapping import adopted, put_back


@dataclass(frozen=True)
class Round:
    """Commands that are sent together: those of a group stand or fall together, under one key.

    ``in_one``: as the items of one request, each in a group of its own; else at once, but apart.
    ``twice``: by a client that sends everything again without waiting.
    """

    groups: list[list[Command]]
    in_one: bool
    twice: bool


@st.composite
def rounds(draw: st.DrawFn) -> list[Round]:
    found = []
    for commands in draw(stories(*[8] * draw(st.integers(2, 5)))):
        in_one, left = draw(st.booleans()), list(commands)
        groups: list[list[Command]] = []
        while left:
            group = [left.pop(0)]
            size = 1 if in_one else draw(st.sampled_from((1, 1, 2, 3)))
            while left and len(group) < size:
                group.append(left.pop(0))
            groups.append(group)
        found.append(Round(groups, in_one, draw(st.booleans())))
    return found


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
        # What was sent, to send it again, and what was answered.
        self.sent: list[tuple[Sending, list[Outcome]]] = []
        self.history: list[Moment] = []

    async def play(self, number: int, played: Round) -> None:
        # What is named is what was there when the round began.
        bound = [[bind(c, self.reference) for c in group] for group in played.groups]
        for command in (c for group in bound for c in group if isinstance(c, APART)):
            await self._apart(command)
        bound = [[c for c in group if not isinstance(c, APART)] for group in bound]
        bound = [group for group in bound if group]
        await self._wait_for_expiry([c for group in bound for c in group])
        units = [
            (f"{self.stage.tag}-{number}-{index}", [self.stage.names.order(c) for c in group])
            for index, group in enumerate(bound)
        ]
        sending = Sending(units, played.in_one)
        outcomes = await self.stage.send(Sending(units * (1 + played.twice), played.in_one))
        self.sent.append((sending, outcomes[: len(units)]))
        for group, outcome in zip(bound, outcomes[: len(units)], strict=True):
            self._expect(group, outcome)
        for first, second in zip(outcomes[: len(units)], outcomes[len(units) :], strict=False):
            check_replayed(first, second)

    async def _apart(self, command: Resolve | PlaceIn | Restate) -> None:
        outcome, position = await self.stage.apart(command)
        assert code_of(outcome) == self.reference.do(command), command
        if outcome.refusal is None:
            self._record(position)

    def _expect(self, group: Sequence[Command], outcome: Outcome) -> None:
        expected, index = self.reference.copy().do_all(group)
        assert code_of(outcome) == expected, group
        if outcome.position is None:
            assert outcome.refusal is not None
            if len(group) > 1:
                assert outcome.item == index
            return
        for offset, command in enumerate(group):
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


def check_replayed(first: Outcome, second: Outcome) -> None:
    """The second is the outcome of the same request, sent again."""
    if first.refusal is not None and first.refusal.malformed:
        assert second.refusal is not None  # it is looked at anew, and refused again
    else:
        assert second == first._replace(replayed=True)


@asynccontextmanager
async def posting(url: str) -> AsyncIterator[Nzc]:
    nzc = Nzc.on(Database(url, pool_size=5))
    nzc.poster.start()
    try:
        yield nzc
    finally:
        await nzc.poster.stop()
        await nzc.database.close()


@pytest_asyncio.fixture
async def nzc(database: TestDatabase) -> AsyncIterator[Nzc]:
    async with posting(database.api_url) as nzc:
        yield nzc


@pytest_asyncio.fixture
async def another(database: TestDatabase) -> AsyncIterator[Nzc]:
    """As another process would be, which has not seen what the first did."""
    async with posting(database.api_url) as nzc:
        yield nzc


@given(rounds())
@histories(30)
async def test_posting_agrees_with_the_reference(
    nzc: Nzc, another: Nzc, database: TestDatabase, played: list[Round]
) -> None:
    await _agree(nzc, another, database, played)


@pytest.mark.slow
@given(rounds())
@histories(400)
async def test_posting_agrees_with_the_reference_for_long(
    nzc: Nzc, another: Nzc, database: TestDatabase, played: list[Round]
) -> None:
    await _agree(nzc, another, database, played)


async def _agree(nzc: Nzc, another: Nzc, database: TestDatabase, played: list[Round]) -> None:
    """Commands that are posted together have the outcomes that they have one by one, or all of them
    none; every answer as of a position is what it was then; sending all of it again changes nothing."""
    stage = await Stage(nzc, another).set()
    play = Played(stage)
    for number, one in enumerate(played):
        await play.play(number, one)
    reference = play.reference
    assert await stage.places() == reference.places()

    # A rejection has no position: the last one accepted is the last of all.
    head = (await nzc.services.log.head()).position
    if stage.names.positions:
        assert head == stage.names.positions[-1]
    for sending, outcomes in play.sent:
        for first, second in zip(outcomes, await stage.send(sending), strict=True):
            check_replayed(first, second)
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
    first = await stage.post(
        Issue(prefix="X", first=1, last=8, stated=8, project="outside", vintage=2022, holder="ann"),
        key,
    )
    other = await stage.post(
        Issue(prefix="X", first=1, last=7, stated=7, project="outside", vintage=2022, holder="ann"),
        key,
    )
    assert code_of(first) == OK
    assert code_of(other) == "IDEMPOTENCY_KEY_REUSED"
    same = await stage.post(
        Issue(prefix="X", first=1, last=8, stated=8, project="outside", vintage=2022, holder="ann"),
        key,
    )
    assert (same.position, same.replayed) == (first.position, True)


async def test_malformed_input_does_not_use_up_its_key(nzc: Nzc) -> None:
    stage = await Stage(nzc).set()
    key = f"{stage.tag}-key"
    refused = await stage.post(
        Issue(
            prefix="X", first=8, last=1, stated=-6, project="outside", vintage=2022, holder="ann"
        ),
        key,
    )
    assert code_of(refused) == "SERIAL_RANGE_INVALID"
    mended = await stage.post(
        Issue(prefix="X", first=1, last=8, stated=8, project="outside", vintage=2022, holder="ann"),
        key,
    )
    assert code_of(mended) == OK


async def test_a_rejection_is_kept_with_its_key(nzc: Nzc) -> None:
    """What was refused stays refused under its key, even when it would be accepted by now."""
    stage = await Stage(nzc).set()
    early = RetireRange(prefix="X", first=1, last=2, holder=None, stated=None, pilot="far")
    refused = await stage.post(early, f"{stage.tag}-early")
    assert code_of(refused) == "SERIALS_NOT_ISSUED"
    await stage.post(
        Issue(prefix="X", first=1, last=8, stated=8, project="outside", vintage=2022, holder="ann"),
        f"{stage.tag}-issue",
    )
    again = await stage.post(early, f"{stage.tag}-early")
    assert (code_of(again), again.replayed) == ("SERIALS_NOT_ISSUED", True)
    assert code_of(await stage.post(early, f"{stage.tag}-late")) == OK


async def test_more_lots_are_read_where_the_first_ones_are_kept_from_the_pilot(nzc: Nzc) -> None:
    """Old lots that a rule excludes are passed over, and the next ones are found."""
    stage = await Stage(nzc).set()
    for index in range(4):
        first = index * 2 + 1
        await stage.post(
            Issue(
                prefix="X",
                first=first,
                last=first + 1,
                stated=2,
                project="in-building",
                vintage=2021,
                holder="ann",
            ),
            f"{stage.tag}-x{index}",
        )
    await stage.post(
        Issue(prefix="Y", first=1, last=8, stated=8, project="outside", vintage=2022, holder="ann"),
        f"{stage.tag}-y",
    )
    posted = await stage.post(
        RetireAmount(amount=3, holder="ann", project=None, pilot="building"), f"{stage.tag}-r"
    )
    assert code_of(posted) == OK
    places = await stage.places()
    taken = sorted(name for name, place in places.items() if place == retired("building"))
    assert taken == [("Y", 1), ("Y", 2), ("Y", 3)]


ISSUED = Issue("X", 1, 6, 6, "outside", 2022, "ann")


async def test_accounts_that_are_there_are_used_again(
    nzc: Nzc, another: Nzc, database: TestDatabase
) -> None:
    """Each kind of account is opened once, whether or not the command names whose it is."""
    stage = await Stage(nzc, another).set()
    twice: list[Command] = [
        ISSUED,
        OnSerials(prefix="X", first=1, last=1, action="FREEZE"),
        OnSerials(prefix="X", first=2, last=2, action="FREEZE"),
        OnSerials(prefix="X", first=1, last=1, action="UNFREEZE"),
        OnSerials(prefix="X", first=2, last=2, action="UNFREEZE"),
        Use(prefix="X", first=1, last=1, holder=None, stated=None, purpose="EVENT"),
        Use(prefix="X", first=2, last=2, holder=None, stated=None, purpose="EVENT"),
        Request(prefix="X", first=3, last=3, holder=None, stated=None, pilot="far"),
        Request(prefix="X", first=4, last=4, holder=None, stated=None, pilot="far"),
        Confirm(7),
        Confirm(8),
        Correct(9),
        Correct(10),
        Correct(5),
        OnSerials(prefix="X", first=5, last=5, action="INVALIDATE"),
        OnSerials(prefix="X", first=6, last=6, action="INVALIDATE"),
    ]
    for index, command in enumerate(twice):
        assert code_of(await stage.post(command, f"{stage.tag}-{index}")) == OK, command
    await check_conserved(database.owner_url)


async def test_what_holds_of_a_batch_is_what_the_next_request_meets(nzc: Nzc, another: Nzc) -> None:
    """Facts about whole batches and what was found of doubles, each by a request of its own."""
    stage = await Stage(nzc, another).set()

    def retirement(serial: int, prefix: str = "X") -> RetireRange:
        return RetireRange(
            prefix=prefix, first=serial, last=serial, holder=None, stated=None, pilot="far"
        )

    double = Issue(
        prefix="P", first=1, last=6, stated=6, project="outside", vintage=2022, holder="bo"
    )
    told: list[tuple[Command, str]] = [
        (ISSUED, OK),
        (OnBatch(0, "FREEZE"), OK),
        (retirement(1), "CREDITS_FROZEN"),
        (OnBatch(0, "UNFREEZE"), OK),
        (retirement(1), OK),
        (OnBatch(0, "UNFREEZE"), "CREDITS_NOT_FROZEN"),
        (OnBatch(0, "FREEZE"), OK),
        (retirement(2), "CREDITS_FROZEN"),
        (OnBatch(0, "UNFREEZE"), OK),
        (double, OK),
        (retirement(2), "DOUBLE_ISSUANCE_SUSPECTED"),
        (Resolve(6, 0, "DOUBLE"), OK),
        (retirement(2), OK),
        (retirement(1, "P"), "DOUBLE_ISSUANCE_SUSPECTED"),
        (OnBatch(0, "EXPORT"), OK),
        (retirement(3), "CREDITS_EXPORTED"),
        (Use(prefix="X", first=3, last=3, holder=None, stated=None, purpose="EVENT"), OK),
        (OnBatch(0, "INVALIDATE"), OK),
        (
            Use(prefix="X", first=4, last=4, holder=None, stated=None, purpose="EVENT"),
            "CREDITS_INVALIDATED",
        ),
    ]
    for index, (command, code) in enumerate(told):
        if isinstance(command, Resolve):
            outcome, position = await stage.apart(command)
            stage.names.positions.append(position)
        else:
            outcome = await stage.post(command, f"{stage.tag}-{index}")
        assert code_of(outcome) == code, (index, command)


async def test_who_posts_for_one_programme_names_nothing_of_another(nzc: Nzc) -> None:
    """A request, a batch or a posting of another programme is not there for its registry."""
    stage = await Stage(nzc).set()
    begun: list[Command] = [
        ISSUED,
        Request(prefix="X", first=1, last=3, holder=None, stated=None, pilot="far"),
    ]
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
    await stage.post(
        Request(prefix="X", first=1, last=3, holder=None, stated=None, pilot="far", short=True),
        f"{stage.tag}-1",
    )
    await stage.post(
        Request(prefix="X", first=4, last=6, holder=None, stated=None, pilot="far"),
        f"{stage.tag}-2",
    )
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


async def test_a_unit_may_issue_a_double_of_what_it_used(nzc: Nzc) -> None:
    """Serials that were retired before their double was issued were free then, in one unit too."""
    stage = await Stage(nzc).set()
    assert code_of(await stage.post(ISSUED, f"{stage.tag}-0")) == OK
    unit: list[Command] = [
        RetireRange(prefix="X", first=1, last=2, holder=None, stated=None, pilot="far"),
        Issue(prefix="P", first=1, last=2, stated=2, project="outside", vintage=2022, holder="ann"),
    ]
    orders = [stage.names.order(command) for command in unit]
    outcomes = await stage.send(Sending([(f"{stage.tag}-1", orders)], in_one=False))
    assert code_of(outcomes[0]) == OK


async def test_of_another_pilots_period_the_pilots_own_are_told(nzc: Nzc) -> None:
    """Also where the period is known from before, and the pilot's own are not."""
    stage = await Stage(nzc).set()
    assert code_of(await stage.post(ISSUED, f"{stage.tag}-issue")) == OK
    first = RetireRange(prefix="X", first=1, last=1, holder=None, stated=None, pilot="building")
    assert code_of(await stage.post(first, f"{stage.tag}-1")) == OK
    order = stage.names.order(
        RetireRange(prefix="X", first=2, last=2, holder=None, stated=None, pilot="far")
    )
    assert isinstance(order, RetireSerials)
    mixed = replace(order, period_id=stage.names.periods["building"])
    outcome = await nzc.services.ledger.post(stage.registry, f"{stage.tag}-2", mixed)
    assert isinstance(outcome.refusal, PeriodNotOfPilot)
    assert outcome.refusal.periods == (f"{YEAR.starts_on} – {YEAR.ends_on}",)


async def test_where_there_is_no_database_all_who_wait_hear_of_it(nzc: Nzc, tmp_path: Path) -> None:
    stage = await Stage(nzc).set()
    order = stage.names.order(
        RetireRange(prefix="X", first=1, last=1, holder=None, stated=None, pilot="far")
    )
    async with posting(f"postgresql:///nzc?host={tmp_path}") as nowhere:
        ledger = nowhere.services.ledger
        async with asyncio.timeout(20):
            heard = await asyncio.gather(
                *(ledger.post(stage.registry, f"{stage.tag}-{n}", order) for n in range(3)),
                return_exceptions=True,
            )
    assert [type(error) for error in heard] == [DatabaseUnavailable] * 3


async def test_who_waits_when_posting_stops_is_let_go(nzc: Nzc, another: Nzc) -> None:
    stage = await Stage(nzc).set()
    order = stage.names.order(
        RetireRange(prefix="X", first=1, last=1, holder=None, stated=None, pilot="far")
    )
    await another.poster.stop()
    waiting = asyncio.create_task(another.services.ledger.post(stage.registry, "waiting", order))
    while not another.poster.waiting:  # noqa: ASYNC110  (no event to wait for)
        await asyncio.sleep(0)
    await another.poster.stop()
    done, _ = await asyncio.wait([waiting], timeout=10)
    assert done == {waiting}
    assert waiting.cancelled()


async def test_a_database_put_back_is_another_log(
    nzc: Nzc, another: Nzc, database: TestDatabase, server: Server
) -> None:
    """Accounts and batches are numbered anew there: what was read of those that are gone would be a
    retirement for another pilot."""
    stage = await Stage(nzc).set()
    assert code_of(await stage.post(ISSUED, f"{stage.tag}-issue")) == OK
    async with put_back(database, server, nzc.database, another.database):
        for serial in (1, 3):
            lost = RetireRange(
                prefix="X", first=serial, last=serial, holder=None, stated=None, pilot="far"
            )
            assert code_of(await stage.post(lost, f"{stage.tag}-lost-{serial}")) == OK
    again = RetireRange(prefix="X", first=1, last=1, holder=None, stated=None, pilot="far")
    with pytest.raises(HistoryDiverged):
        await stage.post(again, f"{stage.tag}-again")
    await adopted(database, server, nzc.database, another.database)
    elsewhere = stage.seen_from(another)
    for serial in (2, 3):
        one = RetireRange(
            prefix="X", first=serial, last=serial, holder=None, stated=None, pilot="building"
        )
        assert code_of(await elsewhere.post(one, f"{stage.tag}-{serial}")) == OK
    assert code_of(await stage.post(again, f"{stage.tag}-again")) == OK
    assert await audit(nzc.database) == []


async def test_what_a_refused_command_read_is_not_kept(
    nzc: Nzc, another: Nzc, database: TestDatabase, server: Server
) -> None:
    """No entry says that it was read before what is put back."""
    stage = await Stage(nzc).set()
    elsewhere = stage.seen_from(another)
    assert code_of(await stage.post(ISSUED, f"{stage.tag}-issue")) == OK
    async with put_back(database, server, nzc.database, another.database):
        lost = RetireRange(prefix="X", first=1, last=1, holder=None, stated=None, pilot="far")
        assert code_of(await elsewhere.post(lost, f"{stage.tag}-lost")) == OK
        refused = await stage.post(lost, f"{stage.tag}-refused")
        assert code_of(refused) == "SERIALS_ALREADY_RETIRED"
    await adopted(database, server, nzc.database, another.database)
    other = RetireRange(prefix="X", first=2, last=2, holder=None, stated=None, pilot="building")
    assert code_of(await elsewhere.post(other, f"{stage.tag}-2")) == OK
    again = RetireRange(prefix="X", first=1, last=1, holder=None, stated=None, pilot="far")
    assert code_of(await stage.post(again, f"{stage.tag}-again")) == OK
    assert await audit(nzc.database) == []


@pytest.mark.parametrize(
    ("where", "most"), [(keeping, "MOST_KEPT"), (posting_together, "MOST_SINCE")]
)
async def test_with_nothing_kept_it_is_the_same(
    nzc: Nzc, another: Nzc, monkeypatch: pytest.MonkeyPatch, where: ModuleType, most: str
) -> None:
    monkeypatch.setattr(where, most, 0)
    stage = await Stage(nzc, another).set()
    assert code_of(await stage.post(ISSUED, f"{stage.tag}-issue")) == OK
    for serial in range(1, 5):
        one = RetireRange(
            prefix="X", first=serial, last=serial, holder=None, stated=None, pilot="far"
        )
        assert code_of(await stage.post(one, f"{stage.tag}-{serial}")) == OK
        assert code_of(await stage.post(one, f"{stage.tag}-again-{serial}")) == (
            "SERIALS_ALREADY_RETIRED"
        )
