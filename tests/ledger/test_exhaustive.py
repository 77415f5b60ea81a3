"""Every sequence of a few commands on three serials: the pure rules against the reference.

The tree of sequences is walked by deciding and undoing, so undoing is tested at every step too. A
refused command changes nothing (that is checked), so what could follow it is what could follow
without it: below a refusal the tree needs no second walk. That is all the pruning there is.
"""

from collections import Counter
from functools import cache

import pytest

from tests.ledger.pure import Rules
from tests.ledger.reference import (
    EARLY,
    OK,
    Command,
    Confirm,
    Correct,
    End,
    Issue,
    OnBatch,
    OnSerials,
    Reference,
    Request,
    Resolve,
    RetireAmount,
    RetireRange,
    Transfer,
    Use,
)
from tests.ledger.strategies import PROJECTS, bind

# What can be asked; a thing is named by how many of its kind were made after it.
ALPHABET: dict[str, Command] = {
    "issue 1–3": Issue("X", 1, 3, 3, "outside", 2022, "ann"),
    "issue 1–2 of forestry in the town": Issue("X", 1, 2, 2, "in-town", 2022, "ann"),
    "issue 3 of an older vintage": Issue("X", 3, 3, 1, "outside", 2021, "bo"),
    "issue 1–3 as if it were 4 t": Issue("X", 1, 3, 4, "outside", 2022, "ann"),
    "issue the same reductions in the other programme": Issue("P", 1, 1, 1, "outside", 2022, "ann"),
    "issue the same reductions by certificate": Issue("C", 1, 2, 2, "outside", 2022, "ann"),
    "give 1–3": Transfer("X", 1, 3, "ann", "bo"),
    "give 2": Transfer("X", 2, 2, "ann", "bo"),
    "give 2 back": Transfer("X", 2, 2, "bo", "ann"),
    "retire 1–3": RetireRange("X", 1, 3, None, None, "far"),
    "retire 2 of ann's": RetireRange("X", 2, 2, "ann", 1, "far"),
    "retire 1 for the town": RetireRange("X", 1, 1, None, None, "town"),
    "retire 3 too early": RetireRange("X", 3, 3, None, None, "far", EARLY),
    "retire 1 t of ann's": RetireAmount(1, "ann", None, "far"),
    "retire 2 t of ann's for the town": RetireAmount(2, "ann", None, "town"),
    "retire 2 t of bo's": RetireAmount(2, "bo", None, "far"),
    "request 1–2": Request("X", 1, 2, None, None, "far"),
    "request 3, shortly": Request("X", 3, 3, None, None, "far", short=True),
    "confirm": Confirm(0),
    "confirm too early": Confirm(0, EARLY),
    "confirm as another programme": Confirm(0, programme="another"),
    "cancel": End(0),
    "cancel the one before": End(1),
    "expire": End(0, expired=True),
    "use 1 for compliance": Use("X", 1, 1, None, None, "ETS_COMPLIANCE"),
    "use 2–3 for an event": Use("X", 2, 3, None, None, "EVENT"),
    "give the sink of 1–2 back": Use("X", 1, 2, None, None, "OWN_SINK"),
    "freeze 1–2": OnSerials("X", 1, 2, "FREEZE"),
    "freeze 3": OnSerials("X", 3, 3, "FREEZE"),
    "unfreeze 1–2": OnSerials("X", 1, 2, "UNFREEZE"),
    "unfreeze 2": OnSerials("X", 2, 2, "UNFREEZE"),
    "invalidate 1–3": OnSerials("X", 1, 3, "INVALIDATE"),
    "invalidate 2": OnSerials("X", 2, 2, "INVALIDATE"),
    "freeze the batch": OnBatch(0, "FREEZE"),
    "unfreeze the batch": OnBatch(0, "UNFREEZE"),
    "invalidate the batch": OnBatch(0, "INVALIDATE"),
    "export the batch": OnBatch(0, "EXPORT"),
    "freeze the batch before": OnBatch(1, "FREEZE"),
    "correct": Correct(0),
    "correct the one before": Correct(1),
    "find them distinct": Resolve(0, 0, "DISTINCT"),
    "find them double": Resolve(0, 0, "DOUBLE"),
}

