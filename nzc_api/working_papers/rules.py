"""What evidence may be of. Pure."""

from collections.abc import Sequence
from itertools import pairwise

from nzc_api.ids import Position
from nzc_api.refusal import InvalidInput, LocalizedText
from nzc_api.working_papers.model import MOST_COMPARED, Sizes


def check_compared(
    compared: Sequence[Position], position: Position, given: str
) -> InvalidInput | None:
    """The statement is compared with a few positions before it, each named once, in order; as they were ``given``."""
    ordered = [0, *compared, position]
    if len(compared) <= MOST_COMPARED and all(one < next_ for one, next_ in pairwise(ordered)):
        return None
    return InvalidInput(
        path=("compared",),
        value=given[:80],
        expected_zh=f"至多{MOST_COMPARED}个早于位置{position}的位置，由小到大，各一次，以逗号分隔",
        expected_en=f"at most {MOST_COMPARED} positions before {position}, from the first to the last, each once, "
        "with commas between them",
    )


def check_sizes(sizes: Sizes) -> LocalizedText | None:
    """Why evidence would be too large; None where it is not."""
    over = next((bound for bound in sizes.bounds if bound.number > bound.most), None)
    if over is None:
        return None
    return LocalizedText(
        f"证据包将有{over.number}{over.zh}，至多为{over.most}：请改用各清单的CSV，或用GET /export导出整个日志",
        f"The evidence would have {over.number} {over.en}, and may have {over.most}: take the lists as CSV, or export "
        "the whole log (`GET /export`)",
    )
