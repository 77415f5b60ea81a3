"""Gateways: who posts readings of which meters beside the pilots' operators. Pure."""

from nzc_api.access.principals import Principal, Role
from nzc_api.metering.errors import MeterNotAssigned
from nzc_api.metering.model import Meter
from nzc_api.refusal import InvalidInput


def check_gateway(role: Role) -> InvalidInput | None:
    """Whether an organisation of the role may be a gateway of meters."""
    if role is Role.METER_GATEWAY:
        return None
    return InvalidInput(
        path=("gateway",),
        value=role,
        expected_zh=f"角色为{Role.METER_GATEWAY}的组织",
        expected_en=f"an organisation of the role {Role.METER_GATEWAY}",
    )


def check_assigned(meter: Meter, caller: Principal) -> MeterNotAssigned | None:
    """Whether a gateway may post readings of a meter: of those that are assigned to it only."""
    if caller.role is not Role.METER_GATEWAY or posts_for(caller, meter):
        return None
    return MeterNotAssigned(path=("meter",), meter_id=meter.id)


def posts_for(caller: Principal | None, meter: Meter) -> bool:
    """Whether a meter is assigned to the caller."""
    return caller is not None and meter.gateway_id == caller.organisation_id
