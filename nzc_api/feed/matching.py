"""Which entries a filter lets through. Pure."""

from nzc_api.feed.audiences import AUDIENCES, Audience, sees
from nzc_api.feed.model import About, AboutPilot, EventFilter
from nzc_api.feed.viewers import Viewer
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Entry


def says(wanted: EventFilter, entry: Entry) -> bool:
    """Whether an entry is followed by what it says itself: what needs to be known beside it aside."""
    kind = EntryKind(entry.kind)
    if wanted.kinds is not None and kind not in wanted.kinds:
        return False
    if wanted.programmes is None:
        return True
    return (
        AUDIENCES[kind] is Audience.EVERYBODY and entry.body.get("programme") in wanted.programmes
    )


def is_about(wanted: EventFilter, entry: Entry, about: About, viewer: Viewer) -> bool:
    """Whether an entry is followed by what it is about, as far as whoever asks sees that."""
    return _of_pilots(wanted, entry, about, viewer) and _of_organisations(wanted, entry, about)


def _of_pilots(wanted: EventFilter, entry: Entry, about: About, viewer: Viewer) -> bool:
    if wanted.pilots is None:
        return True
    audience = AUDIENCES[EntryKind(entry.kind)]
    return any(
        _is_wanted(wanted, pilot) and sees(viewer, audience, pilot) for pilot in about.pilots
    )


def _is_wanted(wanted: EventFilter, pilot: AboutPilot) -> bool:
    assert wanted.pilots is not None
    if wanted.inside:
        return not wanted.pilots.isdisjoint(pilot.surrounding)
    return pilot.pilot_id in wanted.pilots


def _of_organisations(wanted: EventFilter, entry: Entry, about: About) -> bool:
    if wanted.organisations is None:
        return True
    by = entry.actor.organisation_id
    return by in wanted.organisations or not wanted.organisations.isdisjoint(about.organisations)
