"""The words of organisations, each value described."""

from nzc_api.access.principals import Role
from nzc_api.schema.kit.fields import described_enum

__all__ = ["Role"]

described_enum(
    Role,
    "What an organisation is to NZC, and so what it may write and see. No role skips the ledger's rules.",
    {
        "ADMINISTRATOR": "registers organisations, keys, and pilots on behalf of their operators",
        "REGISTRY": "posts issuances, transfers and retirements of its own programmes",
        "PILOT_OPERATOR": "applies for pilots, and writes its own: their inventories, targets, measures, plans, meters "
        "and documents",
        "VERIFIER": "verifies inventories, and what came of measures",
        "CREDIT_HOLDER": "holds credits; writes nothing",
        "AUDITOR": "reads everything that was submitted; writes nothing",
        "REGULATOR": "judges and decides applications for pilots, decides their plans; reads everything that was "
        "submitted",
        "METER_GATEWAY": "posts readings and bills of the meters that their operators assigned to it",
    },
)
