"""A portfolio: roots' emissions once, each tonne of credits once, never the sum of pilots (rule 7)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nzc_api.accounting.exact import total
from nzc_api.guide.guide import net_emissions
from nzc_api.statements.model import NetEmissions


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Pilots taken together in a calendar year, as of a position.

    ``roots`` are the statements of the pilots that lie in no other pilot asked for; ``inside`` the
    pilots asked for that lie in one, and so are in its emissions already. ``retired`` are the tonnes
    retired for the roots and for all pilots inside them; ``from_inside`` those of them whose project
    lies inside a root, which reduce no root. ``without_statement`` are roots that have no such
    period. ``overlaps`` are pairs of pilots that share ground, by where that was recorded: what is in
    both is counted twice.
    """

    as_of: int
    roots: tuple[NetEmissions, ...]
    inside: tuple[int, ...]
    without_statement: tuple[int, ...]
    overlaps: Mapping[int, tuple[int, int]]
    retired: int
    from_inside: int

    @property
    def gross_co2e(self) -> Decimal:
        """The roots' emissions, t CO2e."""
        return total(root.gross_co2e for root in self.roots)

    @property
    def sinks_co2e(self) -> Decimal:
        """The roots' usable sinks, t CO2e."""
        return total(root.usable_sinks_co2e for root in self.roots)

    @property
    def purchased_tonnes(self) -> int:
        """The retired tonnes that count, t."""
        return self.retired - self.from_inside

    @property
    def net_co2e(self) -> Decimal:
        """Gross − usable sinks − purchased reductions of the roots together, t CO2e."""
        return net_emissions(self.gross_co2e, self.sinks_co2e, self.purchased_tonnes)


def roots_of(asked: Sequence[int], around: Mapping[int, Collection[int]]) -> tuple[int, ...]:
    """The pilots that lie in no other pilot asked for, in the order asked."""
    wanted = set(asked)
    return tuple(p for p in dict.fromkeys(asked) if not wanted & set(around[p]))
