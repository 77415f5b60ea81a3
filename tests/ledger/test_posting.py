"""The ledger on PostgreSQL against the reference: batches of commands, as they come."""

import asyncio
from collections import defaultdict
from datetime import date
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from nzc_api.access.principals import Principal, Role
from nzc_api.access.service import RegisterOrganisation
from nzc_api.app import Nzc
from nzc_api.guide.terms import ApplicantKind, Establishment, PilotVariant
from nzc_api.ledger import model as domain
from nzc_api.ledger import store
from nzc_api.ledger.model import AccountKind
from nzc_api.ledger.serials import SerialRange
from nzc_api.log.requests import Actor
from nzc_api.log.store import Outcome
from nzc_api.pilots.model import DateSpan, RegisterPilot
from nzc_api.refusal import LocalizedText
from tests.ledger.reference import (
    OK,
    Command,
    Issue,
    Reference,
    RetireAmount,
    RetireRange,
    Transfer,
)
from tests.ledger.strategies import HOLDERS, PILOTS, PROJECTS, commands

YEAR = DateSpan(date(2022, 1, 1), date(2022, 12, 31))


class Stage:
    """People, pilots and projects of one example, under names that no other example has."""

    def __init__(self, nzc: Nzc) -> None:
        self.nzc = nzc
        self.tag = uuid4().hex[:8].upper()
        self.holders: dict[str, int] = {}
        self.pilots: dict[str, int] = {}
        self.periods: dict[str, int] = {}
        self.projects: dict[str, int] = {}
        self.registry = Principal(0, 0, Role.REGISTRY, frozenset({"CCER"}))

    async def set(self) -> "Stage":
        self.registry = await self._organisation(Role.REGISTRY, "CCER")
        operator = await self._organisation(Role.PILOT_OPERATOR)
        for name in HOLDERS:
            self.holders[name] = (await self._organisation(Role.CREDIT_HOLDER)).organisation_id
        for name in sorted(PILOTS, key=lambda name: PILOTS[name] is not None):
            outer = PILOTS[name]
            command = RegisterPilot(
                f"{name.upper()}-{self.tag}", PilotVariant.PARK, LocalizedText(name, name),
                ApplicantKind.PARK_COMMITTEE, LocalizedText(name, name), "440100",
                Establishment.EXISTING, date(2015, 1, 1), operator.organisation_id,
                None if outer is None else self.pilots[outer], (YEAR,),
            )  # fmt: skip
            made = await self.nzc.services.pilots.register_pilot(operator, self._key(), command)
            self.pilots[name] = _done(made)
            periods = await self.nzc.services.pilots.periods_of([_done(made)])
            self.periods[name] = periods[_done(made)][0].id
        for name, project in PROJECTS.items():
            inside = self.pilots[project.inside[0]] if project.inside else None
            await self._project(name, inside)
        return self

    async def _organisation(self, role: Role, *programmes: str) -> Principal:
        command = RegisterOrganisation(LocalizedText("某", "Some"), role, programmes)
        made = await self.nzc.services.access.register_organisation_as(
            Actor(), self._key(), command
        )
        return Principal(_done(made), _done(made), role, frozenset(programmes))

    async def _project(self, name: str, inside: int | None) -> None:
        ledger = self.nzc.services.ledger
        code = f"{name.upper()}-{self.tag}"
        made = await ledger.register_project(
            self.registry,
            self._key(),
            domain.RegisterProject(
                code, LocalizedText(name, name), False, "site", None, None, None, inside
            ),
        )
        self.projects[name] = _done(made)
        enrolment = domain.EnrolProject(_done(made), "CCER", "CCER_2023", code, date(2023, 11, 1))
        _done(await ledger.enrol_project(self.registry, self._key(), enrolment))

    def _key(self) -> str:
        return str(uuid4())

    def serials(self, prefix: str, first: int, last: int) -> SerialRange:
        return SerialRange("CCER", f"{prefix}-{self.tag}", first, last)

    def translate(self, command: Command) -> domain.Command:
        """The reference's command as the ledger has it."""
        retired_on = date(2024, 7, 1)
        match command:
            case Issue():
                return domain.IssueCredits(
                    self.projects[command.project],
                    self.serials(command.prefix, command.first, command.last), "CCER",
                    command.stated, date(command.vintage, 1, 1), date(command.vintage, 12, 31),
                    date(2024, 1, 15), None, self.holders[command.holder],
                )  # fmt: skip
            case Transfer():
                return domain.TransferCredits(
                    self.serials(command.prefix, command.first, command.last), "CCER",
                    self.holders[command.giver], self.holders[command.taker], None,
                )  # fmt: skip
            case RetireRange():
                holder = None if command.holder is None else self.holders[command.holder]
                return domain.RetireSerials(
                    self.serials(command.prefix, command.first, command.last), "CCER", holder,
                    command.stated, self.pilots[command.pilot], self.periods[command.pilot],
                    retired_on, None,
                )  # fmt: skip
            case RetireAmount():
                project = None if command.project is None else self.projects[command.project]
                return domain.RetireQuantity(
                    command.amount, "CCER", self.holders[command.holder], project,
                    self.pilots[command.pilot], self.periods[command.pilot], retired_on, None,
                )  # fmt: skip

    async def post(self, command: Command, key: str) -> Outcome:
        return await self.nzc.services.ledger.post(self.registry, key, self.translate(command))

    async def owners(self) -> dict[tuple[str, int], tuple[str, str]]:
        """Where every serial is, by the current lots in the database."""
        pilots = {i: name for name, i in self.pilots.items()}
        holders = {i: name for name, i in self.holders.items()}
        found: dict[tuple[str, int], tuple[str, str]] = {}
        async with self.nzc.database.read() as connection:
            batches = await store.read_batches_in(
                connection, [self.serials(prefix, 1, 100) for prefix in ("X", "Y")]
            )
            ranges = [(b.id, b.serials.lo, b.serials.hi) for b in batches]
            lots = await store.read_lots_in(connection, ranges)
            accounts = await store.read_accounts_by_id(connection, {lot.account_id for lot in lots})
        keys = {account.id: account.key for account in accounts}
        prefixes = {batch.id: batch.serials.prefix[0] for batch in batches}
        for lot in lots:
            key = keys[lot.account_id]
            retired = key.kind is AccountKind.RETIREMENT
            name = pilots[key.pilot_id or 0] if retired else holders[key.organisation_id or 0]
            for number in range(lot.lo, lot.hi):
                assert (prefixes[lot.batch_id], number) not in found, "a serial in two lots"
                found[prefixes[lot.batch_id], number] = ("RETIRED" if retired else "HELD", name)
        return found

    async def retired(self, as_of: int) -> dict[str, int]:
        """The tonnes retired for each pilot as of a position."""
        keys = [(self.pilots[name], self.periods[name], as_of) for name in PILOTS]
        found = await self.nzc.services.trace.retired_as_of(keys)
        return {
            name: sum(item.tonnes for item in found.get(key, []))
            for name, key in zip(PILOTS, keys, strict=True)
        }

    async def held(self, as_of: int) -> dict[str, int]:
        """The tonnes that each holder holds as of a position."""
        found = await self.nzc.services.trace.holdings(list(self.holders.values()), as_of)
        return {name: sum(h.tonnes for h in found[i]) for name, i in self.holders.items()}


