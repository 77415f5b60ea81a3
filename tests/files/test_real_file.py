"""A real registry's file: the Climate Action Reserve's retirements to 2021, as it exports them."""

import csv
from pathlib import Path

import pytest

from nzc_api.files.table import open_table
from nzc_api.ledger.row_serials import check_tonnes, serials_of
from tests.examples import shared

NEEDED = (("serials",), ("quantity",))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
@pytest.mark.parametrize("separator", [",", "；"])
def test_every_row_is_read(tmp_path: Path, encoding: str, separator: str) -> None:
    with shared("data/car_retirements.csv").open(encoding="utf-8", newline="") as file:
        records = list(csv.reader(file))
    path = tmp_path / "retirements.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows([["Retired Offset Credits"], [], *records])
    tonnes, number = 0, 0
    for number, row in enumerate(open_table(path, NEEDED).rows(), start=1):  # noqa: B007
        found = serials_of(row.cells, "CAR")
        check_tonnes(found, row.cells)
        assert [str(block.range) for block in found] == [row.cells["serials"]]
        assert list(row.given) == [cell.strip() for cell in records[row.number - 3]]
        tonnes += sum(block.range.quantity for block in found)
    assert (number, tonnes) == (5351, 49_547_885)
