"""Pilots of a year together, and of each kind and city: each tonne once, what is not known apart. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from nzc_api.accounting.exact import total
from nzc_api.accounting.gases import GwpSet
from nzc_api.guide.guide import GUIDE, net_emissions
from nzc_api.guide.terms import PilotKind
from nzc_api.ids import PilotId, Position
from nzc_api.inventories.electricity_method import ElectricityMethod
from nzc_api.pilots.model import Pilot
from nzc_api.statements.coverage import CoverageStatus
from nzc_api.statements.gross import electricity_methods_of, gwp_sets_of
from nzc_api.statements.model import NetEmissions
from nzc_api.statements.portfolio import Nesting, Portfolio, RootCredits
from nzc_api.statements.reasons import Unknown, UnknownReason
from nzc_api.targets.assessment import Assessment, TargetStatus
from nzc_api.targets.reasons import NotAssessableReason

W = TypeVar("W", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class ProvincePilot:
    """A pilot of the page: what it states, and how that stands beside its target.

    ``root`` is the pilot of the page that it lies in, or None: then it is a root, whose emissions count,
    with the ``credits`` of all that lie in it, and ``unknown`` says why they are not known.
    """

    pilot: Pilot
    root: PilotId | None
    assessment: Assessment
    credits: RootCredits
    unknown: tuple[Unknown, ...]

    @property
    def statement(self) -> NetEmissions | None:
        """What is stated of the year; None where there is no such period, or it is not shown."""
        return self.assessment.statement

    @property
    def kind(self) -> PilotKind:
        return GUIDE.kind_of(self.pilot.variant).kind

    @property
    def coverage(self) -> CoverageStatus | None:
        """How much of its year is covered; None where nothing is stated."""
        return None if self.statement is None else self.statement.coverage.status

    @property
    def status(self) -> TargetStatus:
        """How its year stands beside its target."""
        return self.assessment.status

    @property
    def reasons(self) -> list[NotAssessableReason]:
        """Why that cannot be told."""
        return [item.reason for item in self.assessment.reasons]

    @property
    def is_root(self) -> bool:
        return self.root is None

    @property
    def is_known(self) -> bool:
        """Whether it is a root whose emissions are known."""
        return self.is_root and not self.unknown


@dataclass(frozen=True, slots=True)
class ProvinceSums:
    """Roots taken together; what is not known is None.

    ``gross`` and ``sinks`` (t CO2e) are None where they are not known of a root, where their CO2e is not one
    sum, or where there is no root. ``purchased`` (t) are the tonnes that were produced outside all roots of the
    page, ``from_inside`` (t) those that were not, and do not count.
    """

    roots: int
    gross: Decimal | None
    sinks: Decimal | None
    purchased: int
    from_inside: int

    @property
    def net(self) -> Decimal | None:
        """Gross − usable sinks − purchased reductions, t CO2e."""
        if self.gross is None or self.sinks is None:
            return None
        return net_emissions(self.gross, self.sinks, self.purchased)

    @classmethod
    def of(cls, roots: Sequence[ProvincePilot]) -> "ProvinceSums":
        stated = [
            pilot.statement for pilot in roots if pilot.is_known and pilot.statement is not None
        ]
        is_known = 0 < len(stated) == len(roots) and len(_gwp_sets(stated)) == 1
        gross = [statement.gross_co2e for statement in stated if statement.gross_co2e is not None]
        return cls(
            roots=len(roots),
            gross=total(gross) if is_known else None,
            sinks=total(statement.usable_sinks_co2e for statement in stated) if is_known else None,
            purchased=sum(pilot.credits.retired - pilot.credits.from_inside for pilot in roots),
            from_inside=sum(pilot.credits.from_inside for pilot in roots),
        )


@dataclass(frozen=True, slots=True)
class ProvinceFigures:
    """The numbers of some pilots: of all, of a kind, or of a city.

    A pilot that lies in another counts as a pilot where it is itself, and with its emissions and credits where
    its root is: so the sums of the kinds, and those of the cities, add up to those of the province.
    """

    pilots: tuple[ProvincePilot, ...]

    @property
    def roots(self) -> list[ProvincePilot]:
        return [pilot for pilot in self.pilots if pilot.is_root]

    @property
    def together(self) -> ProvinceSums:
        """All roots."""
        return ProvinceSums.of(self.roots)

    @property
    def known(self) -> ProvinceSums:
        """The roots whose emissions are known."""
        return ProvinceSums.of([pilot for pilot in self.pilots if pilot.is_known])

    @property
    def unknown(self) -> dict[UnknownReason, int]:
        """Of how many roots the emissions are not known, by each reason; a root may have several."""
        return _counted(UnknownReason, (_reasons_of(pilot) for pilot in self.roots))

    @property
    def gwp_sets(self) -> tuple[GwpSet, ...]:
        """The sets of warming potentials that the known roots use, oldest first: of several there is no one sum."""
        return _gwp_sets(
            [pilot.statement for pilot in self.pilots if pilot.is_known and pilot.statement]
        )

    @property
    def electricity_methods(self) -> tuple[ElectricityMethod, ...]:
        """The methods by which bought electricity counts in the known roots, the grid's first."""
        stated = [pilot.statement for pilot in self.pilots if pilot.is_known and pilot.statement]
        return electricity_methods_of(i for statement in stated for i in statement.inventories)

    @property
    def coverage(self) -> dict[CoverageStatus, int]:
        """How many pilots have each coverage, of those that state anything."""
        return _counted(
            CoverageStatus,
            ([pilot.coverage] for pilot in self.pilots if pilot.coverage is not None),
        )

    @property
    def without_statement(self) -> int:
        """How many pilots state nothing that is seen."""
        return sum(pilot.statement is None for pilot in self.pilots)

    @property
    def targets(self) -> dict[TargetStatus, int]:
        """How many pilots stand how beside their targets."""
        return _counted(TargetStatus, ([pilot.status] for pilot in self.pilots))

    @property
    def not_assessable(self) -> dict[NotAssessableReason, int]:
        """How many pilots cannot be assessed, by each reason; a pilot may have several."""
        return _counted(NotAssessableReason, (pilot.reasons for pilot in self.pilots))


