"""The words of webhooks, each value described."""

from nzc_api.schema.kit.fields import described_enum
from nzc_api.webhooks.model import DeliveryOutcome, DisabledReason, EndpointState

__all__ = ["DeliveryOutcome", "DisabledReason", "EndpointState"]

described_enum(
    EndpointState,
    "Whether events are posted to an endpoint.",
    {
        "ENABLED": "they are",
        "DISABLED": "they are not, for now: it goes on where it stopped when it is enabled again",
        "DELETED": "they are not, for good",
    },
)
described_enum(
    DisabledReason,
    "Why no events are posted to an endpoint.",
    {
        "ORDERED": "its organisation said so",
        "GONE": "its receiver said so: it answered 410",
        "FAILING": "it accepted nothing for five days",
        "KEY_ENDED": "the key for which it was told what it sees was revoked, or expired",
    },
)
described_enum(
    DeliveryOutcome,
    "What came of posting an event.",
    {
        "ACCEPTED": "the receiver answered 2xx",
        "REJECTED": "it answered otherwise",
        "GONE": "it answered 410: it wants no more",
        "REDIRECTED": "it answered 3xx; redirects are not followed",
        "TIMED_OUT": "it did not answer in time: 5 s to connect, 15 s in all",
        "UNREACHED": "its name or address was not reached, or its TLS certificate was not right",
        "ADDRESS_REFUSED": "its name led to an address that nothing is sent to, such as a private one",
        "BROKEN": "what it answered is not HTTP",
    },
)
