"""Reconciling: a registry's own list of units against ours, as two sorted lists of intervals. Pure.

A unit of a registry is a run of serials, or tonnes of a certificate where it publishes no serials.
Of serials the two lists are swept in step; of a certificate, tonnes that agree are paired, whichever
serials we made up for them.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby, product

from nzc_api.files.table import UnreadableTable
from nzc_api.files.vocabulary import folded
from nzc_api.ledger.model import AccountKind
from nzc_api.ledger.serials import block_text
from nzc_api.refusal import LocalizedText

Space = tuple[str, str]  # registry, prefix

# How many lines of a list may speak of one serial: each of them is looked at for each of the others.
MOST_OVER_ONE = 100


class Status(StrEnum):
    """What a registry says of a unit. ``ISSUED`` only says that there is such a unit."""

    ISSUED = "ISSUED"
    HELD = "HELD"
    CANCELLED = "CANCELLED"
    INVALIDATED = "INVALIDATED"


# What serials in our accounts are to a registry: one that was asked to cancel still has them held.
STATUSES: Mapping[AccountKind, Status] = {
    AccountKind.HOLDING: Status.HELD,
    AccountKind.PENDING: Status.HELD,
    AccountKind.FROZEN: Status.HELD,
    AccountKind.RETIREMENT: Status.CANCELLED,
    AccountKind.OTHER_USE: Status.CANCELLED,
    AccountKind.INVALIDATED: Status.INVALIDATED,
}


class ReconciliationOutcome(StrEnum):
    """What came of comparing: ``MISSING_HERE`` is in the registry's list only, ``MISSING_THERE`` in
    our ledger only."""

    MATCHED = "MATCHED"
    MISSING_HERE = "MISSING_HERE"
    MISSING_THERE = "MISSING_THERE"
    DIFFERENT = "DIFFERENT"
    UNREADABLE = "UNREADABLE"


class Difference(StrEnum):
    STATUS = "STATUS"
    HOLDER = "HOLDER"
    PILOT = "PILOT"
    LISTED_TWICE = "LISTED_TWICE"


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """A unit in the registry's list (half-open), and the number of its line; ``holder`` and ``pilot``
    where it names them."""

    space: Space
    lo: int
    hi: int
    status: Status
    holder: str | None = None
    pilot: str | None = None
    line: int = 0

    @property
    def tonnes(self) -> int:
        return self.hi - self.lo


@dataclass(frozen=True, slots=True)
class Names:
    """What somebody or something may be called; the first is what we call it."""

    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.names[0] if self.names else ""

    def includes(self, name: str) -> bool:
        return folded(name) in map(folded, self.names)


NOBODY = Names()


@dataclass(frozen=True, slots=True)
class Ours:
    """A current lot of ours (half-open), as the registry would say it."""

    space: Space
    lo: int
    hi: int
    status: Status
    holder: Names = NOBODY
    pilot: Names = NOBODY
    by_certificate: bool = False

    @property
    def tonnes(self) -> int:
        return self.hi - self.lo


@dataclass(frozen=True, slots=True)
class Compared:
    """A run of serials (half-open), or tonnes of a certificate, of which one thing can be said."""

    outcome: ReconciliationOutcome
    space: Space
    lo: int
    hi: int
    listed: ListedUnit | None
    ours: Ours | None
    differences: tuple[Difference, ...] = ()
    by_certificate: bool = False

    @property
    def tonnes(self) -> int:
        return self.hi - self.lo

    @property
    def serials(self) -> str:
        """The block as NZC writes it; of a certificate its number."""
        return self.space[1] if self.by_certificate else block_text(self.space[1], self.lo, self.hi)


@dataclass(slots=True)
class _Run:
    """Serials of which the list's same lines speak."""

    space: Space
    lo: int
    hi: int
    lines: tuple[ListedUnit, ...]


