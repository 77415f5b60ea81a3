"""What a pilot of a variant plausibly emits in a year: orders of magnitude, to find slips by. Pure.

The numbers are ours (``data/plausible_sizes.json``), each with how it was come by: no citable text
gives them. What is outside them is not wrong, but somebody should look at it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from nzc_api.accounting.unit_table import DAYS_A_YEAR
from nzc_api.guide.guide import DATA
from nzc_api.guide.terms import PilotVariant
from nzc_api.refusal import LocalizedText


@dataclass(frozen=True, slots=True)
class PlausibleSize:
    """The least and the most that a pilot of a variant plausibly emits in operation, t CO2e a year."""

    variant: PilotVariant
    least: Decimal
    most: Decimal
    source: LocalizedText

    def least_in(self, days: int) -> Fraction:
        """The least in so many days, t CO2e."""
        return Fraction(self.least) * days / DAYS_A_YEAR

    def most_in(self, days: int) -> Fraction:
        """The most in so many days, t CO2e."""
        return Fraction(self.most) * days / DAYS_A_YEAR

    def is_too_small(self, co2e: Decimal, days: int) -> bool:
        """Whether the emissions of so many days are implausibly small."""
        return Fraction(co2e) < self.least_in(days)

    def is_too_large(self, co2e: Decimal, days: int) -> bool:
        """Whether the emissions of so many days are implausibly large."""
        return Fraction(co2e) > self.most_in(days)


def plausible_size(variant: PilotVariant) -> PlausibleSize:
    return _BY_VARIANT[variant]


def _read() -> Mapping[PilotVariant, PlausibleSize]:
    rows: list[Mapping[str, Any]] = json.loads(
        (DATA / "plausible_sizes.json").read_text(encoding="utf-8")
    )
    return {
        PilotVariant(variant): PlausibleSize(
            variant=PilotVariant(variant),
            least=Decimal(row["least"]),
            most=Decimal(row["most"]),
            source=LocalizedText(**row["source"]),
        )
        for row in rows
        for variant in row["variants"]
    }


_BY_VARIANT = _read()
