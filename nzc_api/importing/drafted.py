"""What rows of activity data ask for: lines of an inventory, as people keep them in a year's sheet."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from nzc_api.accounting.exact import plain
from nzc_api.accounting.gases import Gas
from nzc_api.accounting.units import parse_unit
from nzc_api.files.cells import amount, lacking, span, unreadable, whole
from nzc_api.files.table import Needed
from nzc_api.files.vocabulary import folded, term_of, terms_of
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import Category, CategoryRole
from nzc_api.importing.factors import Factors
from nzc_api.importing.metered import Layout
from nzc_api.importing.named import Missing, NamedBeneficiary
from nzc_api.importing.sending import SentItem

Cells = Mapping[str, str]

# Of activity data a year is the accounting's, whatever it is called.
PERIOD = ("year", "period", "period_from", "activity_year")
_ACTIVITY = ("activity", "used", "quantity")

# Longer than any text of a line may be: the API says how long each.
_LONGEST_CELL = 600

# What people write into a cell that has nothing.
_NOTHING = frozenset({"-", "--", "–", "—", "——", "/", "\\", "n/a", "无"})

# How a row of totals at the end of a sheet begins.
_TOTALS = frozenset({"合计", "小计", "总计", "总和", "total", "totals", "subtotal", "sum"})

# Where a row names no factor, its category may.
_SUBJECTS = {
    Category.PURCHASED_ELECTRICITY: "electricity",
    Category.EXPORTED_ELECTRICITY: "electricity",
    Category.PURCHASED_HEAT: "heat",
    Category.EXPORTED_HEAT: "heat",
}

_CATEGORIES = {
    folded(name): term.category
    for terms in (GUIDE.categories, *(v.categories for kind in GUIDE.kinds for v in kind.variants))
    for term in terms
    for name in (term.category, term.name.zh, term.name.en)
}

# What names green certificates (绿证): all of it, or nothing.
_CERTIFICATES = {
    "certificate_prefix": ("绿证编号前缀", "what stands before the certificates' numbers"),
    "certificate_first": ("绿证首号", "the first number"),
    "certificate_last": ("绿证末号", "the last number"),
    "certificate_mwh": ("绿证电量", "how many MWh they are"),
    "certificate_produced": ("绿证发电期间", "the first and last day of their power"),
    "certificate_plant": ("绿证电站代码", "the code of the plant"),
}
_MWH = frozenset({"mwh", "兆瓦时", "张", "个"})

_GAS_IN_UNIT = re.compile(
    "|".join(re.escape(gas.symbol) for gas in sorted(Gas, key=lambda gas: -len(gas.symbol))),
    re.IGNORECASE,
)
_OWN_QUANTITY = "排放因子 / emission factor"


class PeriodOf(NamedTuple):
    """A pilot's accounting period, with the phases that the pilot may account for."""

    beneficiary: NamedBeneficiary

    def query(self, alias: str) -> str:
        return (
            f"{alias}: pilot(by: {{code: ${alias}}}) {{ id variantTerms {{ phases }} "
            f'accountingPeriod(by: {{containing: "{self.beneficiary.first}"}}) {{ id startsOn endsOn }} }}'
        )

    def variable(self) -> str:
        return self.beneficiary.pilot

    def found_in(self, data: Any) -> Mapping[str, str] | None:
        """Their ids, and the last phase: the one that recurs every year."""
        found = self.beneficiary.found_in(data)
        if found is None:
            return None
        pilot, period = found
        return {"pilot": pilot, "period": period, "phase": data["variantTerms"]["phases"][-1]}

    def missing(self) -> Missing:
        told = self.beneficiary.missing().message
        return Missing(
            f"{told['zh']}：请核对代码，或先登记该核算期（registerAccountingPeriod）；非自然年的核算期请写明首日和末日",
            f"{told['en']}: check the code, or register the period first (registerAccountingPeriod); of one that is no "
            "calendar year say its first and last day",
        )


class InventoryPlace(NamedTuple):
    """The inventory that a row is of; ``phase`` None: the one that recurs every year."""

    period: PeriodOf
    phase: str | None
    basis: str


@dataclass(slots=True)
class LineItem(SentItem):
    """A line that a row asks for, as the API's input, and in which of its lists."""

    role: str


def needed_of(defaults: Cells) -> Needed:
    """The columns that a file needs; ``defaults`` are said of all rows that do not say otherwise."""
    pilot = () if "pilot" in defaults else (("pilot",),)
    period = () if "period" in defaults else (PERIOD,)
    return (("category",), _ACTIVITY, *pilot, *period)


def filled(cells: Cells, defaults: Cells) -> Cells:
    """A row with what is said of all rows where it does not say it itself."""
    said = {name: text for name, text in cells.items() if folded(text) not in _NOTHING}
    if "activity_year" in said:
        said.setdefault("year", said.pop("activity_year"))
    own = {**defaults, **said}
    if any(name in said for name in PERIOD) and "period" not in said:
        own.pop("period", None)
    return own


