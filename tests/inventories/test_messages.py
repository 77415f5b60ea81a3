"""Messages for people: in Chinese, a code stands in brackets behind its name."""

import json
import re

import pytest

from nzc_api.accounting.factors import FactorKind
from nzc_api.accounting.gases import Gas
from nzc_api.guide.terms import Category, Phase
from nzc_api.ids import InventoryId
from nzc_api.inventories import errors
from nzc_api.inventories.model import InventoryStatus, LineRole
from nzc_api.refusal import Refusal

REFUSALS = [
    errors.PhaseNotOfVariant(
        phase=Phase.CONSTRUCTION, variant_zh="城镇", variant_en="town", section="三（一）",
        accepted=(Phase.OPERATION,),
    ),
    errors.InventoryOverlap(
        other_id=1, other_status=InventoryStatus.SUBMITTED, other_starts_on="2022-01-01",
        other_ends_on="2022-12-31",
    ),
    errors.InventoryStatusConflict(
        inventory_id=InventoryId(1), status=InventoryStatus.DRAFT,
        needed=(InventoryStatus.SUBMITTED, InventoryStatus.VERIFIED),
    ),
    errors.InventorySuperseded(
        version=1, later_id=2, later_version=2, later_status=InventoryStatus.VERIFIED
    ),
    errors.CategoryRoleMismatch(
        category=Category.WASTE, role=LineRole.SINK, accepted=(Category.FORESTRY_SINK,)
    ),
    errors.CategoryDeclaredNotOccurring(category=Category.LIVESTOCK, declared=Category.AGRICULTURE),
    errors.FactorDoesNotFitCategory(
        factor="x", kind=FactorKind.EXHAUST_UREA, category=Category.WASTE, role=LineRole.SOURCE,
        accepted=(FactorKind.WASTE_INCINERATION, FactorKind.MEASURED_MASS),
    ),
    errors.ZeroFactorUnexplained(factor="直供电", value="0", least="0.01", unit="kgCO2e/kWh"),
    errors.SinkGasRefused(gas=Gas.HFC134A, accepted=(Gas.CO2,)),
    errors.MemoGasMixed(counted=(Gas.HFC134A,), memo=(Gas.HCFC22,)),
]  # fmt: skip


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.code)
def test_a_chinese_message_calls_things_by_their_names(refusal: Refusal) -> None:
    kept = Refusal.thaw(json.loads(json.dumps(refusal.freeze())))
    assert kept == refusal
    for told in (refusal, kept):
        without_brackets = re.sub(r"（[A-Z_]+）", "", told.message.zh)
        assert not re.search(r"[A-Z]{3,}_|[A-Z]{5,}", without_brackets), told.message.zh
        assert not re.search(r"None|\(\)|\{|<", told.message.zh + told.message.en)
