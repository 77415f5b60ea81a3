"""The words of sites, each value described."""

from nzc_api.pilots.sites import SameSite, SiteFinding
from nzc_api.schema.kit.fields import described_enum

__all__ = ["SameSite", "SiteFinding"]

described_enum(
    SameSite,
    "What says that two sites are one.",
    {
        "SITE_CODE": "both are known by one code elsewhere",
        "COORDINATES": "their coordinates are within NZC_SAME_SITE_METRES of each other, as a rule 100 m",
        "ADDRESS": "their addresses are the same in one way of writing",
        "LOCALITY": "they name the same city or district and no more, or coordinates show that the address is of "
        "something larger: by itself it says little",
    },
)
described_enum(
    SiteFinding,
    "What was found of a pilot and of something else at its site.",
    {
        "DISTINCT": "two different things: neither is held back",
        "SAME": "the pilot was registered twice; or the project lies inside the pilot",
    },
)
