"""Where something is, and whether two things are at one site. Pure.

A site is what somebody states of it: a code that it is known by elsewhere, coordinates, an address. Each of the three
says for itself that two sites are one; that two of them differ says nothing, because each is written in many ways.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt

from nzc_api.ids import Position
from nzc_api.numbers import check_number, number_key
from nzc_api.pilots.addresses import Address, read_address
from nzc_api.refusal import InvalidInput, Refusal
from nzc_api.text import name_problem

# The radius of the earth that its surface has on average, in metres (IUGG's R1).
EARTH_METRES = 6_371_008.8

# Within how many metres coordinates are those of one site, where no setting says otherwise.
SAME_SITE_METRES = 100

# Two places of one address that state coordinates farther apart than this are of one locality: a sea area, a village.
ONE_ADDRESS_METRES = 1_000


class SameSite(StrEnum):
    """What says that two sites are one. A LOCALITY is a city or a district without more, or an address that coordinates
    show to be larger than a site: by itself it says little."""

    SITE_CODE = "SITE_CODE"
    COORDINATES = "COORDINATES"
    ADDRESS = "ADDRESS"
    LOCALITY = "LOCALITY"


@dataclass(frozen=True, slots=True)
class Site:
    """A site as it is stated; ``code`` is what it is known by elsewhere, coordinates are decimal degrees."""

    address: str | None = None
    division_code: str | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    code: str | None = None

    @property
    def read(self) -> Address | None:
        """Its address as it is compared; None where there is none, or where it may be anywhere."""
        return None if self.address is None else read_address(self.address, self.division_code)

    @property
    def key(self) -> str | None:
        """What addresses of one site have in common, to find them by."""
        found = self.read
        return None if found is None else found.key

    @property
    def code_key(self) -> str | None:
        """Its code however it is written."""
        return None if self.code is None else number_key(self.code)

    @property
    def point(self) -> tuple[Decimal, Decimal] | None:
        """Its latitude and longitude."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude


class SiteFinding(StrEnum):
    """What was found of two things at one site: two pilots, or a project and a pilot."""

    DISTINCT = "DISTINCT"
    SAME = "SAME"


@dataclass(frozen=True, slots=True)
class AtSite:
    """That a thing is at one site with another one, ``other_id``, since a position; what says so, and what was
    found."""

    other_id: int
    other_is_pilot: bool
    by: tuple[SameSite, ...]
    position: Position
    finding: SiteFinding | None


def same_site(one: Site, other: Site, metres: int) -> SameSite | None:
    """What says that two sites are one, the surest first; coordinates do within so many ``metres``."""
    if one.code_key is not None and one.code_key == other.code_key:
        return SameSite.SITE_CODE
    apart = metres_between(one, other)
    if apart is not None and apart <= metres:
        return SameSite.COORDINATES
    here, there = one.read, other.read
    if here is None or there is None or not here.is_of(there):
        return None
    wide = apart is not None and apart > max(metres, ONE_ADDRESS_METRES)
    return SameSite.LOCALITY if wide or not here.rest else SameSite.ADDRESS


def metres_between(one: Site, other: Site) -> float | None:
    """How far two sites are apart, along the surface of a sphere: right to half a per cent. No tonne rests on it. None
    where one of them has no coordinates."""
    if one.point is None or other.point is None:
        return None
    (lat, lon), (other_lat, other_lon) = one.point, other.point
    # Differences are exact, so that places close to each other lose nothing.
    up, along = radians(float(other_lat - lat)), radians(float(other_lon - lon))
    scale = cos(radians(float(lat))) * cos(radians(float(other_lat)))
    half = sin(up / 2) ** 2 + scale * sin(along / 2) ** 2
    return 2 * EARTH_METRES * asin(min(sqrt(half), 1.0))


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees within which whatever is within so many metres of a point lies; longitudes may pass the date line."""

    south: float
    north: float
    west: float
    east: float

    @classmethod
    def of_circle(cls, point: tuple[Decimal, Decimal], metres: int) -> "Box":
        latitude, longitude = map(float, point)
        # A little more than is needed: what lies in it is measured.
        up = metres / EARTH_METRES * 58 + 1e-9
        narrowest = cos(radians(min(abs(latitude) + up, 90.0)))
        along = 180.0 if narrowest * 180 <= up else up / narrowest
        return cls(latitude - up, latitude + up, longitude - along, longitude + along)


# Of each thing that is at one site with another, what says so.
Beside = Mapping[int, SameSite]


def beside(site: Site, others: Sequence[tuple[int, Site]], metres: int) -> Beside:
    """Those of the others that are at the site, and the surest of what says so; one may have stated several sites."""
    found: dict[int, SameSite] = {}
    sure = list(SameSite)
    for subject, other in others:
        by = same_site(site, other, metres)
        if by is not None:
            found[subject] = min(by, found.get(subject, by), key=sure.index)
    return found


def check_site(site: Site) -> Refusal | None:
    """Refuse what is no site: an address or a code that is none, a point that is not on the earth."""
    if site.address is not None:
        problem: Refusal | None = name_problem(site.address, "site")
        if problem is not None:
            return problem
    if site.code is not None:
        problem = check_number(site.code, "site_code")
        if problem is not None:
            return problem
    for field, value, limit in (
        ("latitude", site.latitude, 90),
        ("longitude", site.longitude, 180),
    ):
        if value is not None and not -limit <= value <= limit:
            return InvalidInput(
                path=("coordinates", field),
                value=str(value),
                expected_zh=f"−{limit}至{limit}之间的十进制度数，经纬度成对",
                expected_en=f"decimal degrees from −{limit} to {limit}, both or neither",
            )
    return None
