"""The pure rules against the reference: whatever is asked, in whatever order."""

from datetime import date
from typing import Any

import hypothesis
from hypothesis import settings

from nzc_api.guide.terms import ApplicantKind, Establishment, PilotVariant
from nzc_api.ledger import model as domain
from nzc_api.ledger.decide import Decider, Posting, check_form
from nzc_api.ledger.model import AccountKind
from nzc_api.ledger.programmes import PROGRAMMES
from nzc_api.ledger.serials import SerialRange
from nzc_api.ledger.state import State
from nzc_api.pilots.model import AccountingPeriod, DateSpan, Pilot
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
from tests.ledger.strategies import HOLDERS, PILOTS, PROJECTS, commands, histories

TODAY = date(2024, 12, 31)
RETIRED_ON = date(2024, 7, 1)

PILOT_IDS = {name: 100 + index for index, name in enumerate(PILOTS)}
PERIOD_IDS = {name: 200 + index for index, name in enumerate(PILOTS)}
HOLDER_IDS = {name: 300 + index for index, name in enumerate(HOLDERS)}
PROJECT_IDS = {name: 400 + index for index, name in enumerate(PROJECTS)}

FIRST_POSITION = 1000


def fresh_state() -> State:
    """A state that knows the people, the pilots and the projects, and no credits."""
    state = State(today=TODAY)
    state.organisations = {i: LocalizedText(n, n) for n, i in HOLDER_IDS.items()}
    year = DateSpan(date(2022, 1, 1), date(2022, 12, 31))
    for name, pilot_id in PILOT_IDS.items():
        state.pilots[pilot_id] = Pilot(
            pilot_id, name, PilotVariant.TOWN, LocalizedText(name, name), ApplicantKind.OTHER,
            LocalizedText(name, name), "440100", Establishment.EXISTING, None, 1,
        )  # fmt: skip
        state.periods[PERIOD_IDS[name]] = AccountingPeriod(PERIOD_IDS[name], pilot_id, year)
        outer = PILOTS[name]
        state.around[pilot_id] = () if outer is None else (PILOT_IDS[outer],)
    for name, project in PROJECTS.items():
        inside = PILOT_IDS[project.inside[0]] if project.inside else None
        project_id = PROJECT_IDS[name]
        state.projects[project_id] = domain.Project(
            project_id, name, LocalizedText(name, name), False, "site", None, None, None, inside
        )
        state.enrolments[project_id, "CCER"] = domain.Enrolment(
            project_id, project_id, "CCER", "CCER_2023", name, date(2023, 11, 1)
        )
    return state


def translate(command: Command) -> domain.Command:
    """The reference's command as the ledger has it."""
    match command:
        case Issue():
            return domain.IssueCredits(
                PROJECT_IDS[command.project],
                SerialRange("CCER", command.prefix, command.first, command.last), "CCER",
                command.stated, date(command.vintage, 1, 1), date(command.vintage, 12, 31),
                date(2024, 1, 15), None, HOLDER_IDS[command.holder],
            )  # fmt: skip
        case Transfer():
            return domain.TransferCredits(
                SerialRange("CCER", command.prefix, command.first, command.last), "CCER",
                HOLDER_IDS[command.giver], HOLDER_IDS[command.taker], None,
            )  # fmt: skip
        case RetireRange():
            holder = None if command.holder is None else HOLDER_IDS[command.holder]
            return domain.RetireSerials(
                SerialRange("CCER", command.prefix, command.first, command.last), "CCER", holder,
                command.stated, PILOT_IDS[command.pilot], PERIOD_IDS[command.pilot], RETIRED_ON, None,
            )  # fmt: skip
        case RetireAmount():
            project = None if command.project is None else PROJECT_IDS[command.project]
            return domain.RetireQuantity(
                command.amount, "CCER", HOLDER_IDS[command.holder], project,
                PILOT_IDS[command.pilot], PERIOD_IDS[command.pilot], RETIRED_ON, None,
            )  # fmt: skip


