"""What each kind plausibly emits: data, scaled by days."""

from decimal import Decimal
from fractions import Fraction

import pytest

from nzc_api.guide.sizes import plausible_size
from nzc_api.guide.terms import PilotVariant


@pytest.mark.parametrize("variant", PilotVariant)
def test_every_variant_has_a_size_and_its_reasoning(variant: PilotVariant) -> None:
    size = plausible_size(variant)
    assert size.variant is variant
    assert 0 < size.least < size.most
    assert "下限" in size.source.zh
    assert "上限" in size.source.zh
    assert "Least" in size.source.en
    assert "most" in size.source.en


def test_a_size_is_scaled_by_days() -> None:
    """A building emits 2 t to 400,000 t in 365 days: the ends are plausible."""
    size = plausible_size(PilotVariant.BUILDING_EXISTING)
    assert size.least_in(365) == Fraction(2)
    assert size.most_in(365) == Fraction(400_000)
    assert size.least_in(73) == Fraction(2, 5)
    assert not size.is_too_small(Decimal("0.4"), 73)
    assert size.is_too_small(Decimal("0.399999"), 73)
    assert not size.is_too_large(Decimal(80_000), 73)
    assert size.is_too_large(Decimal("80000.000001"), 73)


def test_an_office_of_ten_billion_kilowatt_hours_is_too_large() -> None:
    size = plausible_size(PilotVariant.BUILDING_EXISTING)
    assert size.is_too_large(Decimal(10_000_000_000) * Decimal("0.0004403"), 365)
