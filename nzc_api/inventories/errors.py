"""What the inventories room refuses.

What follows from the input and from what never changes (product data, a pilot's variant, a period's
days, what an inventory was begun with) is malformed input: its key may be used again.
"""

from dataclasses import dataclass
from decimal import Decimal

from nzc_api.accounting.factors import FactorKind
from nzc_api.accounting.gases import Gas
from nzc_api.guide.terms import Category, Phase
from nzc_api.ids import InventoryId, LineId
from nzc_api.inventories.electricity_method import ElectricityMethod
from nzc_api.inventories.model import InventoryStatus, LineRole, ZeroFactorReason
from nzc_api.inventories.warnings import WarningCode
from nzc_api.refusal import Refusal

# How many inventories a refusal names; it says how many there are.
MOST_INVENTORIES = 20

# How many lines one names.
MOST_LINES_NAMED = 100


@dataclass(frozen=True, kw_only=True)
class InventoryOutsidePeriod(Refusal):
    """An inventory over days that its accounting period does not have."""

    code = "INVENTORY_OUTSIDE_PERIOD"
    malformed = True
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
class BeforeOperation(Refusal):
    """An inventory of the operating phase that begins before the pilot's operation did."""

    code = "BEFORE_OPERATION"
    zh = "清单自{starts_on}开始，早于试点投入运营的{operation_starts_on}；请用covers使清单自该日或之后开始"
    en = (
        "The inventory begins on {starts_on}, before the pilot's operation, which began on "
        "{operation_starts_on}; let `covers` begin on that day or later"
    )

    starts_on: str
    operation_starts_on: str


@dataclass(frozen=True, kw_only=True)
class InventoriesOutsideOperation(Refusal):
    """Days of operation that would leave inventories of the pilot, also drafts, before or after them.

    Before them only inventories of its operating phase; ``inventory_ids`` are the first twenty.
    """

    code = "INVENTORIES_OUTSIDE_OPERATION"
    zh = (
        "试点已有{count}份清单含有{day}{where_zh}的日期（例如{starts_on}至{ends_on}）；"
        "请填写不与这些清单冲突的日期"
    )
    en = (
        "{count} inventories of the pilot have days {where_en} {day} (such as {starts_on} to {ends_on}); "
        "give a day that leaves none of them outside"
    )

    day: str
    where_zh: str
    where_en: str
    starts_on: str
    ends_on: str
    count: int
    inventory_ids: tuple[InventoryId, ...]


@dataclass(frozen=True, kw_only=True)
class PhaseNotOfVariant(Refusal):
    """A phase that the guide does not have for the pilot's variant."""

    code = "PHASE_NOT_OF_VARIANT"
    malformed = True
    zh = "指南{section}对{variant_zh}规定的阶段不包括“{phase}”；可为：{accepted}"
    en = "Section {section} of the guide has no phase “{phase}” for “{variant_en}”; it has: {accepted}"

    phase: Phase
    variant_zh: str
    variant_en: str
    section: str
    accepted: tuple[Phase, ...]


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
    other_status: InventoryStatus
    other_starts_on: str
    other_ends_on: str


@dataclass(frozen=True, kw_only=True)
class InventoryStatusConflict(Refusal):
    """The inventory is not in the state that this needs: ``needed`` are those that would do."""

    code = "INVENTORY_STATUS_CONFLICT"
    zh = "清单状态为“{status}”，此操作要求：{needed}；提交后即冻结，如需修改请创建新版本"
    en = (
        "The inventory is {status}, this needs: {needed}; what is submitted is frozen, and a change "
        "is a new version"
    )

    inventory_id: InventoryId
    status: InventoryStatus
    needed: tuple[InventoryStatus, ...]


@dataclass(frozen=True, kw_only=True)
class InventorySuperseded(Refusal):
    """A later version was submitted, or is being drafted."""

    code = "INVENTORY_SUPERSEDED"
    zh = "清单第{version}版已有后续的第{later_version}版（{later_status}）"
    en = "Version {version} of the inventory was followed by version {later_version} ({later_status})"

    version: int
    later_id: int
    later_version: int
    later_status: InventoryStatus


