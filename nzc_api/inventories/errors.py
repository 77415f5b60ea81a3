"""What the inventories room refuses."""

from dataclasses import dataclass

from nzc_api.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class InventoryOutsidePeriod(Refusal):
    """An inventory over days that its accounting period does not have."""

    code = "INVENTORY_OUTSIDE_PERIOD"
    zh = "清单期间{starts_on}至{ends_on}超出核算期{period_starts_on}至{period_ends_on}"
    en = (
        "The days {starts_on} to {ends_on} are not all in the accounting period "
        "{period_starts_on} to {period_ends_on}"
    )

    starts_on: str
    ends_on: str
    period_starts_on: str
    period_ends_on: str


@dataclass(frozen=True, kw_only=True)
class PhaseNotOfVariant(Refusal):
    """A phase that the guide does not have for the pilot's variant."""

    code = "PHASE_NOT_OF_VARIANT"
    zh = "指南{section}对{variant_zh}规定的阶段不包括“{phase}”；可为：{accepted}"
    en = "Section {section} of the guide has no phase “{phase}” for a {variant_en}; it has: {accepted}"

    phase: str
    variant_zh: str
    variant_en: str
    section: str
    accepted: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class InventoryOverlap(Refusal):
    """Another inventory in force covers some of the same days, on the same basis and phase."""

    code = "INVENTORY_OVERLAP"
    zh = (
        "同一试点、阶段和口径下，已有清单（{other_status}，{other_starts_on}至{other_ends_on}）"
        "与本清单的日期重叠；如需更正，请为其创建新版本"
    )
    en = (
        "Another inventory of the same pilot, phase and basis ({other_status}, {other_starts_on} to "
        "{other_ends_on}) covers some of these days; to change it, make a new version of it"
    )

    other_id: int
    other_status: str
    other_starts_on: str
    other_ends_on: str


@dataclass(frozen=True, kw_only=True)
class InventoryStatusConflict(Refusal):
    """The inventory is not in the state that this needs."""

    code = "INVENTORY_STATUS_CONFLICT"
    zh = "清单状态为{status}，此操作要求{needed}；提交后即冻结，如需修改请创建新版本"
    en = (
        "The inventory is {status}, this needs {needed}; what is submitted is frozen, and a change "
        "is a new version"
    )

    inventory_id: int
    status: str
    needed: str


@dataclass(frozen=True, kw_only=True)
class InventorySuperseded(Refusal):
    """A later version was submitted, or is being drafted."""

    code = "INVENTORY_SUPERSEDED"
    zh = "清单第{version}版已有后续的第{later_version}版（{later_status}）"
    en = "Version {version} of the inventory was followed by version {later_version} ({later_status})"

    version: int
    later_id: int
    later_version: int
    later_status: str


@dataclass(frozen=True, kw_only=True)
class InventoryEmpty(Refusal):
    """An inventory that says nothing cannot be submitted."""

    code = "INVENTORY_EMPTY"
    zh = "清单没有任何排放源、碳汇或“不发生”声明，不能提交"
    en = "An inventory without sources, sinks or categories declared not occurring cannot be submitted"

    inventory_id: int


@dataclass(frozen=True, kw_only=True)
class CategoryRoleMismatch(Refusal):
    """A sink under a category of sources, or the other way round."""

    code = "CATEGORY_ROLE_MISMATCH"
    zh = "类别“{category}”不能记录{role}；可用类别：{accepted}"
    en = "The category “{category}” takes no {role}; categories that do: {accepted}"

    category: str
    role: str
    accepted: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FactorNotInList(Refusal):
    """A factor that is not in the inventory's curated list."""

    code = "FACTOR_NOT_IN_LIST"
    zh = "因子“{factor}”不在本清单的因子列表“{factor_list}”中；适用于此类别的有：{accepted}"
    en = (
        "The factor “{factor}” is not in the inventory's list “{factor_list}”; for this category "
        "it has: {accepted}"
    )

    factor: str
    factor_list: str
    accepted: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FactorDoesNotFitCategory(Refusal):
    """A factor about something else than the category."""

    code = "FACTOR_DOES_NOT_FIT_CATEGORY"
    zh = "因子“{factor}”（{kind}）不适用于类别“{category}”；该类别适用：{accepted}"
    en = (
        "The factor “{factor}” ({kind}) does not fit the category “{category}”, which takes: "
        "{accepted}"
    )

    factor: str
    kind: str
    category: str
    accepted: tuple[str, ...]