@dataclass(frozen=True, slots=True)
class Province:
    """The pilots that are meant, in a calendar year, measured in operation, as of a position.

    ``overlaps`` are pairs that share ground: what is in both is counted twice.
    """

    year: int
    as_of: Position
    pilots: tuple[ProvincePilot, ...]
    overlaps: Mapping[int, tuple[PilotId, PilotId]]

    @property
    def figures(self) -> ProvinceFigures:
        return ProvinceFigures(self.pilots)

    @property
    def by_kind(self) -> dict[PilotKind, ProvinceFigures]:
        """In the guide's order; of kinds that there are none of, too."""
        return {
            kind: ProvinceFigures(tuple(pilot for pilot in self.pilots if pilot.kind is kind))
            for kind in PilotKind
        }

    @property
    def by_division(self) -> dict[str, ProvinceFigures]:
        """By the codes of cities, in the order of GB/T 2260; of those that have none, too."""
        return {
            division.code: ProvinceFigures(
                tuple(pilot for pilot in self.pilots if pilot.pilot.division_code == division.code)
            )
            for division in GUIDE.divisions
        }


@dataclass(frozen=True, slots=True)
class ProvinceFilter:
    """Which of a figure's pilots a list has: all that is given must hold."""

    root: bool | None = None
    known: bool | None = None
    unknown: UnknownReason | None = None
    coverage: CoverageStatus | None = None
    stated: bool | None = None
    target: TargetStatus | None = None
    not_assessable: NotAssessableReason | None = None

    def has(self, pilot: ProvincePilot) -> bool:
        asked = (
            (self.root, self.root == pilot.is_root),
            (self.known, pilot.is_root and self.known == pilot.is_known),
            (self.unknown, pilot.is_root and self.unknown in _reasons_of(pilot)),
            (self.coverage, self.coverage is pilot.coverage),
            (self.stated, self.stated == (pilot.statement is not None)),
            (self.target, self.target is pilot.status),
            (self.not_assessable, self.not_assessable in pilot.reasons),
        )
        return all(holds for given, holds in asked if given is not None)


def province_of(
    year: int,
    pilots: Iterable[Pilot],
    nesting: Nesting,
    portfolio: Portfolio,
    assessed: Mapping[PilotId, Assessment],
) -> Province:
    """The page, of what was read: pilots, which lies in which, and what is stated of each."""
    unknown: dict[PilotId | None, list[Unknown]] = {}
    for item in portfolio.unknown:
        unknown.setdefault(item.pilot_id, []).append(item.unknown)
    root_of = nesting.root_of
    rows = [
        ProvincePilot(
            pilot=pilot,
            root=None if root_of[pilot.id] == pilot.id else root_of[pilot.id],
            assessment=assessed[pilot.id],
            credits=portfolio.credits.get(pilot.id, RootCredits()),
            unknown=tuple(unknown.get(pilot.id, ())),
        )
        for pilot in pilots
    ]
    return Province(
        year=year, as_of=portfolio.as_of, pilots=tuple(rows), overlaps=portfolio.overlaps
    )


def _gwp_sets(stated: Sequence[NetEmissions]) -> tuple[GwpSet, ...]:
    return gwp_sets_of(inventory for statement in stated for inventory in statement.inventories)


def _reasons_of(pilot: ProvincePilot) -> list[UnknownReason]:
    return [item.reason for item in pilot.unknown]


def _counted(enum: type[W], found: Iterable[Iterable[W]]) -> dict[W, int]:
    """How often each value was found: those that never were, too."""
    times = Counter(value for values in found for value in set(values))
    return {value: times[value] for value in enum}
