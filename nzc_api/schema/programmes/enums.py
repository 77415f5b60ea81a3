"""The words of programmes, each value described."""

from nzc_api.ledger.programmes import Mechanism
from nzc_api.schema.kit.fields import described_enum

__all__ = ["Mechanism"]

described_enum(
    Mechanism,
    "The guide's three mechanisms (section 四（二）8). They overlap, so each credit is counted under "
    "one: forestry first, else its programme.",
    {
        "CCER": "CCER other than forestry",
        "FORESTRY": "forestry carbon sinks (林业碳汇), of whichever programme",
        "PHCER": "PHCER other than forestry",
    },
)
