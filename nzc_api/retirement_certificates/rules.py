"""What a certificate may be of. Pure."""

from nzc_api.refusal import InvalidInput
from nzc_api.retirement_certificates.model import MOST_RANGES, MOST_RETIREMENTS


def check_length(number: str, retirements: int, ranges: int) -> InvalidInput | None:
    """A certificate has a bounded number of retirements, and of ranges of serials."""
    if retirements <= MOST_RETIREMENTS and ranges <= MOST_RANGES:
        return None
    return InvalidInput(
        path=("number",),
        value=number,
        expected_zh=f"至多{MOST_RETIREMENTS}笔注销、{MOST_RANGES}个序列号区间的证明：请改用每笔注销各自的证明",
        expected_en=f"a certificate of at most {MOST_RETIREMENTS} retirements and {MOST_RANGES} ranges of serials: "
        "take those of single retirements",
    )
