"""A portfolio: roots' emissions once, each tonne of credits once, never the sum of pilots (rule 7)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from nzc_api.accounting.exact import total
from nzc_api.guide.guide import net_emissions
from nzc_api.ids import PeriodId, PilotId, Position
from nzc_api.inventories.electricity_method import ElectricityMethod
from nzc_api.inventories.model import Basis
from nzc_api.statements.gross import (
    electricity_methods_of,
    gwp_sets_of,
    notes_of,
    twin_notes,
)
from nzc_api.statements.model import NetEmissions, purchases_count
from nzc_api.statements.reasons import Note, NoteCode, Unknown, UnknownReason


@dataclass(frozen=True, slots=True)
class UnknownRoot:
    """Why a root's emissions are not known; of no pilot where it is the roots together that are not."""

    pilot_id: PilotId | None
    unknown: Unknown


@dataclass(frozen=True, slots=True)
class RootCredits:
    """What was retired for a root and for all pilots inside it, t; ``from_inside`` are those whose project
    lies inside a root, which reduce no root."""

    retired: int = 0
    from_inside: int = 0


@dataclass(frozen=True, slots=True)
class Nesting:
    """Pilots asked for, in a calendar year on a basis as of a position, and what lies inside them.

    ``inside`` are the pilots inside each root; ``periods`` those of the year of all that there are;
    ``overlaps`` pairs that share ground; ``least`` is the least that lies inside each pilot (t CO2e), by how bought
    electricity counts in it.
    """

    asked: tuple[PilotId, ...]
    basis: Basis
    as_of: Position
    inside: Mapping[PilotId, tuple[PilotId, ...]]
    periods: Mapping[PilotId, PeriodId]
    overlaps: Mapping[int, tuple[PilotId, PilotId]]
    least: Mapping[ElectricityMethod, Mapping[PilotId, Decimal]]

    @property
    def roots(self) -> tuple[PilotId, ...]:
        """The pilots that lie in no other pilot asked for, in the order asked."""
        return tuple(self.inside)

    @property
    def root_of(self) -> Mapping[PilotId, PilotId]:
        """The root of each pilot that there is: itself, or the one that it lies in."""
        return {p: root for root, inside in self.inside.items() for p in (root, *inside)}


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Pilots taken together in a calendar year on a basis, as of a position.

    ``roots`` are the statements of the pilots that lie in no other pilot asked for; ``inside`` the
    pilots asked for that lie in one, and so are in its emissions already. ``credits`` are what was
    retired for each root and for all pilots inside it. ``without_statement`` are roots that have no such period,
    or no inventory of it, or whose statement is not shown. ``overlaps`` are pairs of pilots that share
    ground, by where that was recorded: what is in both is counted twice. Where ``unknown`` says that a
    root states nothing, or less than lies inside it, or that the roots' CO2e is not one sum, there is
    no gross and no net.
    """

    basis: Basis
    as_of: Position
    roots: tuple[NetEmissions, ...]
    inside: tuple[PilotId, ...]
    without_statement: tuple[PilotId, ...]
    unknown: tuple[UnknownRoot, ...]
    overlaps: Mapping[int, tuple[PilotId, PilotId]]
    credits: Mapping[PilotId, RootCredits]

    @property
    def retired(self) -> int:
        """The tonnes retired for the roots and for all pilots inside them, t."""
        return sum(root.retired for root in self.credits.values())

    @property
    def from_inside(self) -> int:
        """Those of them whose project lies inside a root: they reduce no root, t."""
        return sum(root.from_inside for root in self.credits.values())

    @property
    def notes(self) -> tuple[Note, ...]:
        """What a reader should know of the roots' inventories together, and of roots that may be there twice."""
        twins = [
            code
            for root in self.roots
            for note in root.notes
            if note.code is NoteCode.PILOT_REGISTERED_TWICE
            for code in note.pilots
        ]
        together = notes_of(inventory for root in self.roots for inventory in root.inventories)
        return together + twin_notes(list(dict.fromkeys(twins)))

    @property
    def electricity_methods(self) -> tuple[ElectricityMethod, ...]:
        """The methods by which bought electricity counts in the roots' inventories."""
        return electricity_methods_of(i for root in self.roots for i in root.inventories)

    @property
    def gross_co2e(self) -> Decimal | None:
        """The roots' emissions, t CO2e; None where they are not known."""
        if self.unknown:
            return None
        return total(gross for root in self.roots if (gross := root.gross_co2e) is not None)

    @property
    def sinks_co2e(self) -> Decimal:
        """The roots' usable sinks, t CO2e."""
        return total(root.usable_sinks_co2e for root in self.roots)

    @property
    def purchases_count(self) -> bool:
        """Whether what was retired counts on the portfolio's basis."""
        return purchases_count(self.basis)

    @property
    def purchased_tonnes(self) -> int:
        """The retired tonnes that were produced outside, t."""
        return self.retired - self.from_inside

    @property
    def net_co2e(self) -> Decimal | None:
        """Gross − usable sinks − purchased reductions of the roots together, t CO2e."""
        gross = self.gross_co2e
        if gross is None:
            return None
        return net_emissions(
            gross, self.sinks_co2e, self.purchased_tonnes if self.purchases_count else 0
        )


