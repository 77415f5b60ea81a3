"""The facts of each kind of event, and their published JSON Schemas. Pure."""

from collections.abc import Mapping

from nzc_api.feed.payloads.applications import OF_APPLICATIONS
from nzc_api.feed.payloads.credits import FORMERLY, OF_CREDITS
from nzc_api.feed.payloads.inventories import OF_INVENTORIES
from nzc_api.feed.payloads.keys import OF_KEYS
from nzc_api.feed.payloads.pilots import OF_PILOTS
from nzc_api.feed.payloads.programmes import OF_PROGRAMMES
from nzc_api.feed.payloads.rooms import OF_ROOMS
from nzc_api.feed.payloads.shapes import Facts, Schema, Show, WriteBeside
from nzc_api.log.kinds import EntryKind

# What events carry: each kind something.
PAYLOADS: Mapping[EntryKind, Facts] = {
    **OF_PILOTS,
    **OF_INVENTORIES,
    **OF_CREDITS,
    **OF_ROOMS,
    **OF_APPLICATIONS,
    **OF_PROGRAMMES,
    **OF_KEYS,
}

# All versions of what a kind's events carry, from the first; the last is what they carry now. A payload that changed is
# a new version of it: a test holds what was published.
_VERSIONS: Mapping[EntryKind, tuple[Facts, ...]] = {
    kind: (*FORMERLY.get(kind, ()), facts) for kind, facts in PAYLOADS.items()
}


def _name(kind: EntryKind, version: int) -> str:
    return f"{kind}.v{version}"


def _schema(kind: EntryKind, version: int, facts: Facts) -> Schema:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:nzc:events:{_name(kind, version)}",
        "title": kind,
        **facts.schema,
    }


# What shows a kind's payload.
SHOW: Mapping[str, Show] = {kind: facts.showing() for kind, facts in PAYLOADS.items()}

# What writes many of them.
WRITE: Mapping[str, WriteBeside] = {
    kind: facts.writing_beside() for kind, facts in PAYLOADS.items()
}

# What the JSON Schema of a kind's payload is called, with its version.
SCHEMA_NAMES: Mapping[str, str] = {
    kind: _name(kind, len(versions)) for kind, versions in _VERSIONS.items()
}

# By name.
SCHEMAS: Mapping[str, Schema] = {
    _name(kind, version): _schema(kind, version, facts)
    for kind, versions in _VERSIONS.items()
    for version, facts in enumerate(versions, 1)
}
