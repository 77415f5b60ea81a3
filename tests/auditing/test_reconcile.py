"""Reconciling two lists: pure, over intervals; and reading the registry's."""

import codecs
import io
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.files import vocabulary
from nzc_api.ledger.reconciling import reconcile
from nzc_api.ledger.reconciling.reconcile import (
    NOBODY,
    Compared,
    Difference,
    ListedUnit,
    Names,
    Ours,
    Reconciler,
    Status,
    match_tonnes,
)
from nzc_api.ledger.reconciling.reconcile import (
    ReconciliationOutcome as Outcome,
)
from nzc_api.ledger.reconciling.reconcile_file import (
    REPORT,
    ListedCertificate,
    ReportWriter,
    UnreadableLine,
    UnreadableList,
    read_list,
)
from nzc_api.refusal import LocalizedText

SPACES = [("R", "A"), ("R", "B"), ("R", "C")]
LAST = 12

statuses = st.sampled_from(list(Status))
names = st.sampled_from([None, "甲", "Beta"])


@st.composite
def listed(draw: st.DrawFn) -> ListedUnit:
    lo = draw(st.integers(0, LAST - 1))
    hi = draw(st.integers(lo + 1, LAST))
    return ListedUnit(
        space=draw(st.sampled_from(SPACES)),
        lo=lo,
        hi=hi,
        status=draw(statuses),
        holder=draw(names),
        line=draw(st.integers(2, 9)),
    )


@st.composite
def ledgers(draw: st.DrawFn) -> list[Ours]:
    """Lots in order, without overlap, with gaps."""
    lots = []
    for space in SPACES:
        cuts = sorted(draw(st.sets(st.integers(0, LAST), max_size=6)))
        for lo, hi in pairwise(cuts):
            if draw(st.booleans()):
                held = Names(tuple(n for n in (draw(names),) if n))
                status = draw(statuses.filter(lambda s: s is not Status.ISSUED))
                lots.append(Ours(space=space, lo=lo, hi=hi, status=status, holder=held))
    return lots


def compare(
    units: list[ListedUnit], lots: list[Ours], certificates: list[ListedUnit] | None = None
) -> list[Compared]:
    reconciler = Reconciler(units, certificates or [])
    found = [compared for lot in lots for compared in reconciler.feed(lot)]
    return found + list(reconciler.finish())


def by_serial(
    units: list[ListedUnit], lots: list[Ours], space: tuple[str, str], serial: int
) -> Outcome | None:
    """What should be said of one serial, looked at by itself."""
    lines = [u for u in units if u.space == space and u.lo <= serial < u.hi]
    ours = next((o for o in lots if o.space == space and o.lo <= serial < o.hi), None)
    if not lines:
        return None if ours is None else Outcome.MISSING_THERE
    if ours is None:
        return Outcome.MISSING_HERE
    said = [u for u in lines if u.status is not Status.ISSUED] or lines[:1]
    first = min(said, key=lambda u: (u.lo, u.line))
    if len(said) > 1:
        return Outcome.DIFFERENT
    agreed = first.status in (Status.ISSUED, ours.status)
    agreed &= first.holder is None or first.holder in ours.holder.names
    return Outcome.MATCHED if agreed else Outcome.DIFFERENT


@given(st.lists(listed(), max_size=8), ledgers())
def test_every_serial_gets_its_outcome_once(units: list[ListedUnit], lots: list[Ours]) -> None:
    # Of lines that only say that a unit is issued, and with different holders, any may be shown.
    units = [u for u in units if u.status is not Status.ISSUED or u.holder is None]
    found = compare(units, lots)
    said: dict[tuple[tuple[str, str], int], Outcome] = {}
    for item in found:
        for serial in range(item.lo, item.hi):
            assert (item.space, serial) not in said, "twice"
            said[item.space, serial] = item.outcome
            assert (item.listed is None) == (item.outcome is Outcome.MISSING_THERE)
            assert (item.ours is None) == (item.outcome is Outcome.MISSING_HERE)
            assert bool(item.differences) == (item.outcome is Outcome.DIFFERENT)
    expected = {
        (space, serial): outcome
        for space in SPACES
        for serial in range(LAST)
        if (outcome := by_serial(units, lots, space, serial)) is not None
    }
    assert said == expected
    assert [(i.space, i.lo) for i in found] == sorted((i.space, i.lo) for i in found)


def test_what_is_adjacent_and_alike_is_one_row() -> None:
    unit = ListedUnit(space=("R", "A"), lo=0, hi=100, status=Status.HELD)
    lots = [Ours(space=("R", "A"), lo=n, hi=n + 1, status=Status.HELD) for n in range(100)]
    assert [(c.outcome, c.lo, c.hi) for c in compare([unit], lots)] == [(Outcome.MATCHED, 0, 100)]


