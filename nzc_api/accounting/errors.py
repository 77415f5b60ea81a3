"""What the accounting of a line refuses.

All of it follows from the line and from product data, which never change: the key may be used again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from nzc_api.accounting.confidence import Confidence
from nzc_api.accounting.units import Unit, readings, unit_name
from nzc_api.refusal import LocalizedText, Refusal

# A unit, which messages call by what people call it.
UnitName = Annotated[str, unit_name]

LONGEST_SHOWN = 40


@dataclass(frozen=True, kw_only=True)
class ActivityOutOfRange(Refusal):
    """An activity that is negative, or so large that the line would exceed the world's emissions."""

    code = "ACTIVITY_OUT_OF_RANGE"
    malformed = True
    zh = "活动数据“{value} {unit}”超出范围：须不小于0，且该行排放不得超过{limit}吨二氧化碳当量"
    en = (
        "The activity “{value} {unit}” is out of range: it must not be negative, nor may the line "
        "exceed {limit} t CO2e"
    )

    value: str
    unit: UnitName
    limit: int


@dataclass(frozen=True, kw_only=True)
class UnitUnknown(Refusal):
    """A unit that NZC does not know, or one that could be meant in several ways: it says which."""

    code = "UNIT_UNKNOWN"
    malformed = True
    zh = "无法识别的单位“{unit}”{hint_zh}；此处可用：{accepted}"
    en = "The unit “{unit}” is unknown{hint_en}; accepted here: {accepted}"

    unit: str
    accepted: tuple[UnitName, ...]
    hint_zh: str = ""
    hint_en: str = ""

    @classmethod
    def of(
        cls,
        unit: str,
        accepted: tuple[str, ...],
        *path: str,
        fits: Callable[[Unit], bool] | None = None,
    ) -> "UnitUnknown":
        """The refusal of what somebody wrote: where it can be meant in several ways, which of those fit."""
        hint = _unclear(readings(unit, fits))
        return cls(
            path=path,
            unit=unit[:LONGEST_SHOWN],
            accepted=accepted,
            hint_zh=hint.zh,
            hint_en=hint.en,
        )


@dataclass(frozen=True, kw_only=True)
class UnitDoesNotFit(Refusal):
    """A known unit that measures something else than what the factor or the category needs; the hint
    says why, where the unit alone does not: a herd in heads where no whole year is covered."""

    code = "UNIT_DOES_NOT_FIT"
    malformed = True
    zh = "单位“{unit}”与“{subject}”不符{hint_zh}；此处可用：{accepted}"
    en = "The unit “{unit}” does not fit “{subject}”{hint_en}; accepted here: {accepted}"

    unit: UnitName
    subject: str
    accepted: tuple[UnitName, ...]
    hint_zh: str = ""
    hint_en: str = ""


@dataclass(frozen=True, kw_only=True)
class DensityRequired(Refusal):
    """A volume where the factor is per mass needs a density; a volume or a mass where it is per
    heat needs a heating value. Both are stated as ``density``."""

    code = "DENSITY_REQUIRED"
    malformed = True
    zh = (
        "“{subject}”的因子以{per_zh}计：以“{unit}”填报时须在density中提供{stated_zh}"
        "（单位如{accepted}）"
    )
    en = (
        "The factor of “{subject}” is per {per_en}: an activity in “{unit}” needs a {stated_en} "
        "in `density` (in units such as {accepted})"
    )

    unit: UnitName
    subject: str
    accepted: tuple[UnitName, ...]
    per_zh: str = "质量"
    per_en: str = "mass"
    stated_zh: str = "密度或浓度"
    stated_en: str = "density or concentration"


@dataclass(frozen=True, kw_only=True)
class ConversionImplausible(Refusal):
    """A density, load or heating value that what the factor is about cannot have: mostly a unit that
    is a thousand times another. The range is wide; what is known to be right is stated as a mass or heat."""

    code = "CONVERSION_IMPLAUSIBLE"
    malformed = True
    zh = (
        "“{value} {unit}”不可能是“{subject}”的{quantity_zh}：应在{least}至{most} {range_unit}之间，"
        "通常约为{typical}{hint_zh}（依据：{source_zh}）。数值确实无误的，请直接填报质量或热量"
    )
    en = (
        "“{value} {unit}” cannot be right for “{subject}” ({quantity_en}): from {least} to {most} "
        "{range_unit} is plausible, usually about {typical}{hint_en} (by: {source_en}). Where it is right all "
        "the same, state the mass or the heat itself"
    )

    value: str
    unit: UnitName
    subject: str
    quantity_zh: str
    quantity_en: str
    least: str
    most: str
    typical: str
    range_unit: UnitName
    meant: UnitName | None
    source_zh: str
    source_en: str
    locator: str
    confidence: Confidence
    hint_zh: str = ""
    hint_en: str = ""


@dataclass(frozen=True, kw_only=True)
class GridBaselineRefused(Refusal):
    """A grid baseline (OM/BM) value: it is for crediting projects, not for consumption."""

    code = "GRID_BASELINE_REFUSED"
    malformed = True
    zh = "“{factor}”是电网基准线排放因子，仅用于减排项目，不能用作用电排放因子；请选用电力平均排放因子"
    en = (
        "“{factor}” is a grid baseline factor for crediting projects, not a consumption factor; "
        "use a grid average"
    )

    factor: str


@dataclass(frozen=True, kw_only=True)
class GwpMissing(Refusal):
    """The inventory's set of warming potentials has none for a gas of the factor."""

    code = "GWP_MISSING"
    malformed = True
    zh = "全球变暖潜势集{gwp_set}没有{gas}的取值；该集包括：{accepted}"
    en = "The GWP set {gwp_set} has no value for {gas}; it has: {accepted}"

    gas: str
    gwp_set: str
    accepted: tuple[str, ...]


def _unclear(meant: tuple[str, ...]) -> LocalizedText:
    if not meant:
        return LocalizedText("", "")
    names = [unit_name(name) for name in meant]
    zh, en = "、".join(name.zh for name in names), " or ".join(name.en for name in names)
    return LocalizedText(
        f"（含义不唯一，请写明：{zh}）", f" (it can mean several things: write {en})"
    )
