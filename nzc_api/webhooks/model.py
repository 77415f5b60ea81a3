"""The webhooks room's things and commands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from nzc_api.feed.model import EventFilter
from nzc_api.ids import ApiKeyId, OrganisationId, Position, WebhookEndpointId


class EndpointState(StrEnum):
    """Whether events are posted to an endpoint."""

    ENABLED = "ENABLED"
    DISABLED = "DISABLED"
    DELETED = "DELETED"


class DisabledReason(StrEnum):
    """Why nothing is posted to an endpoint any more."""

    ORDERED = "ORDERED"
    GONE = "GONE"
    FAILING = "FAILING"
    KEY_ENDED = "KEY_ENDED"


class DeliveryOutcome(StrEnum):
    """What came of posting an event."""

    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    GONE = "GONE"
    REDIRECTED = "REDIRECTED"
    TIMED_OUT = "TIMED_OUT"
    UNREACHED = "UNREACHED"
    ADDRESS_REFUSED = "ADDRESS_REFUSED"
    BROKEN = "BROKEN"


@dataclass(frozen=True, slots=True)
class EndpointTerms:
    """What an endpoint is to be told, and where: ``key_id`` is the key for which it is told what it sees."""

    url: str
    label: str
    wanted: EventFilter
    key_id: ApiKeyId
    state: EndpointState = EndpointState.ENABLED
    reason: DisabledReason | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far an endpoint was told: all that it follows up to ``position``, of which ``previous`` was the last; in so
    many ``attempts``, of which the last ``failures`` failed, since ``failing_since``. It is ``due_at`` a time."""

    position: Position
    previous: int
    due_at: datetime
    attempts: int = 0
    failures: int = 0
    failing_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint of an organisation as it stands; ``changed``: the position at which its terms were said last."""

    id: WebhookEndpointId
    organisation_id: OrganisationId
    changed: Position
    terms: EndpointTerms
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of posting an event once; ``retry_after``: in how many seconds the receiver asks for the next."""

    outcome: DeliveryOutcome
    status: int | None = None
    retry_after: float | None = None
    milliseconds: int = 0

    @property
    def accepted(self) -> bool:
        return self.outcome is DeliveryOutcome.ACCEPTED


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event that was posted to an endpoint: the ``number``-th attempt there, of the event's own the
    ``attempt``-th."""

    number: int
    position: Position
    at: datetime
    attempt: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class CreateEndpoint:
    """An endpoint that is told what is after a position, or what is new."""

    url: str
    label: str
    wanted: EventFilter
    after: int | None


@dataclass(frozen=True, slots=True)
class UpdateEndpoint:
    """Change terms of an endpoint: those named in ``changes``, to these values."""

    endpoint_id: WebhookEndpointId
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RotateSecret:
    """Another secret; the one before stays good for so many hours."""

    endpoint_id: WebhookEndpointId
    overlap_hours: int


@dataclass(frozen=True, slots=True)
class ReplayEndpoint:
    """Tell an endpoint once more what it follows after a position."""

    endpoint_id: WebhookEndpointId
    after: int


class Backlog(NamedTuple):
    """How many endpoints are due; how many entries the one furthest behind was not told; how many fail."""

    due: int
    pending: int
    failing: int


@dataclass(frozen=True, slots=True)
class Due:
    """An endpoint that is due, and the secrets that its messages are signed with, the latest of the position
    ``rotated``."""

    endpoint: Endpoint
    secrets: Sequence[bytes]
    rotated: int


class RecordedAttempt(NamedTuple):
    """An attempt that is kept: whether the endpoint is the ``same`` still, with the same secret and its key in
    force."""

    same: bool