def _done(outcome: Outcome) -> int:
    assert outcome.position is not None, outcome.refusal
    return outcome.position


def code_of(outcome: Outcome) -> str:
    return OK if outcome.refusal is None else outcome.refusal.code


def totals(reference: Reference, where: str, names: Any) -> dict[str, int]:
    counts = dict.fromkeys(names, 0)
    for serial in reference.serials.values():
        if serial.where == where:
            counts[serial.by] += 1
    return counts


@given(st.lists(st.lists(commands, min_size=1, max_size=8), min_size=1, max_size=5))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_posting_agrees_with_the_reference(nzc: Nzc, rounds: list[list[Command]]) -> None:
    """Commands that are posted together have the outcomes that they have one by one; every answer
    as of a position is what it was then; sending all of it again changes nothing."""
    stage, reference = await Stage(nzc).set(), Reference(dict(PROJECTS))
    sent: list[tuple[Command, str, Outcome]] = []
    history: list[tuple[int, dict[str, int], dict[str, int]]] = []
    for number, together in enumerate(rounds):
        keys = [f"{stage.tag}-{number}-{index}" for index in range(len(together))]
        outcomes = await asyncio.gather(*map(stage.post, together, keys))
        for command, outcome in zip(together, outcomes, strict=True):
            assert code_of(outcome) == reference.do(command), command
            if outcome.position is not None:
                retired = totals(reference, "RETIRED", PILOTS)
                held = totals(reference, "HELD", HOLDERS)
                history.append((outcome.position, retired, held))
        sent += zip(together, keys, outcomes, strict=True)
    expected = {name: (serial.where, serial.by) for name, serial in reference.serials.items()}
    assert await stage.owners() == expected

    head = (await nzc.services.log.head()).position
    again = await asyncio.gather(*(stage.post(command, key) for command, key, _ in sent))
    for (_, _, first), second in zip(sent, again, strict=True):
        assert (second.position, second.refusal) == (first.position, first.refusal)
    assert (await nzc.services.log.head()).position == head
    assert await stage.owners() == expected

    for position, retired, held in history:
        assert await stage.retired(position) == retired
        assert await stage.held(position) == held


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