def owners(state: State) -> dict[tuple[str, int], tuple[str, str]]:
    """Where every serial is, by the ledger's lots."""
    pilots = {i: name for name, i in PILOT_IDS.items()}
    holders = {i: name for name, i in HOLDER_IDS.items()}
    found: dict[tuple[str, int], tuple[str, str]] = {}
    for batch in state.batches.values():
        serials = batch.serials
        for lot in state.lots.covering(batch.id, serials.lo, serials.hi):
            key = state.account_keys[lot.account_id]
            retired = key.kind is AccountKind.RETIREMENT
            name = pilots[key.pilot_id or 0] if retired else holders[key.organisation_id or 0]
            for number in range(max(lot.lo, serials.lo), min(lot.hi, serials.hi)):
                found[serials.prefix, number] = ("RETIRED" if retired else "HELD", name)
    return found


def expected_owners(reference: Reference) -> dict[tuple[str, int], tuple[str, str]]:
    return {name: (serial.where, serial.by) for name, serial in reference.serials.items()}


def run(history: list[Command]) -> tuple[State, Reference, list[Posting]]:
    """The history on both ledgers, which must agree at every step."""
    state, reference = fresh_state(), Reference(dict(PROJECTS))
    decider = Decider(state, PROGRAMMES)
    postings: list[Posting] = []
    for command in history:
        position = FIRST_POSITION + len(postings)
        before = owners(state)
        given = translate(command)
        decision = check_form(given) or decider.decide(given, position)
        expected = reference.do(command)
        if isinstance(decision, Posting):
            assert expected == OK, (command, expected)
            postings.append(decision)
        else:
            assert decision.code == expected, (command, decision)
            assert owners(state) == before, "a refusal changed something"
    return state, reference, postings


@hypothesis.given(histories)
@settings(max_examples=400, deadline=None)
def test_the_rules_agree_with_the_reference(history: list[Command]) -> None:
    state, reference, _ = run(history)
    assert owners(state) == expected_owners(reference)


@hypothesis.given(histories)
@settings(max_examples=200, deadline=None)
def test_postings_conserve_every_tonne(history: list[Command]) -> None:
    """Each lot is spent once, by pieces that tile it; movements are what changed accounts."""
    _, _, postings = run(history)
    current: dict[Any, domain.Lot] = {}
    for posting in postings:
        for lot in posting.spent:
            assert current.pop(lot.id) == lot, "spent twice, or never made"
        pieces = sorted(posting.made, key=lambda lot: (lot.batch_id, lot.lo))
        spent = sorted(posting.spent, key=lambda lot: (lot.batch_id, lot.lo))
        made_serials = [(p.batch_id, n) for p in pieces for n in range(p.lo, p.hi)]
        assert len(set(made_serials)) == len(made_serials), "pieces overlap"
        if posting.batch is None:
            assert made_serials == [(s.batch_id, n) for s in spent for n in range(s.lo, s.hi)]
            was = {(s.batch_id, n): s.account_id for s in spent for n in range(s.lo, s.hi)}
            now = {(p.batch_id, n): p.account_id for p in pieces for n in range(p.lo, p.hi)}
            moved = {
                (m.batch_id, n): (m.debit_id, m.credit_id)
                for m in posting.movements
                for n in range(m.lo, m.hi)
            }
            assert moved == {k: (was[k], now[k]) for k in now if was[k] != now[k]}
        for lot in posting.made:
            current[lot.id] = lot


@hypothesis.given(histories, commands)
@settings(max_examples=200, deadline=None)
def test_what_is_retired_stays_retired(history: list[Command], last: Command) -> None:
    state, _, postings = run(history)
    before = owners(state)
    given = translate(last)
    if check_form(given) is None:
        Decider(state, PROGRAMMES).decide(given, FIRST_POSITION + len(postings))
    after = owners(state)
    assert all(after[name] == where for name, where in before.items() if where[0] == "RETIRED")
