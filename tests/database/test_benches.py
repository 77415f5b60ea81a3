"""What benches fill by SQL of their own has all that the tables ask for: else they end with an error where a migration
added a column, which nobody sees until somebody measures."""

import re
from pathlib import Path

import nzc_api.app  # noqa: F401  (all rooms)
from nzc_api.database.metadata import metadata

BENCHES = Path(__file__).parents[2] / "bench"
INSERT = re.compile(r"INSERT INTO (\w+) *(?:\(([\w, \n]+)\))?")


def test_what_benches_insert_has_every_column_that_must_be_given() -> None:
    found = [
        insert
        for file in sorted(BENCHES.glob("*.py"))
        for insert in INSERT.findall(file.read_text())
    ]
    assert len(found) > 8
    for name, named in found:
        needed = {
            column.name
            for column in metadata.tables[name].columns
            if not column.nullable and column.server_default is None
        }
        assert needed <= set(re.findall(r"\w+", named)), name