# Where the sequences start.
STARTS: dict[str, tuple[str, ...]] = {
    "from nothing": (),
    "from three serials": ("issue 1–3",),
    "from what may be issued twice": (
        "issue 1–3", "issue the same reductions in the other programme",
    ),
    "from a sink inside": ("issue 1–2 of forestry in the town", "issue 3 of an older vintage"),
    "from a request": ("issue 1–3", "request 1–2"),
}  # fmt: skip


class Walk:
    """All sequences up to a depth, from where the rules and the reference stand."""

    def __init__(self) -> None:
        self.rules = Rules()
        self.decided = 0
        # How often which command got which answer.
        self.told: Counter[tuple[str, str]] = Counter()
        self._path: list[str] = []

    def begin(self, names: tuple[str, ...]) -> Reference:
        reference = Reference(dict(PROJECTS))
        for name in names:
            command = bind(ALPHABET[name], reference)
            assert self.rules.do(command) == reference.do(command) == OK
        return reference

    def go(self, reference: Reference, depth: int) -> None:
        rules = self.rules
        before = rules.snapshot()
        for name, raw in ALPHABET.items():
            command, after = bind(raw, reference), reference.copy()
            mark = rules.mark()
            self._path.append(name)
            code, expected = rules.do(command), after.do(command)
            self.decided += 1
            self.told[name, code] += 1
            assert code == expected, (self._path, code, expected)
            if code == OK:
                places = rules.places()
                assert places == after.places(), self._path
                since = {serial: s.since for serial, s in after.serials.items()}
                assert rules.since() == since, self._path
                if depth > 1:
                    self.go(after, depth - 1)
                rules.undo_to(mark)
            assert rules.snapshot() == before, (self._path, "something was left")
            self._path.pop()


@pytest.mark.parametrize("start", STARTS)
def test_all_sequences_of_four(start: str) -> None:
    walked(start, 4)


@pytest.mark.slow
@pytest.mark.parametrize("start", STARTS)
def test_all_sequences_of_five(start: str) -> None:
    walked(start, 5)


# What the alphabet asks for and never gets, wherever it is asked.
NEVER = {
    "issue 1–3 as if it were 4 t", "retire 3 too early", "confirm too early",
    "confirm as another programme",
}  # fmt: skip

# Every answer that such commands can get; what they cannot is of days to come, of names that are
# nobody's, and of malformed ranges.
ANSWERS = {
    OK, "ALREADY_CORRECTED", "BATCH_WITHDRAWN", "CREDITS_EXPORTED", "CREDITS_FROZEN", "CREDITS_INVALIDATED",
    "CREDITS_NOT_FROZEN", "CREDIT_FROM_INSIDE_BOUNDARY", "DOUBLE_ISSUANCE_RESOLVED",
    "DOUBLE_ISSUANCE_SUSPECTED", "INSUFFICIENT_CREDITS", "INVALID_INPUT", "ISSUED_IN_ANOTHER_FORM",
    "INVALIDATED_IN_USE",
    "MOVED_SINCE", "NOT_CORRECTABLE", "NOT_FOUND", "QUANTITY_MISMATCH", "REQUEST_ENDED",
    "SERIALS_ALREADY_RETIRED", "SERIALS_ALREADY_USED", "SERIALS_NOT_HELD", "SERIALS_NOT_ISSUED",
    "SERIALS_PENDING", "SERIAL_BLOCK_OVERLAP", "SERIAL_RANGE_SPANS_BATCHES",
    "VINTAGE_AFTER_RETIREMENT",
}  # fmt: skip


def test_the_alphabet_reaches_everything() -> None:
    """Every command is accepted somewhere and refused somewhere, and every answer is given."""
    walks = [walked(start, 4) for start in STARTS]
    told = {(name, code) for walk in walks for name, code in walk.told}
    assert {code for _, code in told} == ANSWERS
    accepted = {name for name, code in told if code == OK}
    assert accepted == ALPHABET.keys() - NEVER
    assert {name for name, code in told if code != OK} == ALPHABET.keys()


@cache
def walked(start: str, depth: int) -> Walk:
    walk = Walk()
    walk.go(walk.begin(STARTS[start]), depth)
    # Every letter was asked at every node; nothing was left undone.
    assert walk.decided % len(ALPHABET) == 0
    assert len(walk.rules.postings) == len(STARTS[start])
    return walk
