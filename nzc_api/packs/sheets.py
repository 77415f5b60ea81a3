"""Rows of a pack as CSV, for who has a spreadsheet."""

from collections.abc import Iterable, Sequence
from typing import Any

from nzc_api.files.writing import MARK, table_of

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
    return _written(
        RETIREMENTS,
        (
            (
                retirement["position"],
                retirement["retiredOn"],
                retirement["programme"]["code"],
                retirement["quantity"],
                retirement["quantityInForce"],
                retirement["registryReference"] or "",
                "; ".join(moved["serials"]["text"] for moved in retirement["movements"]),
            )
            for retirement in retirements
        ),
    )


def _written(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    return MARK + table_of((columns, *rows))
