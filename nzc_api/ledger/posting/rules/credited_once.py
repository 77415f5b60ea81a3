"""Power whose green certificates serve an inventory is credited to nobody besides."""

from nzc_api.certificates.errors import PowerCredited
from nzc_api.certificates.model import PowerOfDays


def check_power_credited_once(served: PowerOfDays | None) -> PowerCredited | None:
    """Refuse to issue reductions of a plant and days whose certificates serve an inventory."""
    return None if served is None else PowerCredited.of(served, "project")
