"""By which method bought electricity counts. Pure.

The GHG Protocol's Scope 2 Guidance (2015) has two: by location, at the average of the grid; by market, by what was
contracted for. The guide is silent: it is our reading that an inventory uses one, and shows both.
"""

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction

from nzc_api.accounting.line import WHOLE, Measurement
from nzc_api.certificates.model import GreenCertificates
from nzc_api.certificates.power import uncertified_share
from nzc_api.refusal import name_words


class ElectricityMethod(StrEnum):
    """By which method bought electricity counts."""

    LOCATION_BASED = "LOCATION_BASED"
    MARKET_BASED = "MARKET_BASED"


name_words(
    ElectricityMethod,
    {
        ElectricityMethod.LOCATION_BASED: {"zh": "基于位置", "en": "location-based"},
        ElectricityMethod.MARKET_BASED: {"zh": "基于市场", "en": "market-based"},
    },
)


def counted_share(
    method: ElectricityMethod, activity: Measurement, certificates: Sequence[GreenCertificates]
) -> Fraction:
    """Which part of an activity counts at the line's factor: by location all, by market what has no certificate."""
    by_market = method is ElectricityMethod.MARKET_BASED
    return uncertified_share(activity, certificates) if by_market else WHOLE
