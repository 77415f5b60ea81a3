"""A reconciliation is what its entry says, and its report has the hash that it names."""

import pytest

from tests.database.guards.attacks import BOTH, Attack, LetThrough, Stopped, cases, entries
from tests.database.guards.good_rows import new

RECONCILED = entries(4, kind="REGISTRY_LIST_RECONCILED", body="""jsonb_build_object(
    'programme', 'CCER', 'position', 1, 'list', repeat('a', 64), 'size', 10,
    'report', encode(sha256('outcome'), 'hex'), 'outcomes', '{"MATCHED": [1, 10]}'::jsonb)""")  # fmt: skip

ATTACKS = (
    Attack("as of a position that is not before it", "reconciliation_position_check",
           new("reconciliation", position="$p")),
    Attack("a hash that is none", "reconciliation_list_check", new("reconciliation", list_sha256="'A'")),
    *(Attack(f"a list of {size} bytes", "reconciliation_size_check", new("reconciliation", list_size=size))
      for size in ("0", "8388609")),
    Attack("a report of another hash", "reconciliation_report_check", new("reconciliation", report="'other'")),
    Attack("a report that is too large", "reconciliation_report_check", new(
        "reconciliation", report="convert_to(repeat('a', 8388609), 'UTF8')",
        report_sha256="encode(sha256(convert_to(repeat('a', 8388609), 'UTF8')), 'hex')")),
    Attack("one that the log does not know", "reconciliation_is_as_logged", new("reconciliation")),
    Attack("one of other sums than logged", "reconciliation_is_as_logged",
           new("reconciliation", outcomes="""'{"MATCHED": [1, 11]}'"""), before=RECONCILED),
)  # fmt: skip


@cases(ATTACKS)
async def test_reconciliations(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


@pytest.mark.parametrize("who", BOTH)
async def test_what_is_in_order_is_let_through(let_through: LetThrough, who: str) -> None:
    await let_through(who, [new("reconciliation")], RECONCILED)
