"""Rows of a pack as CSV, for who has a spreadsheet."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from nzc_api.files.writing import ENCODING, row_writer

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
    rows = [(role, line) for role, of in (("SOURCE", sources), ("SINK", sinks)) for line in of]
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
                of["position"],
                of["retiredOn"],
                of["programme"]["code"],
                of["quantity"],
                of["quantityInForce"],
                of["registryReference"] or "",
                "; ".join(moved["serials"]["text"] for moved in of["movements"]),
            )
            for of in retirements
        ),
    )


def _written(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    write = row_writer(text)
    write(columns)
    for row in rows:
        write(row)
    return text.getvalue().encode(ENCODING)
