"""The facts of each kind of event, and their published JSON Schemas. Pure."""

from collections.abc import Mapping

from nzc_api.feed.payloads.credits import OF_CREDITS
from nzc_api.feed.payloads.inventories import OF_INVENTORIES
from nzc_api.feed.payloads.pilots import OF_PILOTS
from nzc_api.feed.payloads.shapes import Facts, Schema
from nzc_api.log.kinds import EntryKind

# What events carry. A kind that is not here carries nothing yet.
PAYLOADS: Mapping[EntryKind, Facts] = {**OF_PILOTS, **OF_INVENTORIES, **OF_CREDITS}

# A payload that changed is a new version of it: a test holds what was published.
VERSIONS: Mapping[EntryKind, int] = {}


def schema_name(kind: EntryKind) -> str:
    """What the JSON Schema of a kind's payload is called, with its version."""
    return f"{kind}.v{VERSIONS.get(kind, 1)}"


def _schema(kind: EntryKind, facts: Facts) -> Schema:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:nzc:events:{schema_name(kind)}",
        "title": kind,
        **facts.schema,
    }


# By name.
SCHEMAS: Mapping[str, Schema] = {
    schema_name(kind): _schema(kind, facts) for kind, facts in PAYLOADS.items()
}
