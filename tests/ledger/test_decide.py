"""The pure rules against the reference: whatever is asked, in whatever order."""

from collections import Counter
from typing import Any

import hypothesis
from hypothesis import settings

from nzc_api.ledger import model as domain
from nzc_api.ledger.posting.kit.posting import Posting
from tests.ledger.pure import Rules
from tests.ledger.reference import (
    APART,
    OK,
    Command,
    Correct,
    OnSerials,
    Place,
    Reference,
)
from tests.ledger.strategies import PROJECTS, bind, stories

# Where a tonne stays for good, but for an invalidation or the correction of what brought it there.
USED = ("RETIREMENT", "OTHER_USE")


def run(history: list[Command]) -> tuple[Rules, Reference]:
    """The history on both ledgers, which must agree at every step."""
    rules, reference = Rules(), Reference(dict(PROJECTS))
    for raw in history:
        step(rules, reference, bind(raw, reference))
    return rules, reference


def step(rules: Rules, reference: Reference, command: Command) -> str:
    before = rules.snapshot()
    code, expected = rules.do(command), reference.do(command)
    assert code == expected, (command, code, expected)
    if code != OK:
        assert rules.snapshot() == before, "a refusal changed something"
    return code


Told = tuple[list[Command], ...]


@hypothesis.given(stories(30))
@settings(max_examples=500, deadline=None)
def test_the_rules_agree_with_the_reference(told: Told) -> None:
    rules, reference = run(*told)
    assert rules.places() == reference.places()
    assert rules.since() == {name: serial.since for name, serial in reference.serials.items()}


@hypothesis.given(stories(30))
@settings(max_examples=250, deadline=None)
def test_postings_conserve_every_tonne(told: Told) -> None:
    """Each lot is spent once, by pieces that tile it; movements are what changed accounts."""
    rules, _ = run(*told)
    current: dict[Any, domain.Lot] = {}
    for posting in filter(None, rules.postings):
        for lot in posting.spent:
            assert current.pop(lot.id) == lot, "spent twice, or never made"
        pieces = sorted(posting.made, key=lambda lot: (lot.batch_id, lot.lo))
        spent = sorted(posting.spent, key=lambda lot: (lot.batch_id, lot.lo))
        made_serials = [(p.batch_id, n) for p in pieces for n in range(p.lo, p.hi)]
        assert len(set(made_serials)) == len(made_serials), "pieces overlap"
        if posting.batch is None:
            assert made_serials == [(s.batch_id, n) for s in spent for n in range(s.lo, s.hi)]
            was = {(s.batch_id, n): s for s in spent for n in range(s.lo, s.hi)}
            now = {(p.batch_id, n): p for p in pieces for n in range(p.lo, p.hi)}
            moved = _serials_moved(posting)
            assert moved == {
                k: (was[k].account_id, now[k].account_id)
                for k in now
                if was[k].account_id != now[k].account_id
            }
            # What moved is here since now, and what stayed is here since whenever it came.
            assert all(
                now[k].since == (posting.position if k in moved else was[k].since) for k in now
            )
        for lot in posting.made:
            assert lot.id not in current
            current[lot.id] = lot
    issued = sum(p.batch.serials.quantity for p in rules.postings if p and p.batch)
    assert sum(lot.tonnes for lot in current.values()) == issued


def _serials_moved(posting: Posting) -> dict[tuple[int, int], tuple[int, int]]:
    serials = [(m.batch_id, n) for m in posting.movements for n in range(m.lo, m.hi)]
    assert len(set(serials)) == len(serials), "movements overlap"
    return {
        (m.batch_id, n): (m.debit_id, m.credit_id)
        for m in posting.movements
        for n in range(m.lo, m.hi)
    }


@hypothesis.given(stories(30))
@settings(max_examples=250, deadline=None)
def test_movements_replay_to_every_balance(told: Told) -> None:
    """What the movements up to a position add up to, by place and batch, is the reference then."""
    rules, reference = Rules(), Reference(dict(PROJECTS))
    balances: Counter[tuple[Place, int]] = Counter()
    for raw in told[0]:
        code = step(rules, reference, bind(raw, reference))
        if code == OK and (posting := rules.postings[-1]) is not None:
            for m in posting.movements:
                batch = rules.names.positions.index(m.batch_id)
                debit, credit = (
                    rules.names.place(rules.state.account_keys[account])
                    for account in (m.debit_id, m.credit_id)
                )
                balances[debit, batch] -= m.tonnes
                balances[credit, batch] += m.tonnes
        held = {key: n for key, n in balances.items() if n and key[0].kind != "ISSUANCE"}
        assert held == reference.balances()
        for batch in reference.batches:
            assert sum(n for (_, held), n in balances.items() if held == batch) == 0


@hypothesis.given(stories(20, 10))
@settings(max_examples=250, deadline=None)
def test_what_is_used_stays_used(told: Told) -> None:
    """Nothing leaves a retirement or another use but by an invalidation, or by the correction of
    what brought it there, which returns it to who held it; nothing leaves invalidity, but by a
    correction back to where it was; and only what is held is withdrawn."""
    history, later = told
    rules, reference = run(history)
    for raw in later:
        command, before, since = bind(raw, reference), rules.places(), rules.since()
        if step(rules, reference, command) != OK:
            continue
        after = rules.places()
        for name, place in before.items():
            if after.get(name) == place:
                continue
            if name not in after:
                assert isinstance(command, Correct)
                assert place.kind == "HOLDING"
            if place.kind not in (*USED, "INVALIDATED"):
                continue
            if isinstance(command, OnSerials):
                assert (command.action, after[name]) == ("INVALIDATE", Place("INVALIDATED"))
            else:
                assert isinstance(command, Correct)
                assert since[name] == command.posting
                origin = dict(reference.postings[command.posting].moved)[name]
                frozen = place.kind == "INVALIDATED" and origin.kind == "FROZEN"
                kind = "FROZEN" if frozen else "HOLDING"
                assert after[name] == Place(kind, origin.holder)


@hypothesis.given(stories(20, 6, 10))
@settings(max_examples=400, deadline=None)
def test_all_or_nothing(told: Told) -> None:
    """Commands that stand or fall together are all accepted, or leave exactly the state before."""
    history, together, later = told
    rules, reference = run(history)
    unit = [bind(c, reference) for c in together if not isinstance(c, APART)]
    before, numbers = rules.snapshot(), list(rules.names.positions)
    outcome = rules.do_all(unit)
    assert outcome == reference.do_all(unit)
    if outcome[0] != OK:
        assert rules.snapshot() == before
        assert rules.names.positions == numbers
    # What comes after is decided on a sound state either way.
    for raw in later:
        step(rules, reference, bind(raw, reference))
    assert rules.places() == reference.places()


@hypothesis.given(stories(15, 15))
@settings(max_examples=200, deadline=None)
def test_undoing_leaves_what_was(told: Told) -> None:
    """Whatever is decided after a mark can be undone, refusals and acceptances in any mixture."""
    history, undone = told
    rules, reference = run(history)
    before, mark, trial = rules.snapshot(), rules.mark(), reference.copy()
    for raw in undone:
        step(rules, trial, bind(raw, trial))
    rules.undo_to(mark)
    assert rules.snapshot() == before
    for raw in undone:
        step(rules, reference, bind(raw, reference))
    assert rules.places() == reference.places() == trial.places()
