"""What rows ask for: retirements, issuances, transfers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nzc_api.files.cells import (
    authority_number,
    day,
    lacking,
    span,
    unreadable,
    whole,
    year,
)
from nzc_api.files.table import Needed
from nzc_api.files.vocabulary import programme_of, status_of
from nzc_api.importing.named import (
    Directory,
    Named,
    NamedBeneficiary,
    NamedOrganisation,
    NamedProject,
    is_id,
)
from nzc_api.importing.sending import SentItem
from nzc_api.importing.verified import verified_in
from nzc_api.ledger.row_serials import RowSerials, certificate_whole, check_tonnes, serials_of

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file's rows ask for: by which mutation, which columns it needs (of each group one), what a
    row names, what it asks for, and how the API is asked whether what it brought about still stands."""

    name: str
    mutation: str
    needed: Needed
    names: Callable[[Cells], Iterator[Named]]
    items: Callable[[Cells, str, Directory], Sequence[SentItem]]
    standing: str


class OtherProgramme(Exception):
    """A row is of a programme that the key does not post for."""

    def __init__(self, programme: str, own: Sequence[str]) -> None:
        super().__init__(programme)
        self.message = {
            "zh": f"该密钥只能登记其自身机制（{'、'.join(own)}）的减排量，不能登记{programme}",
            "en": f"This key posts for its own programmes ({', '.join(own)}) only, not for {programme}",
        }


def programme_in(cells: Cells, own: Sequence[str]) -> str:
    """A row's programme; where it has none, the only one that the key posts for."""
    if "programme" not in cells:
        if len(own) == 1:
            return own[0]
        unreadable("", "须写明机制，如CCER", "a programme is needed, such as CCER")
    found = programme_of(cells["programme"])
    if found is None:
        unreadable(cells["programme"], "机制为CCER或PHCER", "a programme is CCER or PHCER")
    if own and found not in own:
        raise OtherProgramme(found, own)
    return found


def _needed(kind_needed: Needed, cells: Cells) -> None:
    none = [group[0] for group in kind_needed if not any(name in cells for name in group)]
    if none:
        lacking("、".join(none), ", ".join(none))


SERIALS = ("serials", "certificate", "first")

RETIREMENT: Needed = (
    SERIALS, ("pilot",), ("year", "period", "period_from"), ("retired_on", "date"),
)  # fmt: skip
ISSUANCE: Needed = (
    SERIALS, ("quantity",), ("project",), ("vintage", "production", "produced_from"),
    ("registered_on",), ("holder",),
)  # fmt: skip
TRANSFER: Needed = (SERIALS, ("from",), ("to",))


def _names_of_retirement(cells: Cells) -> Iterator[Named]:
    _needed(RETIREMENT, cells)
    yield NamedBeneficiary.of(cells)
    yield from _organisations(cells, "holder")


def _retirements(cells: Cells, programme: str, directory: Directory) -> Sequence[SentItem]:
    _check_cancelled(cells)
    pilot, period = directory.id_of(NamedBeneficiary.of(cells))
    given = {
        "pilot": pilot,
        "accountingPeriod": period,
        "retiredOn": day(cells.get("retired_on") or cells["date"]).isoformat(),
        "holder": _organisation(cells, "holder", directory),
        "registryReference": _reference(cells),
    }
    return [
        SentItem(given | _of_serials(found, programme, tonnes), found.text)
        for found, tonnes in _serials(cells, programme)
    ]


def _names_of_issuance(cells: Cells) -> Iterator[Named]:
    _needed(ISSUANCE, cells)
    yield from _organisations(cells, "holder")
    if not is_id("Project", cells["project"]):
        yield NamedProject(cells["project"])


def _issuances(cells: Cells, programme: str, directory: Directory) -> Sequence[SentItem]:
    project = cells["project"]
    applied = cells.get("applied_on")
    given = {
        "project": project if is_id("Project", project) else directory.id_of(NamedProject(project)),
        "production": _production(cells),
        "reductionsRegisteredOn": day(cells["registered_on"]).isoformat(),
        "reductionsAppliedOn": None if applied is None else day(applied).isoformat(),
        "holder": _organisation(cells, "holder", directory),
        "issuance": _part_of(cells),
        **verified_in(cells),
    }
    if "certificate" in cells:
        number = authority_number(cells["certificate"])
        ((found, tonnes),) = _serials(certificate_whole(cells), programme)
        whole_of = {"programme": programme, "certificate": number, "quantity": str(tonnes)}
        return [SentItem(given | whole_of, found.text)]
    return [
        SentItem(given | _of_serials(found, programme, tonnes), found.text)
        for found, tonnes in _serials(cells, programme)
    ]


