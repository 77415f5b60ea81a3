"""What densities, loads and heating values can be: a slip by a thousand is refused, not multiplied.

The ranges are data by what a factor is about, each with its source; they are wide, for they tell a slip
from a measurement, not a good one from a bad one.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from nzc_api.accounting.confidence import Confidence
from nzc_api.accounting.errors import ConversionImplausible
from nzc_api.accounting.exact import plain
from nzc_api.accounting.factors import DATA, EmissionFactor
from nzc_api.accounting.unit_table import StateOfMatter
from nzc_api.accounting.units import Unit, parse_unit
from nzc_api.refusal import LocalizedText

# A row for whatever has none of its own.
ANYTHING = "*"


@dataclass(frozen=True, slots=True)
class PlausibleRange:
    """From ``least`` to ``most``, both included, in ``unit``; ``also`` are units that it is mistaken for.

    ``about`` are subjects of factors (diesel), kinds (LANDFILL), or anything. ``state`` says of what a volume
    is: LPG has a density as a liquid and one as a gas.
    """

    about: frozenset[str]
    name: LocalizedText
    unit: Unit
    state: StateOfMatter | None
    least: Decimal
    most: Decimal
    typical: Decimal
    also: tuple[Unit, ...]
    source: LocalizedText
    locator: str
    confidence: Confidence

    def has(self, value: Decimal, unit: Unit) -> bool:
        given = Fraction(value) * unit.size / self.unit.size
        return self.least <= given <= self.most


def check_plausible(
    value: Decimal, unit: Unit, factor: EmissionFactor, state: StateOfMatter | None = None
) -> ConversionImplausible | None:
    """Whether a density, load or heating value can be that of what the factor is about, in the ``state``
    that the activity's volume has, where its unit says so."""
    ranges = plausible_ranges(factor, unit, state)
    if not ranges or any(plausible.has(value, unit) for plausible in ranges):
        return None
    usual = ranges[0]
    meant = next((u for r in ranges for u in (r.unit, *r.also) if r.has(value, u)), None)
    hint = _meant(value, meant)
    return ConversionImplausible(
        path=("density", "value"),
        value=plain(value),
        unit=unit.name,
        subject=factor.code,
        quantity_zh=usual.name.zh,
        quantity_en=usual.name.en,
        least=plain(usual.least),
        most=plain(usual.most),
        typical=plain(usual.typical),
        range_unit=usual.unit.name,
        meant=None if meant is None else meant.name,
        hint_zh=hint.zh,
        hint_en=hint.en,
        source_zh=usual.source.zh,
        source_en=usual.source.en,
        locator=usual.locator,
        confidence=usual.confidence,
    )


def plausible_ranges(
    factor: EmissionFactor, unit: Unit, state: StateOfMatter | None = None
) -> tuple[PlausibleRange, ...]:
    """The ranges in what ``unit`` measures: of the factor's subject, or else its kind, or anything."""
    fitting = [
        row
        for row in RANGES
        if row.unit.dimensions == unit.dimensions and not (state and row.state not in {None, state})
    ]
    by_closeness = (
        tuple(row for row in fitting if about in row.about)
        for about in (factor.subject, factor.kind, ANYTHING)
    )
    return next((rows for rows in by_closeness if rows), ())


def _meant(value: Decimal, unit: Unit | None) -> LocalizedText:
    if unit is None:
        return LocalizedText("", "")
    given = plain(value)
    return LocalizedText(
        f"；是否应为{given} {unit.shown.zh}？", f"; did you mean {given} {unit.shown.en}?"
    )


def _read() -> Iterator[PlausibleRange]:
    for row in json.loads((DATA / "plausible_conversions.json").read_text("utf-8")):
        source = row["source"]
        yield PlausibleRange(
            about=frozenset(row["about"]),
            name=LocalizedText(**row["name"]),
            unit=_unit(row["unit"]),
            state=StateOfMatter[row["state"]] if "state" in row else None,
            least=Decimal(row["least"]),
            most=Decimal(row["most"]),
            typical=Decimal(row["typical"]),
            also=tuple(_unit(unit) for unit in row["also"]),
            source=LocalizedText(source["zh"], source["en"]),
            locator=source["locator"],
            confidence=Confidence(source["confidence"]),
        )


def _unit(name: str) -> Unit:
    unit = parse_unit(name)
    assert unit is not None, name
    return unit


RANGES = tuple(_read())
