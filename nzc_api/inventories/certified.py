"""Green certificates of a line at a grid's factor: by market its power is less what they are of. Pure."""

from nzc_api.accounting.factors import FactorKind
from nzc_api.certificates.power import megawatt_hours
from nzc_api.certificates.rules import check_part
from nzc_api.inventories.electricity import is_bought_power
from nzc_api.inventories.model import LineRole, NewLine
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import InvalidInput, Refusal


def check_certified(
    line: NewLine, role: LineRole, kind: FactorKind, span: DateSpan
) -> Refusal | None:
    """Whether the certificates that a line has itself are of bought electricity, of the inventory's days (``span``),
    and of no more than it is."""
    if not line.certificates:
        return None
    basis = line.zero_factor_basis
    if basis is not None or not is_bought_power(line.category, role, kind, None):
        return InvalidInput(
            path=("certificates",),
            value=str(len(line.certificates)),
            expected_zh="仅按电网因子填报的外购电力填写；按零计的绿色电力（GREEN_POWER_CONTRACT）填在zeroFactorBasis中",
            expected_en="nothing: only electricity that is bought, at a grid's factor, has certificates here; green "
            "power at zero (GREEN_POWER_CONTRACT) has them in `zeroFactorBasis`",
        )
    power = megawatt_hours(line.activity)
    return check_part(line.certificates, span.starts_on, span.ends_on, power)