@dataclass(frozen=True, kw_only=True)
class InventoryEmpty(Refusal):
    """An inventory that says nothing cannot be submitted."""

    code = "INVENTORY_EMPTY"
    zh = "清单没有任何排放源、碳汇或“不发生”声明，不能提交"
    en = "An inventory without sources, sinks or categories declared not occurring cannot be submitted"

    inventory_id: InventoryId


@dataclass(frozen=True, kw_only=True)
class InventoryFull(Refusal):
    """An inventory has only so many lines: what it comes to is accounted as one."""

    code = "INVENTORY_FULL"
    zh = "清单已有{lines}行，最多{most}行，不能再记{more}行：同类的活动数据可先汇总为一行"
    en = (
        "The inventory has {lines} lines and takes up to {most}, so {more} more are too many: activity data of "
        "one kind can be summed to one line"
    )

    inventory_id: InventoryId
    lines: int
    more: int
    most: int


@dataclass(frozen=True, kw_only=True)
class LinesDoNotFitRevision(Refusal):
    """Lines of the version before that cannot stand in the next one as it is asked for.

    ``line_ids`` and the reasons are of the first hundred of them, in order.
    """

    code = "LINES_DO_NOT_FIT_REVISION"
    malformed = True
    zh = "上一版本中有{count}行不适用于新版本，其中第一行“{first_zh}”；可用leaveOut不带入这些行"
    en = (
        "{count} lines of the version before do not fit the new one, the first being “{first_en}”; "
        "leaveOut leaves such lines behind"
    )

    count: int
    first_zh: str
    first_en: str
    line_ids: tuple[LineId, ...]
    reasons_zh: tuple[str, ...]
    reasons_en: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LinesDoNotFitTerms(Refusal):
    """Lines of a draft that cannot stand in it with the terms that it is to have.

    ``line_ids`` and the reasons are of the first hundred of them, in order.
    """

    code = "LINES_DO_NOT_FIT_TERMS"
    zh = "草稿中有{count}行不适用于新的条件，其中第一行“{first_zh}”；请先修改或移除这些行"
    en = (
        "{count} lines of the draft do not fit its new terms, the first being “{first_en}”; amend or remove "
        "such lines first"
    )

    count: int
    first_zh: str
    first_en: str
    line_ids: tuple[LineId, ...]
    reasons_zh: tuple[str, ...]
    reasons_en: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CategoryRoleMismatch(Refusal):
    """A sink under a category of sources, or the other way round."""

    code = "CATEGORY_ROLE_MISMATCH"
    malformed = True
    zh = "类别“{category}”不能记录{role}；可用类别：{accepted}"
    en = "The category “{category}” takes no {role}; categories that do: {accepted}"

    category: Category
    role: LineRole
    accepted: tuple[Category, ...]


@dataclass(frozen=True, kw_only=True)
class CategoryDeclaredNotOccurring(Refusal):
    """A line in a category that the inventory declares not to occur."""

    code = "CATEGORY_DECLARED_NOT_OCCURRING"
    malformed = True
    zh = "本清单已声明“{declared}”不发生，不能再在“{category}”下记录；声明有误时请用amendInventory修改草稿"
    en = (
        "The inventory declares that “{declared}” does not occur, so nothing is recorded under "
        "“{category}”; if that is wrong, change the draft with `amendInventory`"
    )

    category: Category
    declared: Category