def test_names_are_the_same_whatever_their_width_case_and_spaces() -> None:
    lot = Ours(
        space=("R", "A"), lo=0, hi=1, status=Status.HELD, holder=Names(("广州甲 公司", "Alpha Ltd"))
    )
    for name in ("广州甲公司", "ＡＬＰＨＡ ＬＴＤ", "alpha  ltd"):
        unit = ListedUnit(space=("R", "A"), lo=0, hi=1, status=Status.HELD, holder=name)
        assert compare([unit], [lot])[0].outcome is Outcome.MATCHED
    unit = ListedUnit(space=("R", "A"), lo=0, hi=1, status=Status.HELD, holder="Beta")
    assert compare([unit], [lot])[0].differences == (Difference.HOLDER,)


def tonnes(found: list[Compared]) -> Counter[Outcome]:
    counts: Counter[Outcome] = Counter()
    for item in found:
        counts[item.outcome] += item.tonnes
    return counts


def test_tonnes_of_a_certificate_have_no_serials() -> None:
    """Which serials we made up for a certificate's tonnes is nobody's business."""
    space = ("R-CERTIFICATE", "C-1")
    lots = [
        Ours(space=space, lo=1, hi=301, status=Status.CANCELLED, by_certificate=True),
        Ours(
            space=space,
            lo=301,
            hi=1001,
            status=Status.HELD,
            holder=Names(("甲",)),
            by_certificate=True,
        ),
    ]

    def lines(*said: tuple[Status, int, str | None]) -> list[ListedUnit]:
        return [
            ListedUnit(space=space, lo=1, hi=1 + n, status=status, holder=holder)
            for status, n, holder in said
        ]

    same = lines(
        (Status.ISSUED, 1000, None), (Status.HELD, 700, "甲"), (Status.CANCELLED, 300, None)
    )
    assert tonnes(compare([], lots, same)) == {Outcome.MATCHED: 1000}
    total = lines((Status.ISSUED, 1000, None))
    assert tonnes(compare([], lots, total)) == {Outcome.MATCHED: 1000}
    more = lines((Status.HELD, 600, None), (Status.CANCELLED, 500, None))
    assert tonnes(compare([], lots, more)) == {
        Outcome.MATCHED: 900, Outcome.DIFFERENT: 100, Outcome.MISSING_HERE: 100,
    }  # fmt: skip
    assert tonnes(compare([], lots, [])) == {Outcome.MISSING_THERE: 1000}
    assert tonnes(compare([], [], more)) == {Outcome.MISSING_HERE: 1100}


CERTIFICATE = ("R-CERTIFICATE", "C-1")
holders = st.sampled_from([NOBODY, Names(("甲", "Alpha")), Names(("Beta",)), Names(("甲", "甲 "))])
lots_of_one = st.builds(
    lambda tonnes, status, holder, pilot: Ours(
        space=CERTIFICATE,
        lo=1,
        hi=1 + tonnes,
        status=status,
        holder=holder,
        pilot=pilot,
        by_certificate=True,
    ),
    st.integers(1, 5),
    statuses.filter(lambda status: status is not Status.ISSUED),
    holders,
    holders,
)
lines_of_one = st.builds(
    lambda tonnes, *said: ListedUnit(CERTIFICATE, 1, 1 + tonnes, *said),
    st.integers(1, 5), statuses, names, names,
)  # fmt: skip


def agree(line: ListedUnit, lot: Ours) -> bool:
    return (
        line.status in (Status.ISSUED, lot.status)
        and (line.holder is None or lot.holder.includes(line.holder))
        and (line.pilot is None or lot.pilot.includes(line.pilot))
    )


def in_turn(lines: list[ListedUnit]) -> list[ListedUnit]:
    """What is said in particular, then what totals leave of it; of each, what says more first."""
    particular = [line for line in lines if line.status is not Status.ISSUED]
    said = sum(line.tonnes for line in particular)
    rests = []
    for total in (line for line in lines if line.status is Status.ISSUED):
        if total.tonnes > said:
            rests.append(replace(total, hi=total.hi - said))
        said = max(said - total.tonnes, 0)
    unsaid = lambda line: (line.holder, line.pilot).count(None)  # noqa: E731
    return [*sorted(particular, key=unsaid), *sorted(rests, key=unsaid)]


