"""What the certificates room refuses."""

from dataclasses import dataclass

from nzc_api.certificates.model import PowerOfDays
from nzc_api.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class CertificatesRequired(Refusal):
    """Power bought through the grid as renewable is accounted at zero without the green certificates of all of it:
    without them anybody else may claim the same power."""

    code = "CERTIFICATES_REQUIRED"
    malformed = True
    zh = "该行为{needed} MWh绿色电力，所附绿证仅{given} MWh：请在zeroFactorBasis的certificates中填报全部"
    zh += "绿证的编号；没有绿证的部分，按电网平均因子填报"
    en = (
        "The line is {needed} MWh of green power, and its certificates are {given} MWh: state all of them by their "
        "numbers in `certificates` of the `zeroFactorBasis`, and what has none at the grid's average factor"
    )

    needed: str
    given: str


@dataclass(frozen=True, kw_only=True)
class CertificatesExceedPower(Refusal):
    """A line's green certificates are of more power than it has, by a whole one: nobody else may use what is over."""

    code = "CERTIFICATES_EXCEED_POWER"
    malformed = True
    zh = "该行为{power} MWh电力，所附绿证却有{given} MWh：只填报该行用到的绿证（每个1 MWh，最后一个可只用一部分）"
    en = (
        "The line is {power} MWh of power, and its certificates are {given} MWh: state those that it needs, a MWh each "
        "(of the last one a part may be left)"
    )

    power: str
    given: str


@dataclass(frozen=True, kw_only=True)
class CertificatesOutsidePeriod(Refusal):
    """Green certificates of power that was produced on other days than the inventory covers."""

    code = "CERTIFICATES_OUTSIDE_PERIOD"
    zh = "绿证{numbers}的电量生产于{produced_from}至{produced_to}，不在清单所覆盖的{starts_on}至{ends_on}之内"
    en = (
        "The power of the certificates {numbers} was produced from {produced_from} to {produced_to}, which is not "
        "within the days of the inventory, {starts_on} to {ends_on}"
    )

    numbers: str
    produced_from: str
    produced_to: str
    starts_on: str
    ends_on: str


@dataclass(frozen=True, kw_only=True)
class CertificatesUsed(Refusal):
    """Green certificates that serve a line already: in this inventory, or in another, of any pilot; also where more or
    fewer of their digits stand in the prefix. A certificate serves one inventory once; later versions of that keep it,
    and a draft that is given up gives it back."""

    code = "CERTIFICATES_USED"
    zh = "绿证{numbers}中有已用于其他清单行的（{used}）：每个绿证只能用于一份清单一次"
    en = (
        "Some of the certificates {numbers} serve another line already ({used}): a certificate serves one "
        "inventory once"
    )

    numbers: str
    used: str


@dataclass(frozen=True, kw_only=True)
class PowerCredited(Refusal):
    """Power of a plant and of days that is claimed twice: by green certificates that serve an inventory, and by
    reductions that were issued for it. Whichever comes first stands."""

    code = "POWER_CREDITED"
    zh = "电站“{plant}”{produced_from}至{produced_to}的电量已有{claimed_zh}：同一电量不能既作为绿证使用，又签发减排量"
    en = (
        "Of the power of the plant “{plant}” from {produced_from} to {produced_to} there are {claimed_en}: the same "
        "power is not claimed by certificates and by reductions"
    )

    plant: str
    produced_from: str
    produced_to: str
    claimed_zh: str
    claimed_en: str

    @classmethod
    def of(cls, power: PowerOfDays, *path: str) -> "PowerCredited":
        by = power.programme
        return cls(
            path=path,
            plant=power.plant,
            produced_from=str(power.produced_from),
            produced_to=str(power.produced_to),
            claimed_zh="用于清单的绿证" if by is None else f"已签发的{by}减排量",
            claimed_en="certificates that serve an inventory"
            if by is None
            else f"reductions issued as {by}",
        )
