"""Whom a pilot's meters, and what is recorded of its monitoring, are shown to: who sees its meters."""

from collections.abc import Callable
from typing import Any, TypeVar

from nzc_api.ids import PilotId
from nzc_api.metering.visibility import sees_meters
from nzc_api.schema.kit.connections import (
    Connection,
    connection,
    counted,
    none_counted,
    page_by_position,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.loader import Loader
from nzc_api.schema.pilots.types import Pilot

T = TypeVar("T")


async def are_meters_seen(info: Info, pilot: Pilot) -> bool:
    """Whether who asks sees the pilot's meters."""
    return sees_meters(await info.context.sight(), pilot.domain.operator_id)


async def if_meters_seen(info: Info, pilot_id: PilotId, shown: T) -> T | None:
    """What is shown of a pilot to who sees its meters; None to others."""
    pilot = await Pilot.at(info, pilot_id)
    return shown if await are_meters_seen(info, pilot) else None


async def page_if_seen(
    info: Info,
    pilot: Pilot,
    rows: Loader[Any, list[Any]],
    count: Loader[Any, int],
    first: int,
    after: str | None,
    as_of: int | None,
    shown: Callable[[Any], T],
    *,
    meter: int | None = None,
) -> Connection[T]:
    """A page of what a pilot has, or a ``meter`` of it, for who sees its meters; for others there is nothing."""
    page = page_by_position(first, after)
    parent = pilot.domain.id if meter is None else meter
    at = await info.context.as_of(as_of)
    seen = await are_meters_seen(info, pilot)
    found = await rows.load((parent, (at, page))) if seen else []
    how_many = counted(count, (parent, at)) if seen else none_counted
    return connection(found, page, lambda row: row.id, shown, how_many)