def check_no_total(given: Sequence[str]) -> None:
    """Raise ``UnreadableCell`` where a row has the totals of others."""
    for text in given:
        if folded(text).rstrip(":") in _TOTALS:
            unreadable(
                text,
                "该行似为合计行：请删除后重新导入",
                "the row seems to have the totals of others: take it out, and import again",
            )


def place_of(cells: Cells) -> InventoryPlace:
    """The inventory that a row is of. Raises ``UnreadableCell``."""
    if "pilot" not in cells:
        lacking("试点代码（pilot）", "pilot")
    if not any(name in cells for name in PERIOD):
        lacking("年度（year）或核算期（period）", "year or period")
    return InventoryPlace(
        PeriodOf(NamedBeneficiary.of(cells)),
        _term("phase", cells),
        _term("basis", cells) or "OPERATIONAL",
    )


def terms_said(cells: Cells) -> Mapping[str, Any]:
    """What a row says of its inventory as a whole, which has one of each. Raises ``UnreadableCell``."""
    said: dict[str, Any] = {
        name: cells[name] for name in ("factor_list", "idempotency_key") if name in cells
    }
    said |= {
        name: _term(name, cells) for name in ("gwp_set", "electricity_method") if name in cells
    }
    if "covers" in cells:
        first, last = span(cells["covers"])
        said["covers"] = (first.isoformat(), last.isoformat())
    return said


def line_of(cells: Cells, layout: Layout, factors: Factors) -> LineItem:
    """The line that a row asks for. Raises ``UnreadableCell``."""
    for text in cells.values():
        if len(text) > _LONGEST_CELL:
            unreadable(
                f"{text[:40]}…", f"至多{_LONGEST_CELL}个字符", f"at most {_LONGEST_CELL} characters"
            )
    category = _category(cells)
    role = _role(cells, category)
    value, unit = _measured(cells, layout, *_ACTIVITY)
    unit = _unit_of_gas(cells, unit)
    label = cells.get("label") or cells.get("carrier") or cells["category"]
    given: dict[str, Any] = {
        "category": category,
        "activity": {"value": value, "unit": unit},
        "dataQuality": _term("data_quality", cells),
        "dutyUnit": cells.get("duty_unit"),
    }
    if "density" in cells:
        density, density_unit = _measured(cells, layout, "density", alone=True)
        given["density"] = {"value": density, "unit": density_unit}
    shown, factor = _factor(cells, layout, factors, category, label)
    basis = _basis(cells)
    # A number of a document that no basis has stays with what the line is called.
    document = "" if basis else cells.get("document", "")
    given |= {
        **factor,
        **_with_certificates(basis, cells),
        "label": f"{label}（{document}）" if document else label,
    }
    return LineItem(given, f"{role} {category}: {value} {unit} × {shown}", role)


def _category(cells: Cells) -> Category:
    if "category" not in cells:
        lacking("类别（category）", "category")
    text = cells["category"]
    found = _CATEGORIES.get(folded(text)) or term_of("category", text)
    if found is None:
        categories = ", ".join(f"{term.category} ({term.name.zh})" for term in GUIDE.categories)
        unreadable(text, f"类别应为{categories}", f"a category is one of {categories}")
    return Category(found)


def _role(cells: Cells, category: Category) -> str:
    """What a row says that it is; else a sink where its category has nothing else."""
    said = _term("role", cells)
    if said is not None:
        return said
    return "SINK" if GUIDE.category(category).role is CategoryRole.SINK else "SOURCE"


def _measured(cells: Cells, layout: Layout, *columns: str, alone: bool = False) -> tuple[str, str]:
    """A value and its unit: beside it, in the row's column of units (unless the value is ``alone``), or in the
    heading."""
    column = next((name for name in columns if name in cells), None)
    if column is None:
        lacking("活动数据（activity）", "activity")
    value, own = amount(cells[column])
    unit = own or (None if alone else cells.get("unit")) or layout.units.get(column)
    if unit is None:
        unreadable(
            cells[column],
            "须写明单位：写在数值后、表头括号内，活动数据也可写在单位列，如kWh、万m³、吨",
            "its unit is needed: behind the number, in the heading's brackets, or of an activity in the column unit, "
            "such as kWh, m3, t",
        )
    return plain(value), unit


def _unit_of_gas(cells: Cells, unit: str) -> str:
    """Where a row is of a gas itself, a mass is one of that gas: 2 kg of SF6 are 2 kgSF6."""
    gas = _gas(cells)
    parsed = parse_unit(unit)
    if gas is None or "factor" in cells or "own_factor" in cells or parsed is None:
        return unit
    symbol = Gas(gas).symbol if gas in set(Gas) else gas.upper()
    of_gas = parse_unit(f"{parsed.name}{symbol}")
    return unit if of_gas is None else of_gas.name


def _factor(
    cells: Cells, layout: Layout, factors: Factors, category: Category, label: str
) -> tuple[str, Mapping[str, Any]]:
    """The factor that a row names, as it is shown and as the API is given it."""
    if "own_factor" in cells:
        return _own_factor(cells, layout, label)
    code = _factor_code(cells, factors, category)
    return code, {"factor": code}


