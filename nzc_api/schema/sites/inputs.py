"""Where something is: parts of inputs."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import strawberry

from nzc_api.schema.kit.changes import said


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
