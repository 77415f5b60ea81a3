"""Where something is, and what was found of a site: parts of inputs, and the mutation's."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.grounds import Grounds
from nzc_api.ledger.projects.site_service import ResolveSameSite
from nzc_api.schema.kit.changes import said
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import PILOT
from nzc_api.schema.sites.enums import SiteFinding


@strawberry.input(description="A point on the earth, in decimal degrees.")
class CoordinatesInput:
    latitude: Decimal = strawberry.field(description="Degrees north, from -90 to 90.")
    longitude: Decimal = strawberry.field(description="Degrees east, from -180 to 180.")


# What inputs call the parts of a site.
_PARTS = {"site": "address", "administrative_division": "division_code", "site_code": "code"}


def said_of_site(given: object, *names: str) -> Mapping[str, Any]:
    """What an input says of a site, by the names of its parts; null is that there is none."""
    changes = said(given, (*names, "coordinates"), no_values=(*names, "coordinates"))
    found = {_PARTS[name]: value for name, value in changes.items() if name in _PARTS}
    if "coordinates" in changes:
        at = changes["coordinates"]
        found["latitude"] = None if at is None else at.latitude
        found["longitude"] = None if at is None else at.longitude
    return found


@strawberry.input(description="What was found of a pilot and of something else at its site.")
class ResolveSameSiteInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    subject: strawberry.ID = strawberry.field(
        description="The project, or the other pilot, at the pilot's site."
    )
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    finding: SiteFinding = strawberry.field(description="What was found.")
    document: str = strawberry.field(description="The document that shows it.")
    reason: str = strawberry.field(description="Why.")

    def command(self, ids: Ids, caller: Principal) -> ResolveSameSite:
        return ResolveSameSite(
            ids.position(self.subject, "input", "subject", kinds=("Project", "Pilot")),
            ids.read(self.pilot, "input", "pilot", kind=PILOT),
            self.finding,
            Grounds(self.document, self.reason),
        )