@dataclass(slots=True)
class Reconciler:
    """Compares a registry's list with our lots, which are fed in order of registry, prefix and
    serial; so they need not all be in memory. What is adjacent and alike is told as one."""

    listed: Iterable[ListedUnit]
    certificates: Iterable[ListedUnit] = ()
    _runs: Iterator[_Run] = field(init=False)
    _run: _Run | None = field(init=False)
    _by_certificate: dict[Space, list[ListedUnit]] = field(init=False)
    _certificate: list[Ours] = field(default_factory=list)
    _last: Compared | None = None

    def __post_init__(self) -> None:
        self._runs = _runs(sorted(self.listed, key=_place))
        self._run = next(self._runs, None)
        self._by_certificate = defaultdict(list)
        for item in self.certificates:
            self._by_certificate[item.space].append(item)

    def feed(self, ours: Ours) -> Iterator[Compared]:
        """Our next lot: what can be said by now."""
        if self._certificate and self._certificate[0].space != ours.space:
            yield from self._end_certificate()
        if ours.by_certificate:
            self._certificate.append(ours)
            return
        for compared in self._sweep(ours):
            yield from self._join(compared)

    def finish(self) -> Iterator[Compared]:
        """No more lots: what is left to say."""
        yield from self._end_certificate()
        while self._run is not None:
            yield from self._join(self._missing_here(self._run, self._run.hi))
        for items in self._by_certificate.values():
            yield from map(_certificate_missing_here, items)
        if self._last is not None:
            yield self._last
            self._last = None

    def _sweep(self, ours: Ours) -> Iterator[Compared]:
        lo = ours.lo
        while lo < ours.hi:
            run = self._run
            if run is None or (run.space, run.lo) >= (ours.space, ours.hi):
                yield Compared(
                    outcome=ReconciliationOutcome.MISSING_THERE,
                    space=ours.space,
                    lo=lo,
                    hi=ours.hi,
                    listed=None,
                    ours=ours,
                )
                return
            if run.space < ours.space:
                yield self._missing_here(run, run.hi)
            elif run.lo < lo:
                yield self._missing_here(run, min(run.hi, lo))
            elif run.lo > lo:
                yield Compared(
                    outcome=ReconciliationOutcome.MISSING_THERE,
                    space=ours.space,
                    lo=lo,
                    hi=run.lo,
                    listed=None,
                    ours=ours,
                )
                lo = run.lo
            else:
                hi = min(run.hi, ours.hi)
                yield _compared(run, lo, hi, ours)
                self._advance(run, hi)
                lo = hi

    def _missing_here(self, run: _Run, hi: int) -> Compared:
        compared = Compared(
            outcome=ReconciliationOutcome.MISSING_HERE,
            space=run.space,
            lo=run.lo,
            hi=hi,
            listed=_said(run.lines)[0],
            ours=None,
        )
        self._advance(run, hi)
        return compared

    def _advance(self, run: _Run, lo: int) -> None:
        if lo < run.hi:
            run.lo = lo
        else:
            self._run = next(self._runs, None)

    def _end_certificate(self) -> Iterator[Compared]:
        if self._certificate:
            listed = self._by_certificate.pop(self._certificate[0].space, [])
            yield from match_tonnes(listed, self._certificate)
            self._certificate = []

    def _join(self, compared: Compared) -> Iterator[Compared]:
        last = self._last
        if last is not None and last.hi == compared.lo and _alike(last, compared):
            self._last = replace(last, hi=compared.hi)
            return
        if last is not None:
            yield last
        self._last = compared


def match_tonnes(listed: list[ListedUnit], ours: list[Ours]) -> Iterator[Compared]:
    """Pair tonnes of one certificate that agree, what says most first; then pair what is left."""
    space = ours[0].space
    free = [item.tonnes for item in ours]
    by_what_is_said = _by_what_is_said(ours)
    over: deque[tuple[ListedUnit, int]] = deque()
    for item in sorted(_without_totals(listed), key=_vagueness):
        left = item.tonnes
        agreeing = by_what_is_said[_what_is_said(item)]
        while left and agreeing:
            index = agreeing[0]
            paired = min(left, free[index])
            if paired:
                yield _tonnes(ReconciliationOutcome.MATCHED, space, paired, item, ours[index])
            left, free[index] = left - paired, free[index] - paired
            if not free[index]:
                agreeing.popleft()
        if left:
            over.append((item, left))
    for index, ours_of in enumerate(ours):
        while over and free[index]:
            item, left = over.popleft()
            paired = min(left, free[index])
            differences = _differences(item, ours_of)
            yield _tonnes(
                ReconciliationOutcome.DIFFERENT, space, paired, item, ours_of, differences
            )
            free[index] -= paired
            if left > paired:
                over.appendleft((item, left - paired))
        if free[index]:
            yield _tonnes(ReconciliationOutcome.MISSING_THERE, space, free[index], None, ours_of)
    for item, left in over:
        yield _tonnes(ReconciliationOutcome.MISSING_HERE, space, left, item, None)


# What a line of a list says: a status, a holder and a pilot, each None where it leaves it open.
_Said = tuple[Status | None, str | None, str | None]


def _what_is_said(item: ListedUnit) -> _Said:
    status = None if item.status is Status.ISSUED else item.status
    holder, pilot = (None if name is None else folded(name) for name in (item.holder, item.pilot))
    return status, holder, pilot