@dataclass(frozen=True, kw_only=True)
class FactorNotInList(Refusal):
    """A factor that is not in the inventory's curated list; ``lists`` are those that have it."""

    code = "FACTOR_NOT_IN_LIST"
    malformed = True
    zh = (
        "因子“{factor}”不在本清单的因子列表“{factor_list}”中（含该因子的列表：{lists}）；"
        "本列表中适用于此类别的有：{accepted}"
    )
    en = (
        "The factor “{factor}” is not in the inventory's list “{factor_list}” (lists that have it: "
        "{lists}); for this category the list has: {accepted}"
    )

    factor: str
    factor_list: str
    accepted: tuple[str, ...]
    lists: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FactorDoesNotFitCategory(Refusal):
    """A factor about something else than the category's sources or sinks."""

    code = "FACTOR_DOES_NOT_FIT_CATEGORY"
    malformed = True
    zh = "因子“{factor}”（{kind}）不适用于类别“{category}”的{role}；适用的因子类型：{accepted}"
    en = (
        "The factor “{factor}” ({kind}) does not fit the category “{category}” as {role}: it "
        "takes {accepted}"
    )

    factor: str
    kind: FactorKind
    category: Category
    role: LineRole
    accepted: tuple[FactorKind, ...]


@dataclass(frozen=True, kw_only=True)
class SinkGasRefused(Refusal):
    """A sink of a gas that forests and land do not take up. CO2e is none: it is what is bought."""

    code = "SINK_GAS_REFUSED"
    malformed = True
    zh = (
        "碳汇不能为{gas}；可为：{accepted}。请按面积、蓄积变化，或按方法学实测的CO2（或碳）质量填报；"
        "购买的减排量在账簿中注销"
    )
    en = (
        "A sink takes up no {gas}; it may take up: {accepted}. State an area, a change of stocks, or a "
        "mass of CO2 or carbon measured by a methodology; what was bought is retired in the ledger"
    )

    gas: Gas
    accepted: tuple[Gas, ...]


@dataclass(frozen=True, kw_only=True)
class SinkBasisRequired(Refusal):
    """A sink as a mass, without the methodology and the document that it comes from."""

    code = "SINK_BASIS_REQUIRED"
    malformed = True
    zh = "以质量填报的碳汇须填写sinkBasis：方法学（methodology）和证明文件（evidence）；或改按面积填报"
    en = (
        "A sink stated as a mass needs its `sinkBasis`: the `methodology` and the `evidence`; or state "
        "the area"
    )


@dataclass(frozen=True, kw_only=True)
class NotASink(Refusal):
    """A text of a sink speaks of a purchase, a green certificate or industrial capture."""

    code = "NOT_A_SINK"
    malformed = True
    zh = "“{word}”不能作为碳汇填报：{belongs_zh}"
    en = "“{word}” is not for a sink: {belongs_en}"

    word: str
    belongs_zh: str
    belongs_en: str


@dataclass(frozen=True, kw_only=True)
class SinkImplausible(Refusal):
    """A sink larger than forests grow, or than one line can be; the bounds are our own orders of
    magnitude."""

    code = "SINK_IMPLAUSIBLE"
    malformed = True
    zh = (
        "碳汇{amount} {unit}不合理，须小于{bound}（本系统自定的数量级）；请检查数值和单位，"
        "或按树种、小班分行填报"
    )
    en = (
        "A sink of {amount} {unit} is implausible: it is below {bound} (our own order of magnitude). Check "
        "the number and its unit, or record it by species and compartment"
    )

    amount: Decimal
    bound: Decimal
    unit: str


@dataclass(frozen=True, kw_only=True)
class GreenPowerNotByLocation(Refusal):
    """Green power at zero by a factor of its own, in an inventory whose bought electricity counts by location: there it
    counts at the grid's average, whatever was contracted for."""

    code = "GREEN_POWER_NOT_BY_LOCATION"
    malformed = True
    zh = (
        "本清单的外购电力按{electricity_method}的方法计入，绿色电力在其中按电网平均因子计，不能按零计：请以清单因子列表的"
        "电力因子填报该行，并在certificates中填写绿证，两种方法的数值均会显示；或将清单的electricityMethod改为{other}"
    )
    en = (
        "Bought electricity of this inventory is {electricity_method}: green power is at the grid's average there, "
        "not at zero. Record the line with the electricity factor of the inventory's list and the certificates in "
        "`certificates`: it shows both figures. Or let the inventory's `electricityMethod` be {other}"
    )

    electricity_method: ElectricityMethod = ElectricityMethod.LOCATION_BASED
    other: str = ElectricityMethod.MARKET_BASED.value


