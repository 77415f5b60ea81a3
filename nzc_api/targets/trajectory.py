"""A pilot's way to zero as one list, for a chart. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from nzc_api.inventories.model import Basis
from nzc_api.statements.model import NetEmissions
from nzc_api.targets.model import Target
from nzc_api.targets.rules import MOST_CEILINGS

# The latest accounting periods that are shown.
MOST_PERIODS = 40

MOST_POINTS = 1 + MOST_CEILINGS + 2 * MOST_PERIODS


class TrajectoryKind(StrEnum):
    """What a point of a trajectory is."""

    BASELINE = "BASELINE"
    CEILING = "CEILING"
    ACTUAL = "ACTUAL"
    PROJECTION = "PROJECTION"


@dataclass(frozen=True, slots=True)
class TrajectoryPoint:
    """A year's or a period's amounts; None: not said, or not known."""

    kind: TrajectoryKind
    year: int
    net: Decimal | None
    gross: Decimal | None
    credits: int | None
    statement: NetEmissions | None = None


@dataclass(frozen=True, slots=True)
class Trajectory:
    """The points of a chart, in the order of their kinds and years; ``earlier`` periods are left out."""

    target: Target | None
    points: tuple[TrajectoryPoint, ...]
    earlier: int

    @classmethod
    def of(
        cls, target: Target | None, statements: Sequence[NetEmissions], earlier: int
    ) -> "Trajectory":
        """What a target says, and what is stated of the pilot's latest periods."""
        said = () if target is None else (_baseline(target), *_ceilings(target))
        actual = [
            _stated(TrajectoryKind.ACTUAL, statement)
            for statement in _on(Basis.OPERATIONAL, statements)
        ]
        # A projection that was never made is nothing that is missing.
        projected = [
            _stated(TrajectoryKind.PROJECTION, statement)
            for statement in _on(Basis.PROJECTED, statements)
            if statement.inventories
        ]
        return cls(target, (*said, *actual, *projected), earlier)


def _baseline(target: Target) -> TrajectoryPoint:
    base = target.baseline
    return TrajectoryPoint(
        kind=TrajectoryKind.BASELINE, year=base.year, net=base.net, gross=base.gross, credits=None
    )


def _ceilings(target: Target) -> list[TrajectoryPoint]:
    kind = TrajectoryKind.CEILING
    return [
        TrajectoryPoint(kind=kind, year=c.year, net=c.net, gross=c.gross, credits=c.credits)
        for c in target.ceilings
    ]


def _on(basis: Basis, statements: Sequence[NetEmissions]) -> list[NetEmissions]:
    return [statement for statement in statements if statement.key.basis is basis]


def _stated(kind: TrajectoryKind, statement: NetEmissions) -> TrajectoryPoint:
    year = statement.period.span.ends_on.year
    tonnes = statement.purchased_tonnes if statement.purchases_count else None
    return TrajectoryPoint(
        kind=kind,
        year=year,
        net=statement.net_co2e,
        gross=statement.gross_co2e,
        credits=tonnes,
        statement=statement,
    )
