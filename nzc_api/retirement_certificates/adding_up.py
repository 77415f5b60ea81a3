"""Whether what a certificate's file says of tonnes, serials and positions holds together: nothing of it is told twice.
Pure."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from nzc_api.retirement_certificates.model import CertificateKind, status_of
from nzc_api.retirement_certificates.strict import whole

# Serials of a batch: the first of them, and the one after the last.
Serials = tuple[str, int, int]


def wrongs(said: Any) -> Iterator[str]:
    """What does not add up, by the name of what says it. Raises one of ``MALFORMED``."""
    retired = said["retirements"]
    for shown in retired:
        if not _adds_up(shown):
            yield f"retirements: {shown['position']}"
    for name in ("quantity", "quantityInForce"):
        if whole(said[name]) != sum(whole(shown[name]) for shown in retired):
            yield name
    if said["status"] != _status(said):
        yield "status"
    if is_told_twice(shown["position"] for shown in retired) or _overlap(
        serials for shown in retired for serials in _in_force(shown)
    ):
        yield "retirements"
    batches = [batch["position"] for batch in said["batches"]]
    moved = {serials["batch"] for shown in retired for serials in shown["serials"]}
    if is_told_twice(batches) or {*batches} != moved:
        yield "batches"
    if any(at > whole(said["asOf"]) for shown in retired for at in _positions(shown)):
        yield "asOf"


def is_numbered(said: Any) -> bool:
    """Whether the number is that of what it certifies: a retirement, or an accounting period, of which whoever is shown
    no beneficiary knows nothing. Raises one of ``MALFORMED``."""
    log, number, whom = said["log"].removeprefix("nzc/"), said["number"], said["beneficiary"]
    match said["kind"]:
        case CertificateKind.RETIREMENT:
            (retired,) = said["retirements"]
            born = retired["position"]
        case CertificateKind.PILOT_AND_PERIOD:
            born = whom["accountingPeriod"] if whom else str(whole(number.rpartition("-")[2]))
        case _:
            return False
    return bool(number == f"NZC-{log}-{born}")


def is_told_twice(names: Iterable[Any]) -> bool:
    """Whether any of them is there more than once."""
    found = list(names)
    return len(found) != len({*found})


def is_within(shown: Any, ranges: Iterable[Any]) -> bool:
    """Whether a range of serials is of others, which do not overlap. Raises one of ``MALFORMED``."""
    batch, first, end = _serials(shown)
    for other, start, stop in sorted(map(_serials, ranges)):
        if other == batch and start <= first < stop:
            first = stop
    return first >= end


def _adds_up(shown: Any) -> bool:
    """Whether a retirement has as many tonnes as serials, each of them once; and what of it is in force no more was
    retired, each once: of what was not, more would be left."""
    moved, gone = (list(map(_serials, shown[ranges])) for ranges in ("serials", "notInForce"))
    tonnes, left = whole(shown["quantity"]), whole(shown["quantityInForce"])
    return (
        not (_overlap(moved) or _overlap(gone))
        and (tonnes, left) == (_tonnes(moved), _tonnes(moved) - _tonnes(gone))
        and left == _tonnes(_in_force(shown))
    )


def _in_force(shown: Any) -> list[Serials]:
    """The serials of a retirement that are in force: they begin or end with what it moved and with what is gone, in
    turn."""
    ranges = map(_serials, [*shown["serials"], *shown["notInForce"]])
    edges = sorted((batch, edge) for batch, *ends in ranges for edge in ends)
    return [
        (batch, first, end)
        for (batch, first), (_, end) in zip(edges[::2], edges[1::2], strict=True)
        if first < end
    ]


def _serials(shown: Any) -> Serials:
    first, last = whole(shown["first"]), whole(shown["last"])
    if first > last:
        raise ValueError(last)
    return shown["batch"], first, last + 1


def _tonnes(ranges: Iterable[Serials]) -> int:
    return sum(end - first for _, first, end in ranges)


def _overlap(ranges: Iterable[Serials]) -> bool:
    return any(
        batch == other and first < end
        for (batch, _, end), (other, first, _) in pairwise(sorted(ranges))
    )


def _status(said: Any) -> str:
    corrected = all(
        gone["reason"] == "CORRECTED"
        for shown in said["retirements"]
        for gone in shown["notInForce"]
    )
    return status_of(whole(said["quantity"]), whole(said["quantityInForce"]), corrected=corrected)


def _positions(shown: Any) -> list[int]:
    """When it was retired, and since when any of it is in force no more."""
    return list(map(whole, [shown["position"], *(gone["since"] for gone in shown["notInForce"])]))