@dataclass(frozen=True, kw_only=True)
class ZeroFactorUnexplained(Refusal):
    """A factor of one's own for power or heat that is zero, or lower than any, and does not say why; the
    bounds are our own orders of magnitude."""

    code = "ZERO_FACTOR_UNEXPLAINED"
    malformed = True
    zh = (
        "自有因子“{factor}”为{value} {unit}，为零或低得不合理（通常大于{least}，本系统自定的数量级）；"
        "外购的零碳电力、热力请在zeroFactorBasis中填写理由（reason：{accepted}）和证明文件（evidence）；"
        "自产的请记入类别“{generated}”"
    )
    en = (
        "The own factor “{factor}” is {value} {unit}: zero or implausibly low (it is above {least} as a rule, "
        "our own order of magnitude). For what is bought state the `reason` and the `evidence` in "
        "`zeroFactorBasis` (reasons: {accepted}); what is generated inside belongs in {generated}"
    )

    factor: str
    value: str
    least: str
    unit: str
    accepted: tuple[ZeroFactorReason, ...] = tuple(ZeroFactorReason)
    generated: Category = Category.OWN_GENERATION


@dataclass(frozen=True, kw_only=True)
class MemoGasMixed(Refusal):
    """A gas that is a memo item in one line with gases that count: a line does as a whole.

    A gas outside the Kyoto basket is a memo item, and so is the CO2 of burnt biomass.
    """

    code = "MEMO_GAS_MIXED"
    malformed = True
    zh = "{memo}不计入净排放（京都议定书管控范围以外，或为生物质燃烧的CO2），不能与{counted}记在同一行；请另记一行"
    en = (
        "{memo} is outside the net (outside the Kyoto basket, or the CO2 of burnt biomass), so it "
        "cannot share a line with {counted}: record it in a line of its own"
    )

    counted: tuple[Gas, ...]
    memo: tuple[Gas, ...]


@dataclass(frozen=True, kw_only=True)
class WarningsNotAcknowledged(Refusal):
    """An inventory has warnings of probable slips that the verifier's opinion does not answer.

    ``codes`` are theirs, and ``line_ids`` the first hundred lines that they are about.
    """

    code = "WARNINGS_NOT_ACKNOWLEDGED"
    zh = (
        "清单有{count}条提醒，核查机构须逐条确认并说明理由（opinion.acknowledged，可按代码一并确认）：{codes}；"
        "例如：{first_zh}"
    )
    en = (
        "{count} warnings of the inventory need a reason each in `opinion.acknowledged` (one for all of a "
        "code will do): {codes}; such as: {first_en}"
    )

    count: int
    codes: tuple[WarningCode, ...]
    line_ids: tuple[LineId, ...]
    first_zh: str
    first_en: str


@dataclass(frozen=True, kw_only=True)
class MeterAlreadyAccounted(Refusal):
    """What a meter used on a day is in one line only: of the inventory, and of all that count beside it in the
    pilot on the same basis. What its parent or a sub-meter of it measured is the same."""

    code = "METER_ALREADY_ACCOUNTED"
    zh = (
        "“{label}”所依据的计量点（或其总表、分表）在这些日期的用量已由“{other_label}”计入；"
        "同一计量点同一天只能计入一次：请移除其中一行（已提交的，在新版本中移除）"
    )
    en = (
        "What the meter of “{label}” (or its parent, or a sub-meter of it) used on these days is accounted in "
        "“{other_label}” already; a meter's day counts once: take one of the lines out (of what was handed in, in "
        "a new version)"
    )

    label: str
    other_label: str
    # None: another item of the same request.
    line_id: LineId | None
