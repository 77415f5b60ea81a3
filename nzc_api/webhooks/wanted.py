"""What an endpoint follows, as the log and the tables keep it. Pure."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from nzc_api.feed.model import EventFilter
from nzc_api.ids import OrganisationId, PilotId
from nzc_api.log.kinds import EntryKind

T = TypeVar("T", int, str)


def kept(wanted: EventFilter) -> Mapping[str, Any]:
    """A filter as JSON: one way of writing each."""
    return {
        "kinds": _sorted(wanted.kinds),
        "pilots": _sorted(wanted.pilots),
        "inside": wanted.inside,
        "programmes": _sorted(wanted.programmes),
        "organisations": _sorted(wanted.organisations),
    }


def thawed(said: Mapping[str, Any]) -> EventFilter:
    """The filter that ``kept`` wrote."""
    kinds, pilots, organisations = said["kinds"], said["pilots"], said["organisations"]
    return EventFilter(
        kinds=None if kinds is None else frozenset(map(EntryKind, kinds)),
        pilots=None if pilots is None else frozenset(map(PilotId, pilots)),
        inside=said["inside"],
        programmes=None if said["programmes"] is None else frozenset(said["programmes"]),
        organisations=None
        if organisations is None
        else frozenset(map(OrganisationId, organisations)),
    )


def _sorted(items: Collection[T] | None) -> list[T] | None:
    return None if items is None else sorted(items)