async def test_caches_follow_from_movements_and_lots(nzc: Nzc) -> None:
    """Balances add up the movements, and what is on offer is exactly the unspent held lots."""
    stage = await Stage(nzc).set()
    history: list[Command] = [
        Issue("X", 1, 8, 8, "outside", 2022, "ann"),
        Issue("Y", 1, 8, 8, "in-town", 2021, "bo"),
        Transfer("X", 3, 6, "ann", "bo"),
        RetireRange("X", 4, 4, None, None, "building"),
        RetireAmount(5, "bo", None, "far"),
        Transfer("X", 5, 5, "bo", "ann"),
    ]
    for index, command in enumerate(history):
        await stage.post(command, f"{stage.tag}-{index}")
    async with nzc.database.read() as connection:
        moved = await connection.execute(
            text("""SELECT account_id, batch_id, sum(tonnes) FROM (
                        SELECT credit_id AS account_id, batch_id, hi - lo AS tonnes FROM movement
                        UNION ALL SELECT debit_id, batch_id, lo - hi FROM movement) AS leg
                    GROUP BY account_id, batch_id""")
        )
        latest = await connection.execute(
            text("""SELECT DISTINCT ON (account_id, batch_id) account_id, batch_id, tonnes
                    FROM balance ORDER BY account_id, batch_id, position DESC""")
        )
        assert sorted(map(tuple, moved)) == sorted(map(tuple, latest))
        offered = await connection.execute(
            text("SELECT lot_position, lot_piece, account_id, lo, hi FROM available_lot")
        )
        unspent = await connection.execute(
            text("""SELECT position, piece, account_id, lo, hi FROM lot
                    JOIN account ON account.id = lot.account_id AND account.kind = 'HOLDING'
                    WHERE NOT EXISTS (SELECT FROM lot_spent AS s WHERE s.lot_position = lot.position
                                      AND s.lot_piece = lot.piece)""")
        )
        assert sorted(map(tuple, offered)) == sorted(map(tuple, unspent))


async def test_more_lots_are_read_where_the_first_ones_are_kept_from_the_pilot(nzc: Nzc) -> None:
    """Old lots that a rule excludes are passed over, and the next ones are found."""
    stage = await Stage(nzc).set()
    for index in range(4):
        first = index * 2 + 1
        await stage.post(
            Issue("X", first, first + 1, 2, "in-building", 2021, "ann"), f"{stage.tag}-x{index}"
        )
    await stage.post(Issue("Y", 1, 8, 8, "outside", 2022, "ann"), f"{stage.tag}-y")
    retired = await stage.post(RetireAmount(3, "ann", None, "building"), f"{stage.tag}-r")
    assert code_of(retired) == OK
    owners = await stage.owners()
    by_where: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for name, where in owners.items():
        by_where[where].append(name)
    assert sorted(by_where["RETIRED", "building"]) == [("Y", 1), ("Y", 2), ("Y", 3)]
