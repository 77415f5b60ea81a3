"""Which lines of an inventory probably repeat another. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from nzc_api.accounting.exact import decimal_of, plain
from nzc_api.accounting.gases import Gas
from nzc_api.accounting.line import Measurement
from nzc_api.accounting.units import Dimensions, parse_unit, unit_name
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import Category
from nzc_api.ids import LineId
from nzc_api.inventories.model import LineRole
from nzc_api.inventories.warnings import Fact, InventoryWarning, WarningCode
from nzc_api.refusal import LocalizedText

# An amount of fewer significant digits (1,000 kWh) is often the same by chance.
TELLING_DIGITS = 3


@dataclass(frozen=True, slots=True)
class RecordedLine:
    """A line of an inventory, as far as another may repeat it."""

    id: LineId
    role: LineRole
    category: Category
    label: str
    activity: Measurement
    subject: str
    own: bool
    gases: frozenset[Gas]

    @property
    def amount(self) -> tuple[Dimensions, Fraction]:
        """How much of what, whatever the unit."""
        unit = parse_unit(self.activity.unit)
        assert unit is not None, self.activity
        return unit.dimensions, Fraction(self.activity.value) * unit.size

    @property
    def is_telling(self) -> bool:
        """Whether the amount is one that two activities hardly have by chance."""
        digits = plain(self.activity.value).replace(".", "").strip("0")
        return len(digits) >= TELLING_DIGITS


def amounts_in(units: Iterable[str], lines: Iterable[RecordedLine]) -> set[tuple[str, Decimal]]:
    """The amounts of lines, in each of the units that measures them: of lines in these units, only those of
    such an amount repeat one."""
    sizes = {unit: parsed for unit in units if (parsed := parse_unit(unit)) is not None}
    found: set[tuple[str, Decimal]] = set()
    for dimensions, amount in {line.amount for line in lines}:
        for name, unit in sizes.items():
            if unit.dimensions == dimensions:
                value = decimal_of(amount / unit.size)
                found |= set() if value is None else {(name, value)}
    return found


def recorded_twice(
    new: Sequence[RecordedLine], standing: Sequence[RecordedLine]
) -> dict[int, InventoryWarning]:
    """Which of the new lines probably repeat another: one that stands, or one before it; by id.

    What takes as long as there are lines: each is looked up, never compared with all.
    """
    # The first line of each likeness, by what it is about.
    seen: Seen = {}
    warnings: dict[int, InventoryWarning] = {}
    for line in standing:
        _keep(seen, line)
    for line in new:
        same = _same(seen, line)
        if same is not None:
            warnings[line.id] = _twice(line, same)
        _keep(seen, line)
    return warnings


# Lines that were seen, by a likeness and by what tells those of one likeness apart.
Seen = dict[object, dict[object, RecordedLine]]


def _keep(seen: Seen, line: RecordedLine) -> None:
    likenesses = (
        _alike(line, line.category, _folded(line.label)),
        _alike(line, line.category),
        _alike(line),
    )
    for likeness in likenesses:
        seen.setdefault(likeness, {}).setdefault((line.subject, line.gases), line)
    if line.role is LineRole.SINK:
        forest = line.category, line.amount[0]
        seen.setdefault(_folded(line.label), {}).setdefault(forest, line)


def _same(seen: Seen, line: RecordedLine) -> RecordedLine | None:
    """The first line that it probably repeats.

    The same amount of the same: under the same category and label, or under a category that includes the
    other; or under any where the amount is telling. And one forest by its area and by its stocks.
    """
    if line.activity.value == 0:
        return None
    likenesses = [_alike(line, line.category, _folded(line.label))]
    likenesses += [_alike(line, category) for category in _related(line.category)]
    likenesses += [_alike(line)] if line.is_telling else []
    found = (_about_the_same(seen.get(likeness, {}), line) for likeness in likenesses)
    forests = seen.get(_folded(line.label), {}) if line.role is LineRole.SINK else {}
    this = line.category, line.amount[0]
    forest = next((other for own, other in forests.items() if own != this), None)
    return next((same for same in found if same is not None), forest)


def _alike(line: RecordedLine, *more: str) -> object:
    # What is bought and sold again has one amount, and is no repetition.
    term = GUIDE.category(line.category)
    return line.role if term.emits else term.role, line.amount, *more


def _about_the_same(
    found: Mapping[object, RecordedLine], line: RecordedLine
) -> RecordedLine | None:
    """Of lines that have the amount of one, the first that is about the same: whoever has a factor of its own
    may be. What gives other gases is another part of it."""
    for other in found.values():
        subject = line.own or other.own or line.subject == other.subject
        if subject and line.gases & other.gases:
            return other
    return None


def _related(category: Category) -> Iterator[Category]:
    for term in GUIDE.categories:
        if term.category in GUIDE.category(category).includes or category in term.includes:
            yield term.category


def _folded(label: str) -> str:
    return " ".join(label.casefold().split())


def _twice(line: RecordedLine, other: RecordedLine) -> InventoryWarning:
    facts: dict[str, Fact] = {
        "label": line.label,
        "category": GUIDE.category(line.category).name,
        "activity": amount_told(line.activity),
        "other_label": other.label,
        "other_category": GUIDE.category(other.category).name,
        "other_activity": amount_told(other.activity),
    }
    return InventoryWarning(
        code=WarningCode.RECORDED_TWICE, facts=facts, line_id=line.id, other_line_id=other.id
    )


def amount_told(activity: Measurement) -> LocalizedText:
    value, unit = plain(activity.value), unit_name(activity.unit)
    return LocalizedText(f"{value} {unit.zh}", f"{value} {unit.en}")