def _part_of(cells: Cells) -> Mapping[str, str] | None:
    """The registration of reductions that a row's blocks are parts of, where it says so."""
    if "issuance" not in cells and "issuance_quantity" not in cells:
        return None
    _needed((("issuance",), ("issuance_quantity",)), cells)
    tonnes = whole(cells["issuance_quantity"])
    return {"reference": authority_number(cells["issuance"]), "quantity": str(tonnes)}


def _names_of_transfer(cells: Cells) -> Iterator[Named]:
    _needed(TRANSFER, cells)
    yield from _organisations(cells, "from", "to")


def _transfers(cells: Cells, programme: str, directory: Directory) -> Sequence[SentItem]:
    given = {name: _organisation(cells, name, directory) for name in ("from", "to")}
    return [
        SentItem(given | _of_serials(found, programme, tonnes), found.text)
        for found, tonnes in _serials(cells, programme)
    ]


def _serials(cells: Cells, programme: str) -> list[tuple[RowSerials, int | None]]:
    """What serials a row names, and how many tonnes it says of each; of one block the ledger looks."""
    found = serials_of(cells, programme)
    tonnes = whole(cells["quantity"]) if "quantity" in cells else None
    if len(found) == 1:
        return [(found[0], tonnes)]
    check_tonnes(found, cells)
    return [(item, item.range.quantity) for item in found]


def _of_serials(found: RowSerials, programme: str, tonnes: int | None) -> dict[str, Any]:
    serials: dict[str, Any] = {"text": found.text}
    if found.by_certificate:
        numbers = {"first": str(found.range.first), "last": str(found.range.last)}
        serials = {"certificate": {"number": authority_number(found.text), **numbers}}
    quantity = None if tonnes is None else str(tonnes)
    return {"programme": programme, "serials": serials, "quantity": quantity}


def _production(cells: Cells) -> Mapping[str, Any]:
    if "produced_from" in cells or "produced_to" in cells:
        first, last = day(cells.get("produced_from", "")), day(cells.get("produced_to", ""))
    elif "production" in cells:
        first, last = span(cells["production"])
    else:
        return {"vintage": year(cells["vintage"])}
    return {"monitoringPeriod": {"startsOn": first.isoformat(), "endsOn": last.isoformat()}}


def _organisations(cells: Cells, *names: str) -> Iterator[Named]:
    for name in names:
        if name in cells and not is_id("Organisation", cells[name]):
            yield NamedOrganisation(cells[name])


def _organisation(cells: Cells, name: str, directory: Directory) -> str | None:
    text = cells.get(name)
    if text is None or is_id("Organisation", text):
        return text
    found: str = directory.id_of(NamedOrganisation(text))
    return found


def _reference(cells: Cells) -> str | None:
    text = cells.get("registry_reference")
    return None if text is None else authority_number(text)


def _check_cancelled(cells: Cells) -> None:
    """Refuse a row that says itself that it is no retirement; a status that is none of ours is a remark."""
    found = status_of(cells.get("status", ""))
    if found is not None and (found.status != "CANCELLED" or found.purpose is not None):
        unreadable(
            cells["status"],
            "该行的状态不是为试点注销；其他用途请用useCredits登记",
            "a row with this status is no retirement for a pilot; another use is posted with useCredits",
        )


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "retirements",
            "retireCredits",
            RETIREMENT,
            _names_of_retirement,
            _retirements,
            "... on Retirement { quantity lost: quantityNotInForce }",
        ),
        Kind(
            "issuances",
            "issueCredits",
            ISSUANCE,
            _names_of_issuance,
            _issuances,
            "... on CreditBatch { quantity lost: invalidatedQuantity correction { position } }",
        ),
        Kind(
            "transfers",
            "transferCredits",
            TRANSFER,
            _names_of_transfer,
            _transfers,
            "... on CreditTransfer { quantity correction { position } }",
        ),
    )
}
