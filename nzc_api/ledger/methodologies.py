"""What a methodology is of: a carbon sink (forestry, grassland, wetland, ocean), or something else. Data.

A number says it where its series is known, and where there are several a sink's does; else words do, unless they
speak of both: solar power in a wetland park may be either. What the guard of enrolments knows of numbers is less.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nzc_api.ledger.serials import HAN, normalise
from nzc_api.refusal import LocalizedText

DATA = Path(__file__).parent / "data" / "methodologies.json"


@dataclass(frozen=True, slots=True)
class MethodologySeries:
    """Methodologies whose numbers have one form, and whether they are of sinks."""

    pattern: re.Pattern[str]
    sink: bool
    about: LocalizedText
    source: LocalizedText
    confirmed: bool


_LOADED = json.loads(DATA.read_text("utf-8"))

SERIES = tuple(
    MethodologySeries(
        re.compile(rf"(?<![A-Z0-9])(?<!AR-){data['pattern']}(?![0-9])"),
        data["sink"],
        LocalizedText(**data["of"]),
        LocalizedText(**data["source"]),
        data["confirmed"],
    )
    for data in _LOADED["numbers"]
)


def _words(name: str) -> re.Pattern[str]:
    return re.compile("|".join(_LOADED[name].values()), re.IGNORECASE)


# What stands between the parts of a number: all but letters, digits and words, save the 第 of an ordinal.
_BETWEEN = re.compile(rf"(?:[^A-Z0-9{HAN}]|第)+")

_SINKS, _NO_SINKS = _words("sinks"), _words("no_sinks")


@lru_cache(maxsize=4096)
def is_of_sink(text: str) -> bool | None:
    """Whether a methodology, by its number or name, is of a carbon sink; None where that does not say."""
    named = normalise(text)
    number = _BETWEEN.sub("-", named)
    numbered = {series.sink for series in SERIES if series.pattern.search(number)}
    if numbered:
        return True in numbered
    sink, other = _SINKS.search(named) is not None, _NO_SINKS.search(named) is not None
    return None if sink is other else sink
