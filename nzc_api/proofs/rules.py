"""What can be proven. Pure."""

from nzc_api.ids import Position
from nzc_api.refusal import InvalidInput


def check_position(position: Position, size: int) -> InvalidInput | None:
    """An entry is proven once it has a leaf, a second or so after it was posted."""
    if 1 <= position <= size:
        return None
    return InvalidInput(
        path=("position",),
        value=str(position),
        expected_zh=f"该树中的位置，从1起，共{size}条：其后的日志尚不在该树中，通常在写入后一秒左右加入",
        expected_en=f"a position of that tree, from 1 on, which has {size} entries: what comes after is not in it; an "
        "entry usually is in the tree a second after it was posted",
    )


def check_size(size: int, latest: int, name: str) -> InvalidInput | None:
    """Trees are as large as the latest checkpoint, or smaller."""
    if 0 <= size <= latest:
        return None
    return InvalidInput(
        path=(name,),
        value=str(size),
        expected_zh=f"0至{latest}：最新检查点的大小为{latest}",
        expected_en=f"from 0 to {latest}, the size of the latest checkpoint",
    )


def check_order(old: int, new: int) -> InvalidInput | None:
    """A tree is the beginning of one that is as large, or larger."""
    if old <= new:
        return None
    return InvalidInput(
        path=("from_size",),
        value=str(old),
        expected_zh=f"不大于{new}：较早的树在前",
        expected_en=f"at most {new}: the earlier tree comes first",
    )
