"""The log as lines of JSON, each an event with its facts. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from nzc_api.feed.facts import Carried, Found, PayloadAbsence
from nzc_api.feed.payloads.kinds import SCHEMA_NAMES, WRITE
from nzc_api.feed.payloads.shapes import NULL, NameOf, camel, moment

PAYLOAD_ABSENCE = camel("payload_absence")

# What an event's line says, in its order: what `eventPage` tells of it. Facts are JSON.
COLUMNS = ("position", "at", "kind", "organisation", "schema", "facts", PAYLOAD_ABSENCE)
Cells: TypeAlias = tuple[int, str, str, str | None, str | None, str | None, PayloadAbsence | None]


def lines_of(carried: Carried, found: Sequence[Found], name_of: NameOf) -> bytes:
    """Events' lines, each with its end, by what was found of the facts of each."""
    # None of the words in quotes has a sign that JSON would escape.
    return "".join(
        [
            f'{{"position":"{position}","at":"{at}","kind":"{kind}","organisation":{_word(by)},'
            f'"schema":{_word(schema)},"facts":{facts or NULL},"{PAYLOAD_ABSENCE}":{_word(absence)}}}\n'
            for position, at, kind, by, schema, facts, absence in cells_of(carried, found, name_of)
        ]
    ).encode()


def _word(said: str | None) -> str:
    return NULL if said is None else f'"{said}"'


def cells_of(carried: Carried, found: Sequence[Found], name_of: NameOf) -> Iterator[Cells]:
    """What each event's line says."""
    names = {by: by and name_of("Organisation", by) for by in {*carried.organisations}}
    payloads = _payloads(carried, found, name_of)
    return zip(
        carried.positions,
        map(moment, carried.ats),
        carried.kinds,
        map(names.__getitem__, carried.organisations),
        [text and SCHEMA_NAMES[kind] for kind, text in zip(carried.kinds, payloads, strict=True)],
        payloads,
        [payload if isinstance(payload, PayloadAbsence) else None for payload in found],
        strict=True,
    )


def _payloads(carried: Carried, found: Sequence[Found], name_of: NameOf) -> Sequence[str | None]:
    """The facts of each event as JSON, those of a kind written together; None where they are not shown."""
    by_kind: dict[str, dict[int, Mapping[str, Any]]] = defaultdict(dict)
    for number, (kind, facts) in enumerate(zip(carried.kinds, found, strict=True)):
        if not isinstance(facts, PayloadAbsence):
            by_kind[kind][number] = facts
    # What is beside facts, as shapes have it.
    beside: Mapping[str, Sequence[Any]] = {
        "position": carried.positions,
        "subject": carried.subjects,
        "movements": carried.movements,
    }
    payloads: list[str | None] = [None] * len(found)
    for kind, shown in by_kind.items():
        own = {name: [column[number] for number in shown] for name, column in beside.items()}
        written = WRITE[kind]([*shown.values()], own, name_of)
        for number, payload in zip(shown, written, strict=True):
            payloads[number] = payload
    return payloads