def _by_what_is_said(ours: list[Ours]) -> defaultdict[_Said, deque[int]]:
    """Which of ours agree with each that a line may say, in order: so none is looked at by lines it does not agree
    with, and a certificate of thousands of tonnes in turn takes no longer than as many certificates."""
    found = defaultdict[_Said, deque[int]](deque)
    for index, item in enumerate(ours):
        holders, pilots = ({None, *map(folded, item.names)} for item in (item.holder, item.pilot))
        for said in product((None, item.status), holders, pilots):
            found[said].append(index)
    return found


def _runs(listed: Iterable[ListedUnit]) -> Iterator[_Run]:
    """The list, in order, as runs of serials of which the same lines speak."""
    for space, group in groupby(listed, key=lambda item: item.space):
        coming, current, lo = deque(group), list[ListedUnit](), 0
        while coming or current:
            lo = lo if current else coming[0].lo
            while coming and coming[0].lo == lo:
                current.append(coming.popleft())
            if len(current) > MOST_OVER_ONE:
                raise _said_too_often(current[-1].line)
            hi = min(item.hi for item in current)
            if coming:
                hi = min(hi, coming[0].lo)
            yield _Run(space=space, lo=lo, hi=hi, lines=tuple(current))
            current, lo = [item for item in current if item.hi > hi], hi


def _said_too_often(line: int) -> UnreadableTable:
    return UnreadableTable(
        LocalizedText(
            f"第{line}行：同一序列号被列示超过{MOST_OVER_ONE}次",
            f"line {line}: a serial is listed more than {MOST_OVER_ONE} times",
        )
    )


def _said(lines: tuple[ListedUnit, ...]) -> list[ListedUnit]:
    """What the list says of a run: that it is issued is said by the way where more is said."""
    return [item for item in lines if item.status is not Status.ISSUED] or [lines[0]]


def _compared(run: _Run, lo: int, hi: int, ours: Ours) -> Compared:
    said = _said(run.lines)
    twice = (Difference.LISTED_TWICE,) if len(said) > 1 else ()
    differences = _differences(said[0], ours) + twice
    outcome = ReconciliationOutcome.DIFFERENT if differences else ReconciliationOutcome.MATCHED
    return Compared(
        outcome=outcome,
        space=run.space,
        lo=lo,
        hi=hi,
        listed=said[0],
        ours=ours,
        differences=differences,
    )


def _differences(listed: ListedUnit, ours: Ours) -> tuple[Difference, ...]:
    agreed = {
        Difference.STATUS: listed.status in (Status.ISSUED, ours.status),
        Difference.HOLDER: listed.holder is None or ours.holder.includes(listed.holder),
        Difference.PILOT: listed.pilot is None or ours.pilot.includes(listed.pilot),
    }
    return tuple(difference for difference, agrees in agreed.items() if not agrees)


def _without_totals(listed: list[ListedUnit]) -> Iterator[ListedUnit]:
    """What the list says of a certificate: of its total only what is not said in particular."""
    particular = [item for item in listed if item.status is not Status.ISSUED]
    yield from particular
    said = sum(item.tonnes for item in particular)
    for item in listed:
        if item.status is Status.ISSUED:
            rest = item.tonnes - said
            said = max(-rest, 0)
            if rest > 0:
                yield replace(item, hi=item.lo + rest)


def _certificate_missing_here(item: ListedUnit) -> Compared:
    return _tonnes(ReconciliationOutcome.MISSING_HERE, item.space, item.tonnes, item, None)


def _tonnes(
    outcome: ReconciliationOutcome,
    space: Space,
    tonnes: int,
    listed: ListedUnit | None,
    ours: Ours | None,
    differences: tuple[Difference, ...] = (),
) -> Compared:
    return Compared(
        outcome=outcome,
        space=space,
        lo=1,
        hi=1 + tonnes,
        listed=listed,
        ours=ours,
        differences=differences,
        by_certificate=True,
    )


def _alike(one: Compared, other: Compared) -> bool:
    return (one.outcome, one.space, one.listed, one.differences, _state(one.ours)) == (
        other.outcome, other.space, other.listed, other.differences, _state(other.ours),
    )  # fmt: skip


def _state(ours: Ours | None) -> tuple[Status, Names, Names] | None:
    return None if ours is None else (ours.status, ours.holder, ours.pilot)


def _place(item: ListedUnit) -> tuple[Space, int, int]:
    return item.space, item.lo, item.line


def _vagueness(item: ListedUnit) -> tuple[bool, int]:
    return item.status is Status.ISSUED, (item.holder is None) + (item.pilot is None)
