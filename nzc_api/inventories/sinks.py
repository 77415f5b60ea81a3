"""What a sink inside the boundary must rest on, and what is none. Pure.

A sink is an area and its growth, a change of stocks, or a measured mass of CO2 or carbon with the
methodology and the document that say so: never CO2e from nowhere.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from nzc_api.accounting.exact import significant, simplest
from nzc_api.accounting.factors import EmissionFactor, FactorKind
from nzc_api.accounting.line import activity_dimensions, factor_value
from nzc_api.accounting.unit_table import DAYS_A_YEAR, TIME
from nzc_api.accounting.units import parse_unit
from nzc_api.inventories.categories import CARBON
from nzc_api.inventories.errors import NotASink, SinkBasisRequired, SinkImplausible
from nzc_api.inventories.label_words import WordPattern, whole, word_in, word_pattern
from nzc_api.inventories.model import LineRole, NewLine, OwnFactor, SinkBasis
from nzc_api.inventories.own_factor import LONGEST_SOURCE
from nzc_api.refusal import InvalidInput, LocalizedText, Refusal
from nzc_api.text import saying_problem

# tCO2 of a hectare in a year. Our own order of magnitude, no limit of nature's: four times the highest
# factor of the curated lists (1 t a mu, 15 t a hectare). What grows faster is a measured mass, which has
# its methodology and evidence.
MOST_PER_HECTARE = Decimal(60)
# A line of as many t CO2 is refused: at 15 t a hectare more than 66,000 ha, a forest farm's compartments
# and not one. Our own order of magnitude.
TOO_LARGE = Decimal(1_000_000)

_LEDGER = LocalizedText(
    "购买的减排量不是碳汇：请由其签发登记机构在本系统签发，并以retireCredits为试点和核算期注销",
    "bought reductions are no sink: their registry issues them here and `retireCredits` retires them "
    "for the pilot and period",
)
_POWER = LocalizedText(
    "绿色电力证书属于电力消费，不是碳汇：请在用电的排放源中说明",
    "green certificates belong to the electricity that is consumed: say so in that emission source",
)
_CAPTURE = LocalizedText(
    "指南的碳汇是林草等生态系统的吸收；工业碳捕集不是碳汇：请按捕集后的实际排放量填报排放源",
    "the guide's sinks are the uptake of ecosystems; what industry captures is none: record the emission "
    "source by what it still emits",
)


# A programme's name also names its methodologies (CCER-14-001, CCER造林碳汇方法学): those are no purchase.
_NO_METHODOLOGY = r"(?!-?\d{2}-\d{3})(?![^,;，；。]{0,20}(?:方法学|methodolog))"

# Words, and where what they speak of belongs.
_ELSEWHERE: tuple[tuple[WordPattern, LocalizedText], ...] = (
    (
        word_pattern(
            "绿证|綠證|绿色电力证书|綠色電力證書|绿电证书|可再生能源电力证书",
            "gecs?", "i-?recs?", "recs", "tigrs?", "green (?:power |electricity )?certificates?",
            "renewable energy certificates?", "guarantees? of origin",
        ),
        _POWER,
    ),
    (
        word_pattern(
            "购买|采购|外购|购入|认购|購買|採購|外購|購入|碳信用|自愿减排量|抵消|抵销|"
            + whole("ccers?", "phcers?") + _NO_METHODOLOGY,
            "carbon credits?", "credits?", "purchas(?:e|ed|es|ing)", "bought",
            "offsets?", "offsetting", "vcus?", "cers?",
        ),
        _LEDGER,
    ),
    (
        word_pattern("碳捕集|碳捕获|碳捕捉", "ccus", "ccs", "beccs", "daccs", "carbon capture"),
        _CAPTURE,
    ),
)  # fmt: skip


# What a label of a sink does not say, though documents of one may.
_IN_LABELS = word_pattern(
    "买入|买来|受让|转让|竞拍|拍卖|竞价|交易|碳票|碳币|碳券|配额|核证|自愿减排|减排量|注销|中和|捐赠|"
    "c[ .·]+c[ .·]+e[ .·]+r(?![a-z])",
    "vers?", "verra", "gold standard", "allowances?", "certificates?", "removal units?", "erus?", "ceas?",
    "gou ?mai", "wai ?gou", "cai ?gou", "lv ?zheng", "lu ?zheng", "zertifikate?n?",
)  # fmt: skip


def check_sink(line: NewLine, role: LineRole) -> Refusal | None:
    """Whether what is said of a sink can be said of one; sources have no basis."""
    if role is LineRole.SOURCE:
        return None if line.sink_basis is None else _only_of_sinks(line.sink_basis)
    return _check_basis(line.sink_basis) or _check_words(line)


def check_sink_size(
    basis: SinkBasis | None, factor: EmissionFactor, tonnes: Decimal, days: int
) -> Refusal | None:
    """Whether a sink has the basis that its factor wants, and is of a size that forests can have."""
    if activity_dimensions(factor.gases[0]) in CARBON:
        if basis is None:
            return SinkBasisRequired(path=("sink_basis",))
    elif factor.kind is FactorKind.OWN:
        growth = _of_a_hectare(factor, days)
        if growth > MOST_PER_HECTARE:
            return _implausible(
                significant(growth), MOST_PER_HECTARE, "tCO2/ha/yr", "own_factor", "gases", "0"
            )
    if tonnes >= TOO_LARGE:
        return _implausible(tonnes, TOO_LARGE, "tCO2", "activity", "value")
    return None


def _check_basis(basis: SinkBasis | None) -> Refusal | None:
    if basis is None:
        return None
    return saying_problem(basis.methodology, "sink_basis", "methodology") or saying_problem(
        basis.evidence, "sink_basis", "evidence", longest=LONGEST_SOURCE
    )


def _only_of_sinks(basis: SinkBasis) -> InvalidInput:
    return InvalidInput(
        path=("sink_basis",),
        value=basis.methodology[:80],
        expected_zh="排放源不填写sinkBasis，仅碳汇填写",
        expected_en="nothing for an emission source: only sinks have a sinkBasis",
    )


def _check_words(line: NewLine) -> NotASink | None:
    for path, text in _texts(line):
        more = ((_IN_LABELS, _LEDGER),) if path == ("label",) else ()
        for pattern, belongs in (*_ELSEWHERE, *more):
            word = word_in(text, pattern)
            if word is not None:
                return NotASink(path=path, word=word, belongs_zh=belongs.zh, belongs_en=belongs.en)
    return None


def _texts(line: NewLine) -> Iterator[tuple[tuple[str, ...], str]]:
    yield ("label",), line.label
    if line.sink_basis is not None:
        yield ("sink_basis", "methodology"), line.sink_basis.methodology
        yield ("sink_basis", "evidence"), line.sink_basis.evidence
    if isinstance(line.factor, OwnFactor):
        yield ("own_factor", "name"), line.factor.name
        yield ("own_factor", "source"), line.factor.source


def _of_a_hectare(factor: EmissionFactor, days: int) -> Fraction:
    """tCO2 of one hectare in a year; a factor per area alone is of all the days."""
    per_time = any(dimension == TIME for dimension, _ in activity_dimensions(factor.gases[0]))
    unit = parse_unit("ha*yr" if per_time else "ha")
    assert unit is not None
    value, _ = factor_value(factor.gases[0])
    return value * unit.size / (1 if per_time else Fraction(days, DAYS_A_YEAR))


def _implausible(value: Decimal, most: Decimal, unit: str, *path: str) -> SinkImplausible:
    return SinkImplausible(path=path, amount=simplest(value), bound=most, unit=unit)
