"""The access room's things and commands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from nzc_api.access.principals import Role
from nzc_api.grounds import Grounds
from nzc_api.ids import ApiKeyId, OrganisationId, Position
from nzc_api.refusal import LocalizedText


@dataclass(frozen=True, slots=True)
class Organisation:
    """A party to NZC; a registry has the programmes that it posts for."""

    id: OrganisationId
    name: LocalizedText
    role: Role
    programmes: tuple[str, ...]
    credit_code: str | None = None


@dataclass(frozen=True, slots=True)
class OrganisationFilter:
    """What a list of organisations is narrowed to."""

    role: Role | None = None
    text: str | None = None
    credit_code: str | None = None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of an organisation; its secret is not kept."""

    id: ApiKeyId
    organisation_id: OrganisationId
    label: str
    revoked: bool
    expires_at: datetime | None = None
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A key as an operator sees it: whose it is, and when it was issued."""

    key: ApiKey
    organisation: LocalizedText
    role: Role
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """What can be amended of an organisation."""

    name: LocalizedText
    credit_code: str | None


@dataclass(frozen=True, slots=True)
class OrganisationAmendment:
    """A change of an organisation's facts; ``id`` is its position."""

    id: Position
    organisation_id: OrganisationId
    before: OrganisationFacts
    after: OrganisationFacts
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class RegisterOrganisation:
    name: LocalizedText
    role: Role
    programmes: tuple[str, ...] = ()
    credit_code: str | None = None


@dataclass(frozen=True, slots=True)
class AmendOrganisation:
    """Change facts of an organisation: those named in ``changes``, to these values."""

    organisation_id: OrganisationId
    changes: Mapping[str, Any]
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class IssueApiKey:
    """A new key; one without ``expires_at`` is in force until it is revoked."""

    organisation_id: OrganisationId
    label: str
    expires_at: datetime | None = None

    @property
    def content(self) -> dict[str, object]:
        """What makes two of them the same request: as before keys expired, where one does not."""
        content: dict[str, object] = {
            "organisation_id": self.organisation_id, "label": self.label
        }  # fmt: skip
        expiry = {} if self.expires_at is None else {"expires_at": self.expires_at.astimezone(UTC)}
        return content | expiry