@given(st.lists(lines_of_one, max_size=6), st.lists(lots_of_one, min_size=1, max_size=6))
def test_tonnes_are_paired_with_the_first_that_agree(
    lines: list[ListedUnit], lots: list[Ours]
) -> None:
    """As when each line looks at each lot in turn."""
    found = list(match_tonnes(lines, lots))
    matched = [row for row in found if row.outcome is Outcome.MATCHED]
    free, expected = [lot.tonnes for lot in lots], []
    for line in in_turn(lines):
        left = line.tonnes
        for index, lot in enumerate(lots):
            paired = min(left, free[index]) if agree(line, lot) else 0
            left, free[index] = left - paired, free[index] - paired
            if paired:
                expected.append((line, lot, paired))
    assert [(row.listed, row.ours, row.tonnes) for row in matched] == expected
    assert sum(row.tonnes for row in found if row.ours is not None) == sum(
        lot.tonnes for lot in lots
    )


def test_a_long_certificate_takes_no_longer_than_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each lot is looked at once, not by each line."""
    looked = Counter[str]()
    fold = vocabulary.folded

    def folded(name: str) -> str:
        looked["at a name"] += 1
        return fold(name)

    monkeypatch.setattr(reconcile, "folded", folded)
    many = range(500)
    lots = [
        Ours(
            space=CERTIFICATE,
            lo=1,
            hi=2,
            status=Status.HELD,
            holder=Names((f"H{n}",)),
            by_certificate=True,
        )
        for n in many
    ]
    lines = [
        ListedUnit(space=CERTIFICATE, lo=1, hi=2, status=Status.HELD, holder=f"H{n}")
        for n in reversed(many)
    ]
    assert tonnes(list(match_tonnes(lines, lots))) == {Outcome.MATCHED: len(many)}
    assert looked["at a name"] <= 4 * len(many)


# The registry's file.

ROWS = [
    ["GD-A-1 to 100", "", "100", "持有", "广州某公司", ""],
    ["GD-A-101 to 150", "", "", "已注销", "", "P-1"],
    ["", "C-7", "1,000", "签发", "", ""],
    ["GD-A-151", "", "1", "ISSUED", "", ""],
]
CHINESE = ["序列号", "证书编号", "数量", "状态", "持有者", "试点"]
ENGLISH = ["Serial block", "certificate", "Quantity", "STATUS", "holder", "Pilot"]


def write(folder: Path, text: str, encoding: str, bom: bool) -> Path:
    path = folder / "units.csv"
    mark = "\N{BYTE ORDER MARK}".encode(encoding) if bom else b""
    path.write_bytes(mark + text.encode(encoding))
    return path


@pytest.mark.parametrize("bom", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("headings", [CHINESE, ENGLISH])
@pytest.mark.parametrize(("delimiter", "newline"), [(",", "\r\n"), ("\t", "\n"), (";", "\n")])
def test_a_list_in_any_dress(
    tmp_path: Path, bom: bool, encoding: str, headings: list[str], delimiter: str, newline: str
) -> None:
    quoted = [
        [f'"{cell}"' if delimiter in cell else cell for cell in row] for row in [headings, *ROWS]
    ]
    text = newline.join(map(delimiter.join, quoted)) + newline * 2
    found = list(read_list(write(tmp_path, text, encoding, bom), "CCER"))
    assert found == [
        ListedUnit(
            space=("CCER", "GD-A"),
            lo=1,
            hi=101,
            status=Status.HELD,
            holder="广州某公司",
            pilot=None,
            line=2,
        ),
        ListedUnit(
            space=("CCER", "GD-A"),
            lo=101,
            hi=151,
            status=Status.CANCELLED,
            holder=None,
            pilot="P-1",
            line=3,
        ),
        ListedCertificate(
            ListedUnit(
                space=("CCER-CERTIFICATE", "C-7"), lo=1, hi=1001, status=Status.ISSUED, line=4
            )
        ),
        ListedUnit(space=("CCER", "GD-A"), lo=151, hi=152, status=Status.ISSUED, line=5),
    ]


@pytest.mark.parametrize(
    "row",
    [
        "rubbish,held,", ",held,", "GD-A-9 to 1,held,", "GD-A-1 to 9,lost,", "GD-A-1 to 9,,",
        "GD-A-1 to 9,held,8", "GD-A-1 to 9,held,nine", "GD-A-1 to 9999999999999999999,held,",
    ],
)  # fmt: skip
def test_a_line_that_says_nothing_is_told(tmp_path: Path, row: str) -> None:
    path = write(tmp_path, f"serials,status,quantity\n{row}\n", "utf-8", bom=False)
    (found,) = read_list(path, "CCER")
    assert isinstance(found, UnreadableLine)
    assert found.line == 2
    assert found.why.zh
    assert found.why.en


def one(tmp_path: Path, row: str, headings: str = "serials,status,quantity") -> list[object]:
    return list(read_list(write(tmp_path, f"{headings}\n{row}\n", "utf-8", bom=False), "CCER"))


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("冻结", Status.HELD), ("可交易", Status.HELD), ("自愿注销", Status.CANCELLED),
        ("履约注销", Status.CANCELLED), ("已核销", Status.CANCELLED), ("Retired", Status.CANCELLED),
        ("已作废", Status.INVALIDATED), ("已签发", Status.ISSUED),
    ],
)  # fmt: skip
def test_what_registries_say_of_units(tmp_path: Path, word: str, status: Status) -> None:
    assert one(tmp_path, f"GD-A-1 to 9,{word},9") == [
        ListedUnit(space=("CCER", "GD-A"), lo=1, hi=10, status=status, line=2)
    ]


def test_an_unknown_status_is_told_with_those_that_are_known(tmp_path: Path) -> None:
    (found,) = one(tmp_path, "GD-A-1 to 9,遗失,9")
    assert isinstance(found, UnreadableLine)
    for told in (found.why.zh, found.why.en):
        assert all(word in told for word in ("遗失", "冻结", "可交易", "已核销", "revoked"))


def test_a_block_with_hyphens_is_never_one_serial(tmp_path: Path) -> None:
    (block,) = one(tmp_path, "GD-WIND-2023-301-400,held,100")
    assert block == ListedUnit(
        space=("CCER", "GD-WIND-2023"), lo=301, hi=401, status=Status.HELD, line=2
    )
    (found,) = one(tmp_path, "GD-WIND-2023-301-400,held,")
    assert isinstance(found, UnreadableLine)
    assert "GD-WIND-2023-301 to 400" in found.why.en
    assert "GD-WIND-2023-301-400 to 400" in found.why.en


def test_a_line_with_a_list_of_blocks(tmp_path: Path) -> None:
    assert one(tmp_path, '"GD-A-1至9、21至30",可交易,"19"') == [
        ListedUnit(space=("CCER", "GD-A"), lo=1, hi=10, status=Status.HELD, line=2),
        ListedUnit(space=("CCER", "GD-A"), lo=21, hi=31, status=Status.HELD, line=2),
    ]


def test_first_and_last_serials_in_columns(tmp_path: Path) -> None:
    headings = "项目名称,起始序列号,终止序列号,状态,减排量（吨）"
    assert one(tmp_path, "风电,CR0000000001,CR0000000500,可交易,500.00", headings) == [
        ListedUnit(space=("CCER", "CR"), lo=1, hi=501, status=Status.HELD, line=2)
    ]
    headings = "前缀,起号,止号,状态"
    assert one(tmp_path, "GD-A,１,5.0,冻结", headings) == [
        ListedUnit(space=("CCER", "GD-A"), lo=1, hi=6, status=Status.HELD, line=2)
    ]


def test_a_prefix_beside_whole_serials_is_said_twice(tmp_path: Path) -> None:
    assert one(tmp_path, "GD-A-1 to 9,GD-A,冻结", "序列号,前缀,状态") == [
        ListedUnit(space=("CCER", "GD-A"), lo=1, hi=10, status=Status.HELD, line=2)
    ]


def test_a_serial_that_a_spreadsheet_made_a_number_is_refused_by_name(tmp_path: Path) -> None:
    (found,) = one(tmp_path, "1.23E+18,held,")
    assert isinstance(found, UnreadableLine)
    assert "1.23E+18" in found.why.en
    assert "lost" in found.why.en
    assert "丢失了数字" in found.why.zh


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n", b"serials,holder\nGD-A-1,x\n", b"status\nheld\n", b"\xff\xfe\x00",
        b'serials,status\n"GD-A-1,held\n', codecs.BOM_UTF8,
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableList):
        list(read_list(path, "CCER"))


def test_a_report_holds_no_formula() -> None:
    file = io.StringIO()
    write_row = ReportWriter(file)
    why = LocalizedText("为何", "why")
    write_row(UnreadableLine(7, "=1+1", why))
    unit = ListedUnit(space=("R", "A"), lo=0, hi=5, status=Status.HELD, holder="@evil", line=3)
    write_row(compare([unit], [])[0])
    assert write_row.sums == {
        Outcome.UNREADABLE: (1, 0),
        Outcome.MISSING_HERE: (1, 5),
    }
    assert file.getvalue().splitlines() == [
        ",".join(REPORT),
        "UNREADABLE,'=1+1,,7,,,,,,,为何,why",
        "MISSING_HERE,A-0 to 4,5,3,HELD,'@evil,,,,,,",
    ]
