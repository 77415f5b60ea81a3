"""Which tables of an import are under way at a time: two at most, and none beside one whose order with it matters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock

import pytest

from nzc_api.files.table import Table, TablePage, TableRow
from nzc_api.importing.load_profiles import Block, block_of
from nzc_api.importing.metered import Layout, MeterOf
from nzc_api.importing.named import Directory
from nzc_api.importing.sending import (
    AT_A_TIME,
    AlikeRows,
    ResultLine,
    Settled,
    Settling,
    import_file,
)

HEADINGS = ("试点", "计量点", "开始时间", "结束时间", "用量")
COLUMNS = {"pilot": 0, "meter": 1, "used_from": 2, "used_to": 3, "used": 4}
DONE = {"status": "COMMITTED", "position": "1", "replayed": False, "error": None}

# The number of the first row.
FIRST = 2

# A meter, and the hours of a day from which to which something is told of it.
Told = tuple[str, int, int]


def block(*rows: Told) -> Block:
    directory = Directory(None)  # type: ignore[arg-type]
    for meter in "ABC":
        directory.found[MeterOf("P", "code", meter)] = [
            {"id": f"id-{meter}", "code": meter, "meterKind": "INTERVAL", "unit": "kWh", "carrier": "ELECTRICITY"}
        ]  # fmt: skip
    cells = [
        ("P", meter, f"2024-01-01 {start:02}:00", f"2024-01-01 {end:02}:00", "1")
        for meter, start, end in rows
    ]
    page = TablePage(range(2, 2 + len(rows)), [*zip(*cells, strict=True)], COLUMNS)
    found = block_of(page, Layout({}), None, directory)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        # Hour by hour: the other begins when the one is over.
        ([("A", 0, 1), ("B", 0, 1)], [("A", 1, 2), ("B", 1, 2)], True),
        # Cut within an hour.
        ([("A", 0, 1), ("B", 0, 1), ("A", 1, 2)], [("B", 1, 2), ("A", 2, 3)], True),
        # Meter by meter: the one in the middle goes on.
        ([("A", 0, 20), ("B", 0, 10)], [("B", 10, 20), ("C", 0, 20)], True),
        ([("A", 0, 1)], [("A", 0, 1)], False),
        ([("A", 0, 2), ("B", 3, 4)], [("B", 1, 2), ("A", 1, 3)], False),
        # In between: nobody looks row by row.
        ([("A", 0, 1), ("A", 2, 3)], [("A", 1, 2)], False),
    ],
)
def test_which_blocks_are_apart(one: list[Told], other: list[Told], apart: bool) -> None:
    assert block(*one).is_apart_from(block(*other)) is apart
    assert block(*other).is_apart_from(block(*one)) is apart


@dataclass
class Watched:
    """Work that keeps which tables were under way together; of ``alone`` none may be beside another."""

    alone: frozenset[int]
    at_once: int = 1
    columns: Sequence[str] = ()
    under_way: set[int] = field(default_factory=set)
    seen: list[frozenset[int]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
    met: Event = field(default_factory=Event)

    def together(self, page: TablePage) -> Settling:
        return _Settling(self, page)

    def lines(self, _rows: Sequence[TableRow]) -> list[ResultLine]:
        raise AssertionError

    def settle(self, _lines: Sequence[ResultLine]) -> None:
        raise AssertionError


@dataclass
class _Settling:
    work: Watched
    page: TablePage

    @property
    def number(self) -> int:
        return self.page.numbers[0]

    def __call__(self) -> Settled:
        work = self.work
        with work.lock:
            work.under_way.add(self.number)
            work.seen.append(frozenset(work.under_way))
            if len(work.under_way) > 1:
                work.met.set()
        # The first waits for company; one that must have none, long enough for it to come.
        if self.number == FIRST:
            assert work.met.wait(60)
        elif self.number in work.alone:
            Event().wait(0.1)
        with self.work.lock:
            self.work.under_way.remove(self.number)
        return AlikeRows(
            numbers=self.page.numbers,
            rows=self.page.lines or [],
            read_as=["read"],
            key=f"key-{self.number}",
            outcome=DONE,
        )

    def is_apart_from(self, other: Settling) -> bool:
        assert isinstance(other, _Settling)
        return not {self.number, other.number} & self.work.alone


def test_two_are_under_way_where_their_order_is_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("\n".join([",".join(HEADINGS), *(f"P,{n},a,b,1" for n in range(2, 9))]))
    work = Watched(alone=frozenset({5}))
    result = tmp_path / "result.csv"
    _, counts = import_file(
        work,
        Table(path=path, encoding="utf-8", separator=",", heading_row=1, headings=HEADINGS),
        result,
        lambda _: None,
    )
    assert counts == {"COMMITTED": 7}
    assert max(map(len, work.seen)) == AT_A_TIME
    assert all(seen == {5} for seen in work.seen if 5 in seen)
    # Outcomes are in the order of the rows.
    rows = result.read_text("utf-8-sig").splitlines()[1:]
    assert [row.split(",")[:2] for row in rows] == [[str(n), f"key-{n}"] for n in range(2, 9)]
