"""Secrets as they are shown, and the headers by which a receiver knows that an event is NZC's: after Standard Webhooks.
Pure."""

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime

from standardwebhooks import Webhook

SECRET_PREFIX = "whsec_"  # noqa: S105  (the public part of every secret)


def shown(secret: bytes) -> str:
    """A secret as receivers' libraries take it."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def signed(
    message_id: str, at: datetime, body: bytes, secrets: Sequence[bytes]
) -> Mapping[str, str]:
    """The headers of a message, with a signature by each of the secrets that are good."""
    text = body.decode()
    signatures = [Webhook(secret).sign(message_id, at, text) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
