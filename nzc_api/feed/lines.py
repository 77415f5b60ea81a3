"""The log as lines of JSON, each an event with its facts. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from nzc_api.feed.facts import Carried, PayloadAbsence
from nzc_api.feed.payloads.kinds import SCHEMA_NAMES, WRITE
from nzc_api.feed.payloads.shapes import NameOf, camel, moment

PAYLOAD_ABSENCE = camel("payload_absence")

# What is beside the facts of an entry, as shapes have it.
BESIDE = ("position", "subject", "movements")

# What an event's line says, in its order: what `eventPage` tells of it. Facts are JSON.
COLUMNS = ("position", "at", "kind", "organisation", "schema", "facts", PAYLOAD_ABSENCE)
Cells: TypeAlias = tuple[int, str, str, str | None, str | None, str | None, PayloadAbsence | None]


def lines_of(carried: Carried, name_of: NameOf) -> bytes:
    """The events' lines, each with its end."""
    # None of the words in quotes has a sign that JSON would escape.
    return "".join(
        [
            f'{{"position":"{position}","at":"{at}","kind":"{kind}","organisation":{_word(by)},'
            f'"schema":"{schema}","facts":{facts},"{PAYLOAD_ABSENCE}":null}}\n'
            if absence is None
            else f'{{"position":"{position}","at":"{at}","kind":"{kind}","organisation":{_word(by)},'
            f'"schema":null,"facts":null,"{PAYLOAD_ABSENCE}":"{absence}"}}\n'
            for position, at, kind, by, schema, facts, absence in cells_of(carried, name_of)
        ]
    ).encode()


def _word(said: str | None) -> str:
    return "null" if said is None else f'"{said}"'


def cells_of(carried: Carried, name_of: NameOf) -> Iterator[Cells]:
    """What each event's line says."""
    names = {by: by and name_of("Organisation", by) for by in {*carried.organisations}}
    payloads = _payloads(carried, name_of)
    return zip(
        carried.positions,
        map(moment, carried.ats),
        carried.kinds,
        map(names.__getitem__, carried.organisations),
        [text and SCHEMA_NAMES[kind] for kind, text in zip(carried.kinds, payloads, strict=True)],
        payloads,
        [facts if type(facts) is PayloadAbsence else None for facts in carried.facts],
        strict=True,
    )


def _payloads(carried: Carried, name_of: NameOf) -> Sequence[str | None]:
    """The facts of each event as JSON, those of a kind written together; None where they are not shown."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for number, (kind, facts) in enumerate(zip(carried.kinds, carried.facts, strict=True)):
        if type(facts) is not PayloadAbsence:
            by_kind[kind].append(number)
    payloads: list[str | None] = [None] * len(carried.facts)
    for kind, numbers in by_kind.items():
        facts, *beside = (
            [column[number] for number in numbers]
            for column in (carried.facts, carried.positions, carried.subjects, carried.movements)
        )
        written = WRITE[kind](facts, dict(zip(BESIDE, beside, strict=True)), name_of)
        for number, payload in zip(numbers, written, strict=True):
            payloads[number] = payload
    return payloads
