"""Which of our media types a client wants, by its Accept header."""

import re
from dataclasses import dataclass
from functools import lru_cache

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"
EVENT_STREAM = "text/event-stream"
HTML = "text/html"

# In the order in which we prefer them where the client does not care.
ANSWERS = (JSON, GRAPHQL_RESPONSE)

_QUALITY = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


@dataclass(frozen=True, slots=True)
class _Range:
    """A media range that a client names, how much it wants it, and how early it names it."""

    name: str
    quality: float
    place: int


@lru_cache(maxsize=256)
def preferred(accept: str | None, ours: tuple[str, ...]) -> str | None:
    """The one of ``ours`` that the client likes best; None where it accepts none of them."""
    ranges = _ranges(accept or "*/*")
    wanted = {
        kind: found for kind in ours if (found := _most_exact(kind, ranges)) and found.quality > 0
    }
    return max(wanted, key=lambda kind: (wanted[kind].quality, -wanted[kind].place), default=None)


def plain(media_type: str | None) -> str:
    """A media type without its parameters, in lower case."""
    return (media_type or "").partition(";")[0].strip().lower()


def _ranges(accept: str) -> list[_Range]:
    return [
        _Range(plain(part), _quality(part), place) for place, part in enumerate(accept.split(","))
    ]


def _most_exact(kind: str, ranges: list[_Range]) -> _Range | None:
    """The range that speaks of ``kind`` most exactly."""
    names = (kind, kind.partition("/")[0] + "/*", "*/*")
    found = (given for name in names for given in ranges if given.name == name)
    return next(found, None)


def _quality(part: str) -> float:
    for parameter in part.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q" and _QUALITY.fullmatch(value.strip()):
            return float(value)
    return 1.0
