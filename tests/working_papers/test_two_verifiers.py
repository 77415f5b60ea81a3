"""`nzc verify` and the script that is handed out agree on evidence whose tables and proofs chance has changed, and that
who has the key signs as it then is."""

import json
import random
from collections import Counter

from tests.retirement_certificates.test_two_verifiers import changed
from tests.working_papers.papering import Rows, editing, resealed
from tests.working_papers.test_verifying import both

TABLES = ("statements", "categories", "differences", "changes", "inventories", "lines", "sold", "retirements",
          "movements", "withdrawn", "refusals", "entries")  # fmt: skip
CELLS = ["", " ", "0", "1", "2", "01", "+1", "1_0", "-1", "1.0", "1e3", "NaN", "\uff11", "x"]


def altered(rows: Rows, chance: random.Random) -> Rows:
    """A row is told twice, is gone, or somewhere else; or a cell of it is another, or written otherwise."""
    if not rows:
        return rows
    place, other = chance.randrange(len(rows)), chance.choice(rows)
    row = rows[place]
    column = chance.choice(list(row))
    match chance.randrange(5):
        case 0:
            return [*rows, row]
        case 1:
            return [*rows[:place], *rows[place + 1 :]]
        case 2:
            return chance.sample(rows, len(rows))
        case 3:
            return [*rows, row | {column: other[column]}]
        case _:
            cell = row[column]
            cells = [
                chance.choice(CELLS),
                other[column],
                f"0{cell}",
                f"+{cell}",
                f"{cell}.0",
                f"{cell} ",
            ]
            return [*rows[:place], row | {column: chance.choice(cells)}, *rows[place + 1 :]]


def test_they_agree(good: bytes) -> None:
    chance = random.Random(17)
    found: Counter[bool] = Counter()
    for _ in range(80):

        def change(files: dict[str, bytes]) -> None:
            if chance.random() < 0.2:
                proofs = json.loads(files["proofs.json"])
                changed(proofs, chance)
                files["proofs.json"] = json.dumps(proofs).encode()
            else:
                editing(chance.choice(TABLES), lambda rows: altered(rows, chance))(files)

        content = resealed(good, change)
        told, script = both(content)
        assert (told is None) == (script is None), (told, script)
        found[told is None] += 1
    assert len(found) == 2  # Some of it is what nobody proves.
