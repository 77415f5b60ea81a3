"""Reconciling a registry's list with the ledger: our lots are streamed past it."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nzc_api.database.engine import Database
from nzc_api.ledger.auditing import audit_store as store
from nzc_api.ledger.model import AccountKind
from nzc_api.ledger.programmes import Programme
from nzc_api.ledger.reconciling.reconcile import (
    STATUSES,
    Compared,
    ListedUnit,
    Names,
    Ours,
    Reconciler,
    Status,
)
from nzc_api.ledger.reconciling.reconcile_file import ListedCertificate, UnreadableLine, read_list

# How many lines are read, and lots compared, before others have their turn: some milliseconds.
IN_A_TURN = 100


@dataclass(frozen=True, slots=True)
class RegistryList:
    """A registry's list as it was read."""

    units: Sequence[ListedUnit]
    certificates: Sequence[ListedUnit]
    unreadable: Sequence[UnreadableLine]


async def read(programme: Programme, path: Path) -> RegistryList:
    """The list in a file, read a little at a time: others go on meanwhile, and it can be given up. Raises
    ``UnreadableList`` where the file is no such list."""
    units: list[ListedUnit] = []
    certificates: list[ListedUnit] = []
    unreadable: list[UnreadableLine] = []
    for number, item in enumerate(read_list(path, programme.registry)):
        match item:
            case ListedUnit():
                units.append(item)
            case ListedCertificate():
                certificates.append(item.item)
            case UnreadableLine():
                unreadable.append(item)
        if not number % IN_A_TURN:
            await asyncio.sleep(0)
    return RegistryList(units, certificates, unreadable)


async def reconcile(
    database: Database, programme: Programme, path: Path
) -> AsyncIterator[Compared | UnreadableLine]:
    """Compare a registry's list with what the ledger says of its programme, on one snapshot. Raises
    ``UnreadableList``, before anything is compared, where the file is no such list."""
    listed = await read(
        programme, path
    )  # Before: PostgreSQL ends a snapshot that nothing is asked of for long.
    async with store.snapshot(database) as ledger:
        async for item in reconciled(ledger, programme, listed):
            yield item


async def reconciled(
    ledger: store.Snapshot, programme: Programme, listed: RegistryList
) -> AsyncIterator[Compared | UnreadableLine]:
    """The same of a list that was read, on a snapshot."""
    for line in listed.unreadable:
        yield line
    reconciler = Reconciler(listed.units, listed.certificates)
    async for row in ledger.stream(store.UNITS, programme.code):
        for compared in reconciler.feed(_ours(row)):
            yield compared
    for compared in reconciler.finish():
        yield compared


def _ours(row: Mapping[str, Any]) -> Ours:
    status = Status.INVALIDATED if row["invalidated"] else STATUSES[AccountKind(row["kind"])]
    return Ours(
        space=(row["registry"], row["prefix"]),
        lo=row["lo"],
        hi=row["hi"],
        status=status,
        holder=_names(row["holder_zh"], row["holder_en"]),
        pilot=_names(row["pilot_code"], row["pilot_zh"], row["pilot_en"]),
        by_certificate=row["by_certificate"],
    )


def _names(*names: str | None) -> Names:
    return Names(tuple(name for name in names if name is not None))
