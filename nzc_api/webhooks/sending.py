"""Posting an event to an endpoint, and what its answer says."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic

from nzc_api.outbound.posting import Outbound, Unanswered
from nzc_api.webhooks.model import Answer, DeliveryOutcome


class Sender:
    """Posts events."""

    def __init__(self, outbound: Outbound) -> None:
        self._outbound = outbound

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Post a message once; whatever goes wrong is an answer, too."""
        began = monotonic()
        outcome, status, retry_after = await self._sent(url, headers, body)
        return Answer(
            outcome=outcome,
            status=status,
            retry_after=retry_after,
            milliseconds=int((monotonic() - began) * 1000),
        )

    async def _sent(
        self, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[DeliveryOutcome, int | None, float | None]:
        try:
            reply = await self._outbound.post(url, headers, body)
        except Unanswered as none:
            return DeliveryOutcome(none.why), None, None
        return outcome_of(reply.status), reply.status, _retry_after(reply.headers)


def outcome_of(status: int) -> DeliveryOutcome:
    """What a status says of an event that was posted."""
    match status // 100:
        case 2:
            return DeliveryOutcome.ACCEPTED
        case 3:
            return DeliveryOutcome.REDIRECTED
    return DeliveryOutcome.GONE if status == 410 else DeliveryOutcome.REJECTED  # noqa: PLR2004


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """In how many seconds the receiver asks for the next attempt, if it says so."""
    text = headers.get("retry-after", "").strip()
    if text.isdecimal() and len(text) < 10:  # noqa: PLR2004  (seconds of a lifetime)
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return (at - datetime.now(UTC)).total_seconds() if at.tzinfo else None
