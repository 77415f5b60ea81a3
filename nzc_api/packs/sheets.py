"""Rows of a pack as CSV, for who has a spreadsheet."""

from collections.abc import Iterable, Sequence
from typing import Any

from nzc_api.files.columns import cells_of
from nzc_api.files.writing import MARK, table_of
from nzc_api.packs.verified import verified_columns

LINES = (
    "role",
    "category",
    "label",
    "activity",
    "unit",
    "factor",
    "treatment",
    "co2e",
    "dataQuality",
    "working",
)
RETIREMENTS = (
    "position",
    "retiredOn",
    "programme",
    "quantity",
    "quantityInForce",
    "registryReference",
    "serials",
)
# Of each of the serials, in their order.
OF_SERIALS = [
    column for column in verified_columns("batch") if not column.name.startswith("labels")
]
LABELS = "labels"


def lines_of(sources: Iterable[Any], sinks: Iterable[Any]) -> bytes:
    """An inventory's lines, with the working of each gas."""
    rows = [
        (role, line) for role, lines in (("SOURCE", sources), ("SINK", sinks)) for line in lines
    ]
    return _written(
        LINES,
        (
            (
                role,
                line["category"],
                line["label"],
                line["activity"]["value"],
                line["activity"]["unit"],
                line["factor"]["code"],
                line["treatment"],
                line["co2e"],
                line["dataQuality"] or "",
                "; ".join(gas["expression"] for gas in line["explain"]["gases"]),
            )
            for role, line in rows
        ),
    )


def retirements_of(retirements: Iterable[Any]) -> bytes:
    """Retirements, a row each: what is of its serials stands in their order, each label with its days."""
    return _written(
        (*RETIREMENTS, *(column.name for column in OF_SERIALS), LABELS),
        (
            (
                retirement["position"],
                retirement["retiredOn"],
                retirement["programme"]["code"],
                retirement["quantity"],
                retirement["quantityInForce"],
                retirement["registryReference"] or "",
                "; ".join(moved["serials"]["text"] for moved in retirement["movements"]),
                *(_joined(cells) for cells in _verified(retirement["movements"])),
                _joined(
                    ", ".join(map(_label, moved["batch"]["labels"]))
                    for moved in retirement["movements"]
                ),
            )
            for retirement in retirements
        ),
    )


def _verified(movements: Sequence[Any]) -> Iterable[Iterable[object]]:
    """Of each column its cells, one of each movement."""
    rows = [cells_of(moved, OF_SERIALS) for moved in movements]
    return ([row[number] for row in rows] for number in range(len(OF_SERIALS)))


def _label(label: Any) -> str:
    return f"{label['code']} {label['validFrom']}/{label['expiresOn'] or '..'}"


def _joined(cells: Iterable[object]) -> str:
    """Cells of one; where none says anything, nothing."""
    said = [str(cell or "") for cell in cells]
    return "; ".join(said) if any(said) else ""


def _written(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    return MARK + table_of((columns, *rows))