def _factor_code(cells: Cells, factors: Factors, category: Category) -> str:
    if "factor" in cells:
        text = cells["factor"]
        if re.match(r"[-−.]?[0-9]", text.strip()):
            unreadable(
                text,
                "此列为因子的代码或名称；自有因子的数值请写在own_factor（自有因子）列，并写明单位和来源",
                "a factor's code or name stands here; the value of a factor of your own stands in own_factor, with its "
                "unit and source",
            )
        # What the list has not, the API refuses, and says what it has.
        return factors.named(text) or text
    if "carrier" in cells:
        found = factors.named(cells["carrier"])
        if found is None:
            unreadable(
                cells["carrier"],
                "因子列表中没有（唯一的）同名因子：请在factor（因子代码）列写明代码或全名",
                "the list has no factor of that name, or several: write its code or whole name in a column factor",
            )
        return found
    gas = _gas(cells)
    subjects = [f"measured_{gas.lower()}", gas.lower()] if gas else [_SUBJECTS.get(category, "")]
    found = next((code for subject in subjects if (code := factors.named(subject))), None)
    return found or lacking(
        "因子：请写明因子代码或名称（factor）、能源品种（carrier）或气体（gas），或自有因子（own_factor）",
        "factor: write its code or name (factor), the fuel (carrier) or the gas, or a factor of your own (own_factor)",
    )


def _own_factor(cells: Cells, layout: Layout, label: str) -> tuple[str, Mapping[str, Any]]:
    if "factor" in cells:
        unreadable(
            cells["factor"],
            "因子（factor）与自有因子（own_factor）只能填写一项",
            "either a factor or an own_factor, not both",
        )
    value, own = amount(cells["own_factor"])
    unit = own or cells.get("own_factor_unit") or layout.units.get("own_factor")
    if unit is None:
        lacking(
            "自有因子的单位（own_factor_unit），如kgCO2/kWh", "own_factor_unit, such as kgCO2/kWh"
        )
    source = cells.get("own_factor_source") or cells.get("document")
    if source is None:
        lacking("自有因子的来源（own_factor_source）", "own_factor_source")
    part = {"quantity": _OWN_QUANTITY, "value": plain(value), "unit": unit}
    gases = [{"gas": _gas(cells) or _gas_in(unit), "parts": [part]}]
    factor = {"name": label, "source": source, "gases": gases}
    return f"{plain(value)} {unit}", {"ownFactor": factor}


def _gas(cells: Cells) -> str | None:
    """The gas that a row names; a blend of refrigerants is one of the list's subjects."""
    if "gas" not in cells:
        return None
    text = cells["gas"]
    found = term_of("gas", text) or term_of("subject", text)
    if found is None:
        unreadable(text, f"气体应为{terms_of('gas')}", f"a gas is one of {terms_of('gas')}")
    return found


def _gas_in(unit: str) -> str:
    found = _GAS_IN_UNIT.search(folded(unit))
    if found is None:
        lacking("自有因子的气体（gas），如CO2", "gas of the own factor, such as CO2")
    return found[0].upper()


def _basis(cells: Cells) -> Mapping[str, Any]:
    """What a line rests on whose figures want a reason or a methodology, with its document."""
    wanted = [name for name in ("methodology", "zero_factor_reason") if name in cells]
    if not wanted:
        return {}
    if "document" not in cells:
        lacking("佐证单据（document）", "document")
    evidence = cells["document"]
    if "methodology" in cells:
        return {"sinkBasis": {"methodology": cells["methodology"], "evidence": evidence}}
    return {"zeroFactorBasis": {"reason": _term("zero_factor_reason", cells), "evidence": evidence}}


def _with_certificates(basis: Mapping[str, Any], cells: Cells) -> Mapping[str, Any]:
    """The green certificates that a row names with its basis, or beside it where they stand for grid power."""
    if not any(name in cells for name in _CERTIFICATES):
        return basis
    for name, (zh, en) in _CERTIFICATES.items():
        if name not in cells:
            lacking(f"{zh}（{name}）", f"{name}: {en}")
    first, last = span(cells["certificate_produced"])
    mwh, unit = amount(cells["certificate_mwh"])
    if unit is not None and folded(unit) not in _MWH:
        unreadable(cells["certificate_mwh"], "绿证电量以MWh（张）计", "it is in MWh")
    certificates = {
        "prefix": cells["certificate_prefix"],
        "first": str(whole(cells["certificate_first"])),
        "last": str(whole(cells["certificate_last"])),
        "mwh": plain(mwh),
        "producedFrom": first.isoformat(),
        "producedTo": last.isoformat(),
        "plant": cells["certificate_plant"],
    }
    if "zeroFactorBasis" in basis:
        return {"zeroFactorBasis": {**basis["zeroFactorBasis"], "certificates": [certificates]}}
    return {**basis, "certificates": [certificates]}


def _term(kind: str, cells: Cells) -> str | None:
    """The API's code of what a row says in a column of terms, if it says something."""
    if kind not in cells:
        return None
    found = term_of(kind, cells[kind])
    if found is None:
        unreadable(cells[kind], f"应为{terms_of(kind)}之一", f"one of {terms_of(kind)} is needed")
    return found
