"""Positions that are asked for. Pure."""

from typing import Final

from nzc_api.ids import Position
from nzc_api.refusal import InvalidInput, Refused

# As of whatever the log has by then: later than every position.
LATEST: Final = Position((1 << 63) - 1)


def position_asked(position: int | None, now: Position, *path: str) -> Position:
    """The position that is asked for, which the log must have, or now."""
    if position is None:
        return now
    if 0 <= position <= now:
        return Position(position)
    raise Refused(
        InvalidInput(
            path=path,
            value=str(position),
            expected_zh=f"日志中已有的位置，0至{now}",
            expected_en=f"a position that the log has, from 0 to {now}",
        )
    )
