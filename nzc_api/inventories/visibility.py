"""Who may see which inventories, and what of them. Pure; `visibility_store` says the same in SQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from nzc_api.access.principals import Principal, Role
from nzc_api.ids import OrganisationId
from nzc_api.inventories.model import InventoryStatus
from nzc_api.pilots.model import Visibility

_ALL = frozenset(InventoryStatus)
_HANDED_IN = frozenset({InventoryStatus.SUBMITTED, InventoryStatus.VERIFIED})

# What a role sees of every pilot, whatever the pilot's settings are.
SEEN_BY: Mapping[Role, frozenset[InventoryStatus]] = {
    Role.ADMINISTRATOR: _ALL,
    Role.VERIFIER: _ALL,
    Role.AUDITOR: _HANDED_IN,
    Role.REGULATOR: _HANDED_IN,
}


class Shows(Protocol):
    """What of a pilot says who sees it."""

    @property
    def operator_id(self) -> OrganisationId: ...
    @property
    def statement_visibility(self) -> Visibility: ...
    @property
    def line_visibility(self) -> Visibility: ...


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody sees beside what is public: of every pilot the inventories in a state of ``seen``,
    and all of the pilots that ``operator_id`` runs."""

    seen: frozenset[InventoryStatus] = frozenset()
    operator_id: OrganisationId | None = None

    def sees(self, pilot: Shows, status: InventoryStatus, *, lines: bool = False) -> bool:
        """Whether it sees a pilot's inventories in that state; with ``lines``, their lines too."""
        if pilot.operator_id == self.operator_id or status in self.seen:
            return True
        needed = {pilot.statement_visibility} | ({pilot.line_visibility} if lines else set())
        return status is InventoryStatus.VERIFIED and needed == {Visibility.PUBLIC}

    def sees_statements(self, pilot: Shows) -> bool:
        """Whether it sees what the pilot states; which inventories that rests on is another matter."""
        return self.sees(pilot, InventoryStatus.VERIFIED)

    def sees_unpublished(self, operator_id: OrganisationId) -> bool:
        """Whether it sees what is never public of an operator's pilots: as the operator, or as a role that sees of
        every pilot what was submitted."""
        return bool(self.seen) or self.operator_id == operator_id


# What NZC itself sees where it decides what somebody does.
EVERYTHING = Sight(_ALL)


def sight_of(principal: Principal | None) -> Sight:
    """What a caller sees; without a key, what is public."""
    if principal is None:
        return Sight()
    own = principal.organisation_id if principal.role is Role.PILOT_OPERATOR else None
    return Sight(SEEN_BY.get(principal.role, frozenset()), own)
