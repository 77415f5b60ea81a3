"""Any line that can be drawn, beside an independent reckoning."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import prod

from hypothesis import assume, given
from hypothesis import strategies as st

from nzc_api.accounting.errors import ActivityOutOfRange, GwpMissing
from nzc_api.accounting.exact import plain
from nzc_api.accounting.factors import GWP_SETS, EmissionFactor
from nzc_api.accounting.gases import Gas, GwpSet
from nzc_api.accounting.line import LARGEST_LINE, LineAccount, Measurement, account
from nzc_api.accounting.plausible import plausible_ranges
from nzc_api.accounting.units import parse_unit
from tests.accounting.lines import CHINESE, USABLE

# An independent reckoning: what a unit of a factor's part is, worked out by hand. The first member
# is what the activity must measure; the second is the part in GJ, t, m3, km, ha, head and years.

PART_UNITS: dict[str, tuple[str | None, Fraction]] = {
    "1": (None, Fraction(1)),
    "GJ/t": ("mass", Fraction(1)),
    "GJ/10^3Nm3": ("volume", Fraction(1, 1000)),
    "GJ/10^4Nm3": ("volume", Fraction(1, 10_000)),
    "tC/GJ": ("energy", Fraction(1)),
    "tC/TJ": ("energy", Fraction(1, 1000)),
    "tC/t": ("mass", Fraction(1)),
    "tCO2/t": ("mass", Fraction(1)),
    "tCO2/TJ": ("energy", Fraction(1, 1000)),
    "tCO2/GJ": ("energy", Fraction(1)),
    "tCO2/MWh": ("energy", Fraction(10, 36)),
    "kgCO2/kWh": ("energy", Fraction(10, 36)),
    "kgCO2/TJ": ("energy", Fraction(1, 10**6)),
    "kgCH4/TJ": ("energy", Fraction(1, 10**6)),
    "kgN2O/TJ": ("energy", Fraction(1, 10**6)),
    "mgCH4/km": ("distance", Fraction(1, 10**9)),
    "mgN2O/km": ("distance", Fraction(1, 10**9)),
    "kgCH4/Gg": ("mass", Fraction(1, 10**6)),
    "gN2O/t": ("mass", Fraction(1, 10**6)),
    "kgN2O/Gg": ("mass", Fraction(1, 10**6)),
    "gCH4/kg": ("mass", Fraction(1, 1000)),
    "gN2O/kg": ("mass", Fraction(1, 1000)),
    "tCH4-C/tC": (None, Fraction(1)),
    "kgCH4/kgBOD": ("BOD", Fraction(1)),
    "kgCH4/kgCOD": ("COD", Fraction(1)),
    "kgN2O-N/kgN": ("N", Fraction(1)),
    "kgHFC32/kgR410A": ("R410A", Fraction(1)),
    "kgHFC125/kgR410A": ("R410A", Fraction(1)),
    "kgHFC32/kgR407C": ("R407C", Fraction(1)),
    "kgHFC125/kgR407C": ("R407C", Fraction(1)),
    "kgHFC134a/kgR407C": ("R407C", Fraction(1)),
    "tC/ha": ("area", Fraction(1)),
    "kgN/head/yr": ("herd", Fraction(1, 1000)),
    "kgN2O/head/yr": ("herd", Fraction(1, 1000)),
    "kgCH4/head/yr": ("herd", Fraction(1, 1000)),
    "kgCH4/ha/d": ("land", Fraction(365, 1000)),
    "tCO2e/mu/yr": ("land", Fraction(15)),
}

ACTIVITY_UNITS: dict[str, dict[str, Fraction]] = {
    "energy": {
        "kWh": Fraction(36, 10**4),
        "MWh": Fraction(36, 10),
        "万千瓦时": Fraction(36),
        "MJ": Fraction(1, 1000),
        "GJ": Fraction(1),
        "TJ": Fraction(1000),
        "MMBtu": Fraction(105_505_585_262, 10**11),
    },
    "mass": {
        "g": Fraction(1, 10**6),
        "公斤": Fraction(1, 1000),
        "t": Fraction(1),
        "万吨": Fraction(10_000),
        "Gg": Fraction(1000),
        "磅": Fraction(45_359_237, 10**11),
    },
    "volume": {
        "m³": Fraction(1),
        "千立方米": Fraction(1000),
        "万Nm³": Fraction(10_000),
        "m³(20℃)": Fraction(27_315, 29_315),
        "万立方米（15 °C）": Fraction(273_150_000, 28_815),
    },
    "bulk": {
        "L": Fraction(1, 1000),
        "m³": Fraction(1),
        "千立方米": Fraction(1000),
        "万m³": Fraction(10_000),
        "gal": Fraction(3_785_411_784, 10**12),
    },
    "distance": {"km": Fraction(1), "mi": Fraction(1_609_344, 10**6)},
    "BOD": {"kgBOD": Fraction(1, 1000), "tBOD": Fraction(1), "mgBOD": Fraction(1, 10**9)},
    "area": {"ha": Fraction(1), "亩": Fraction(1, 15), "m2": Fraction(1, 10_000)},
    "herd": {"head": Fraction(1), "头·年": Fraction(1), "head*d": Fraction(1, 365)},
    "land": {"ha*yr": Fraction(1), "亩·年": Fraction(1, 15), "ha*d": Fraction(1, 365)},
}

# Where a factor gives the element in a gas: the unit of such a part, and what makes the gas of it.
RATIOS = {
    Gas.CO2: ("tC/", Fraction(11, 3)),
    Gas.CH4: ("tCH4-C/", Fraction(4, 3)),
    Gas.N2O: ("kgN2O-N/", Fraction(11, 7)),
}

# What is a gas alone, by its mass, and so never in litres; what is sold by its mass alone.
GASES = {"refinery_gas", "gas_works_gas", "coke_oven_gas", "bf_gas", "converter_gas"}
LITRES = {"L", "gal"}

DENSITY_UNITS = {
    "kg{}/L": Fraction(1),
    "t{}/m3": Fraction(1),
    "g{}/L": Fraction(1, 1000),
    "kg{}/m3": Fraction(1, 1000),
}


@dataclass(frozen=True)
class Drawn:
    """A line that can be accounted, and its activity in tonnes, GJ, and so on."""

    activity: Measurement
    factor: EmissionFactor
    gwp_set: GwpSet
    density: Measurement | None
    reckoned: Fraction


def gram_rounded(tonnes: Fraction) -> Fraction:
    """Half-even, from the definition."""
    below, rest = divmod(tonnes * 10**6, 1)
    up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and below % 2)
    return Fraction(below + 1 if up else below, 10**6)


def per(factor: EmissionFactor) -> str:
    """What the activity must measure: what the first part is per that is per anything."""
    found = (PART_UNITS[part.unit][0] for part in factor.gases[0].parts)
    return next((what for what in found if what), factor.gases[0].gas.symbol)


def tonnes_a_unit(factor: EmissionFactor) -> Iterator[tuple[Gas, Fraction]]:
    for gas in factor.gases:
        exact = prod(
            (Fraction(p.value) * PART_UNITS[p.unit][1] for p in gas.parts), start=Fraction(1)
        )
        given, ratio = RATIOS.get(gas.gas, ("", Fraction(1)))
        in_element = given and any(part.unit.startswith(given) for part in gas.parts)
        yield gas.gas, exact * ratio if in_element else exact


def amounts(largest: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(min_value=0, max_value=largest, places=12) | st.decimals(
        min_value=0, max_value=1000, places=3
    )


def plausible(factor: EmissionFactor, activity: str, name: str, share: Decimal) -> Decimal:
    """A density in the unit of that name, so far on from the least that is plausible to the most."""
    unit, measured = parse_unit(name), parse_unit(activity)
    assert unit is not None
    assert measured is not None
    usual = plausible_ranges(factor, unit, measured.state)[0]
    value = usual.least + share * (usual.most - usual.least)
    exact = Fraction(value) * usual.unit.size / unit.size
    return Decimal(exact.numerator) / exact.denominator


@st.composite
def lines(draw: st.DrawFn) -> Drawn:
    factor = draw(st.sampled_from(USABLE))
    gwp_set = draw(st.sampled_from(GwpSet))
    value = draw(amounts(10**9))
    what = per(factor)
    own_units = ACTIVITY_UNITS.get(what) or {
        f"t{what}": Fraction(1),
        f"kg{what}": Fraction(1, 1000),
    }
    by_itself = {"energy", "volume", "distance", "area", "herd", "land"}
    if what in by_itself or factor.subject == "urea" or draw(st.booleans()):
        unit = draw(st.sampled_from(sorted(own_units)))
        return Drawn(
            activity=Measurement(value, unit),
            factor=factor,
            gwp_set=gwp_set,
            density=None,
            reckoned=Fraction(value) * own_units[unit],
        )
    units = ACTIVITY_UNITS["bulk"].keys() - (LITRES if factor.subject in GASES else set())
    unit = draw(st.sampled_from(sorted(units)))
    template = draw(st.sampled_from(sorted(DENSITY_UNITS)))
    name = template.format("" if what == "mass" else what)
    density = plausible(factor, unit, name, draw(st.decimals(min_value=0, max_value=1, places=3)))
    return Drawn(
        activity=Measurement(value, unit),
        factor=factor,
        gwp_set=gwp_set,
        density=Measurement(density, name),
        reckoned=Fraction(value)
        * ACTIVITY_UNITS["bulk"][unit]
        * Fraction(density)
        * DENSITY_UNITS[template],
    )


@given(lines())
def test_a_line_equals_an_independent_reckoning(drawn: Drawn) -> None:
    potentials = GWP_SETS[drawn.gwp_set]
    expected = [(gas, drawn.reckoned * each) for gas, each in tonnes_a_unit(drawn.factor)]
    result = account(drawn.activity, drawn.factor, drawn.gwp_set, density=drawn.density)
    if any(gas not in potentials for gas, _ in expected):
        assert isinstance(result, GwpMissing)
        return
    in_co2e = sum(gram_rounded(exact * Fraction(potentials[gas].value)) for gas, exact in expected)
    if in_co2e > LARGEST_LINE:
        assert isinstance(result, ActivityOutOfRange)
        return
    assert isinstance(result, LineAccount), result
    assert [(gas.gas, gas.exact) for gas in result.gases] == expected
    assert [Fraction(gas.tonnes) for gas in result.gases] == [
        gram_rounded(exact * 1000) / 1000 for _, exact in expected
    ]
    assert Fraction(result.co2e) == in_co2e


@given(lines())
def test_the_working_can_be_redone_with_a_pocket_calculator(drawn: Drawn) -> None:
    result = account(drawn.activity, drawn.factor, drawn.gwp_set, density=drawn.density)
    assume(isinstance(result, LineAccount))
    assert isinstance(result, LineAccount)
    for gas in result.gases:
        assert prod(Fraction(m.value) for m in gas.multipliers) == gas.exact
        left, outcome = re.split(" [=≈] ", gas.expression, maxsplit=1)
        terms = left.split(" × ")
        assert terms == [f"{m.value} {m.unit}".strip() for m in gas.multipliers]
        assert prod(Fraction(term.split(" ")[0]) for term in terms) == gas.exact
        mass, co2e = outcome.split(f" t {gas.gas.symbol} × {plain(gas.gwp.value)} ")
        assert abs(Fraction(mass) - gas.exact) <= Fraction(1, 2 * 10**12)
        unrounded = gas.exact * Fraction(gas.gwp.value)
        assert abs(Fraction(re.split("[=≈→ ]+", co2e)[1]) - unrounded) <= Fraction(1, 2 * 10**12)
        assert co2e.endswith(f"{plain(gas.co2e)} t CO2e")
        assert Fraction(gas.co2e) == gram_rounded(unrounded)


@given(lines())
def test_every_number_of_the_working_has_a_name_in_both_languages(drawn: Drawn) -> None:
    result = account(drawn.activity, drawn.factor, drawn.gwp_set, density=drawn.density)
    assume(isinstance(result, LineAccount))
    assert isinstance(result, LineAccount)
    for multiplier in (m for gas in result.gases for m in gas.multipliers):
        assert CHINESE.search(multiplier.name.zh)
        assert multiplier.name.en
        assert not CHINESE.search(multiplier.name.en)