def roots_of(
    asked: Sequence[PilotId], surrounding: Mapping[PilotId, Collection[PilotId]]
) -> tuple[PilotId, ...]:
    """The pilots that lie in no other pilot asked for, in the order asked."""
    wanted = set(asked)
    return tuple(p for p in dict.fromkeys(asked) if not wanted & set(surrounding[p]))


def credits_of_roots(
    retired: Iterable[tuple[PilotId, int, int]], inside: Collection[int]
) -> dict[PilotId, RootCredits]:
    """What each root has of retired tonnes: (root, project, tonnes). ``inside`` are the projects that lie
    inside a root."""
    tonnes: dict[PilotId, list[int]] = defaultdict(lambda: [0, 0])
    for root, project, retired_tonnes in retired:
        tonnes[root][0] += retired_tonnes
        tonnes[root][1] += retired_tonnes if project in inside else 0
    return {root: RootCredits(*pair) for root, pair in tonnes.items()}


def least_inside(
    inside: Sequence[PilotId],
    surrounding: Mapping[PilotId, PilotId],
    gross: Mapping[PilotId, Decimal],
    overlaps: Iterable[tuple[PilotId, PilotId]],
) -> dict[PilotId, Decimal]:
    """The least that the pilots inside a pilot come to, t CO2e, where any of it is known.

    ``inside`` has pilots before those inside them. A pilot that states nothing, or less than those
    inside it, stands for what they come to. Of pilots side by side that share ground the largest
    counts.
    """
    shared: dict[PilotId, set[PilotId]] = defaultdict(set)
    for pilot, other in overlaps:
        shared[pilot].add(other)
        shared[other].add(pilot)
    within: dict[PilotId, list[tuple[Decimal, PilotId]]] = defaultdict(list)
    for pilot in reversed(inside):
        amounts = [gross[pilot]] if pilot in gross else []
        if pilot in within:
            amounts.append(_apart(within[pilot], shared))
        if amounts:
            within[surrounding[pilot]].append((max(amounts), pilot))
    return {pilot: _apart(found, shared) for pilot, found in within.items()}


def unknown_roots(
    roots: Sequence[PilotId],
    periods: Collection[PilotId],
    statements: Mapping[PilotId, NetEmissions],
    least: Mapping[ElectricityMethod, Mapping[PilotId, Decimal]],
) -> tuple[UnknownRoot, ...]:
    """Why the roots' emissions are not known, root by root, and then of all together. ``periods`` are the
    pilots that have such a period; ``least`` is what lies inside each at the least, by how electricity counts."""
    found: list[UnknownRoot] = []
    for root in roots:
        reason = UnknownReason.NOT_SHOWN if root in periods else UnknownReason.NO_PERIOD
        statement = statements.get(root)
        unknown = _unknown(statement, _inside(root, statement, least), reason)
        found += [UnknownRoot(root, item) for item in unknown]
    sets = gwp_sets_of(
        inventory
        for statement in statements.values()
        if not statement.unknown
        for inventory in statement.inventories
    )
    if len(sets) > 1:
        found.append(UnknownRoot(None, Unknown(UnknownReason.GWP_SETS_DIFFER, gwp_sets=sets)))
    return tuple(found)


def _inside(
    root: PilotId,
    statement: NetEmissions | None,
    least: Mapping[ElectricityMethod, Mapping[PilotId, Decimal]],
) -> Decimal | None:
    """The least that lies inside a root, by the method of what it states: what counts by location is not compared with
    what counts by market. Where it states none, by whichever."""
    method = None if statement is None else statement.electricity_method
    methods = least if method is None else (method,)
    amounts = [least[method][root] for method in methods if root in least.get(method, {})]
    return max(amounts, default=None)


def _unknown(
    statement: NetEmissions | None, inside: Decimal | None, otherwise: UnknownReason
) -> list[Unknown]:
    """Why a root's emissions are not known, each with what it states and what lies inside it; without a
    statement, ``otherwise``."""
    gross = None if statement is None else statement.gross_co2e
    reasons = statement.unknown if statement else (Unknown(otherwise),)
    if gross is not None and inside is not None and gross < inside:
        reasons = (Unknown(UnknownReason.LESS_THAN_INSIDE),)
    return [replace(reason, gross=gross, inside=inside) for reason in reasons]


def _apart(
    found: Sequence[tuple[Decimal, PilotId]], shared: Mapping[PilotId, set[PilotId]]
) -> Decimal:
    """The sum of the pilots that share no ground with a larger one that counts."""
    counted: dict[int, Decimal] = {}
    for co2e, pilot in sorted(found, reverse=True):
        if counted.keys().isdisjoint(shared.get(pilot, ())):
            counted[pilot] = co2e
    return total(counted.values())
