"""What another factor list or other warming potentials would change in an inventory. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nzc_api.accounting.exact import total
from nzc_api.ids import LineId, Position
from nzc_api.inventories.line_rules import MOST_SHOWN, carry_over, unfit
from nzc_api.inventories.model import CategoryTotal, FactorBasis, Inventory, Line, ReviseInventory
from nzc_api.inventories.preview import totals_of
from nzc_api.inventories.rules import revised
from nzc_api.pilots.model import Pilot
from nzc_api.refusal import LocalizedText, Refusal
from nzc_api.statements.gross import gross_of, is_sink, unknown_of
from nzc_api.statements.reasons import Unknown, UnknownReason

# How many lines are accounted anew for one page: about two seconds' work. An inventory that has more by
# itself is not looked at.
MOST_LINES = 2_000


@dataclass(frozen=True, slots=True)
class UnfitLine:
    """A line that cannot be accounted anew, and why."""

    line_id: LineId
    reason: LocalizedText


@dataclass(frozen=True, slots=True)
class ImpactFigures:
    """What the sources and the sinks of an inventory that count come to, t CO2e; None: not known."""

    gross: Decimal | None = None
    sinks: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FactorChangeImpact:
    """An inventory's figures as they are, and as they would be on another basis; ``unknown`` says why
    they are not known, ``unfit`` has the first lines that do not fit, of ``unfit_count``."""

    inventory: Inventory
    before: ImpactFigures
    after: ImpactFigures
    unknown: tuple[Unknown, ...]
    unfit_count: int = 0
    unfit: tuple[UnfitLine, ...] = ()

    @property
    def difference(self) -> ImpactFigures:
        """By how much they would be more; negative: less."""
        return ImpactFigures(
            _less(self.after.gross, self.before.gross), _less(self.after.sinks, self.before.sinks)
        )


def impact_of(
    inventory: Inventory,
    pilot: Pilot,
    to: FactorBasis,
    totals: Sequence[CategoryTotal],
    lines: Sequence[Line],
) -> FactorChangeImpact:
    """What a revision of the inventory onto the basis ``to`` would change."""
    variant = pilot.variant
    command = ReviseInventory(inventory.id, to.gwp_set, to.factor_list)
    after = revised(inventory, command, Position(inventory.id), variant, ())
    assert isinstance(after, Inventory), after
    before = _figures(inventory, pilot, totals)
    unknown = unknown_of(variant, [inventory], totals)
    results = [carry_over(line, inventory, after, variant) for line in lines]
    refused = unfit(lines, results)
    if refused:
        why = Unknown(UnknownReason.LINES_DO_NOT_FIT, lines=len(refused))
        named = tuple(
            UnfitLine(line.id, refused_as.message) for line, refused_as in refused[:MOST_SHOWN]
        )
        return FactorChangeImpact(
            inventory=inventory,
            before=before,
            after=ImpactFigures(),
            unknown=(*unknown, why),
            unfit_count=len(refused),
            unfit=named,
        )
    anew = totals_of(after.id, [line for line in results if not isinstance(line, Refusal)])
    return FactorChangeImpact(
        inventory=inventory, before=before, after=_figures(after, pilot, anew), unknown=unknown
    )


def not_looked_at(
    inventory: Inventory, pilot: Pilot, totals: Sequence[CategoryTotal], lines: int
) -> FactorChangeImpact:
    """What is said of an inventory that has more than ``MOST_LINES`` lines."""
    why = Unknown(UnknownReason.TOO_MANY_LINES, lines=lines, most=MOST_LINES)
    unknown = (*unknown_of(pilot.variant, [inventory], totals), why)
    return FactorChangeImpact(
        inventory=inventory,
        before=_figures(inventory, pilot, totals),
        after=ImpactFigures(),
        unknown=unknown,
    )


def count_looked_at(lines: Iterable[int]) -> int:
    """How many inventories of so many lines each one page looks at, the first of them in any case."""
    looked_at, left = 0, MOST_LINES
    for count in lines:
        left -= count if count <= MOST_LINES else 0
        if left < 0:
            break
        looked_at += 1
    return looked_at


def _figures(inventory: Inventory, pilot: Pilot, totals: Sequence[CategoryTotal]) -> ImpactFigures:
    return ImpactFigures(
        gross_of(pilot.variant, [inventory], totals),
        total(item.co2e for item in totals if is_sink(item)),
    )


def _less(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else total((one, -other))
