"""What may be wrong with what is asked of the page."""

from nzc_api.refusal import InvalidInput


def too_many_pilots(most: int) -> InvalidInput:
    """That more pilots are meant than are reckoned at once."""
    return InvalidInput(
        path=("filter",),
        value="…",
        expected_zh=f"至多{most}个试点：请缩小筛选范围",
        expected_en=f"at most {most} pilots: narrow them",
    )
