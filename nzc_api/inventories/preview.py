"""What an inventory would be: before it is submitted, verified or revised. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from nzc_api.accounting.exact import total
from nzc_api.accounting.gases import Gas
from nzc_api.guide.terms import Category, Treatment
from nzc_api.ids import InventoryId, Position
from nzc_api.inventories.line_rules import AccountedLine
from nzc_api.inventories.model import (
    CategoryTotal,
    GasMass,
    Inventory,
    InventoryStatus,
    Line,
    LineRole,
)
from nzc_api.inventories.warnings import InventoryWarning
from nzc_api.pilots.model import Pilot


@dataclass(frozen=True, slots=True)
class PreviewedLine:
    """A line as it stands, and what it would be: of a revision accounted anew, else the same."""

    before: Line
    after: Line | AccountedLine


@dataclass(frozen=True, slots=True)
class InventoryPreview:
    """What a change would make of an inventory, were it done next after the position ``as_of``.

    ``before`` is the inventory as it stands, of a revision the version that it follows; ``after`` has
    positions that nothing has taken yet, so they are not for showing. ``warnings`` are of the lines as
    they stand, too.
    """

    pilot: Pilot
    before: Inventory
    after: Inventory
    lines: Sequence[PreviewedLine]
    warnings: Sequence[InventoryWarning]
    as_of: Position

    @property
    def totals(self) -> list[CategoryTotal]:
        return totals_of(self.after.id, [line.after for line in self.lines])

    def handed_in(self, *, verified: bool) -> Inventory:
        """The inventory as a statement may rest on it: a revision as if it had come as far as the version
        before it; with ``verified``, each as if it were verified."""
        item = self.after
        if item.status is InventoryStatus.DRAFT:
            item = _as_far_as(item, self.before)
        if verified and item.status is not InventoryStatus.VERIFIED:
            item = replace(item, verified_position=Position(self.as_of + 1))
        return item


def carried_lines(
    carried: Iterable[tuple[Line, AccountedLine]], warnings: Iterable[InventoryWarning]
) -> list[PreviewedLine]:
    """Lines accounted anew, each with those of the warnings that are about it."""
    of_line: dict[int | None, list[InventoryWarning]] = defaultdict(list)
    for warning in warnings:
        of_line[warning.line_id].append(warning)
    return [
        PreviewedLine(line, replace(anew, warnings=tuple(of_line[line.id])))
        for line, anew in carried
    ]


def totals_of(
    inventory_id: InventoryId, lines: Iterable[Line | AccountedLine]
) -> list[CategoryTotal]:
    """The sums of lines by role, treatment, category and gas: what ``store.read_totals`` says of an
    inventory that is kept."""
    masses: dict[tuple[LineRole, Treatment, Category, Gas], list[GasMass]] = defaultdict(list)
    missing: dict[tuple[LineRole, Treatment, Category, Gas], int] = defaultdict(int)
    for line in lines:
        basis = line.meter_basis
        for mass in line.gases:
            key = line.role, line.treatment, line.category, mass.gas
            masses[key].append(mass)
            missing[key] = max(missing[key], basis.missing if basis else 0)
    return [
        CategoryTotal.of(
            inventory_id,
            *key,
            total(m.tonnes for m in of_key),
            total(m.co2e for m in of_key),
            missing[key],
        )
        for key, of_key in sorted(masses.items())
    ]


def effective_with(effective: Sequence[Inventory], changed: Inventory) -> list[Inventory]:
    """The inventories that count once one of them has changed, or is there besides: of its series the
    latest verified version, else the latest submitted one."""
    versions = [i for i in effective if i.series_id == changed.series_id and i.id != changed.id]
    counts = max((*versions, changed), key=_rank)
    others = [i for i in effective if i.series_id != changed.series_id]
    return sorted((*others, counts), key=lambda item: item.series_id)


def _rank(version: Inventory) -> tuple[bool, int]:
    return version.status is InventoryStatus.VERIFIED, version.version


def _as_far_as(item: Inventory, other: Inventory) -> Inventory:
    return replace(
        item,
        submitted_position=other.submitted_position,
        verified_position=other.verified_position,
        verifier_id=other.verifier_id,
    )
