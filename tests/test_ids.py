"""Ids of different things are different types: each mistake here must be one to the type checker.

A mistake that it took for right would be an ignored error that is none, which it reports too.
"""

import ast
import re
from collections.abc import Iterator
from datetime import date

from nzc_api.ids import BatchId, MeterId, OrganisationId, PeriodId, PilotId
from nzc_api.ledger.commands import EnrolProject
from nzc_api.ledger.model import AccountKey, AccountKind
from nzc_api.ledger.posting.verbs.retiring import RetireSerials
from nzc_api.ledger.serials import SerialRange
from nzc_api.metering.model import PlaceMeter
from nzc_api.pilots.model import AccountingPeriod, DateSpan, PlacePilot, RegisterAccountingPeriod
from tests.sources import PRODUCT, tree_of

# What a position or a thing that has a type of its own is called, singly or several. (`id`, `ids` and `subject_id` are
# of whatever has them; a posting is of whichever verb.)
THINGS = (
    "account|api_key|application|appointment|batch|document|endpoint|evaluation|financing|finding|holder|inside|"
    "inventory|key|line|measure|meter|operator|organisation|panel|parent|period|pilot|plan|post|project|proposal|request|"
    "target"
)
TYPED = re.compile(rf"positions?|as_ofs?|\w+_positions?|({THINGS})_ids?")

# A position that somebody asks for: it becomes one where the log is found to have it (`log/asked.py`).
ASKED = {
    ("nzc_api/evaluation/model.py", "as_of"),
    ("nzc_api/log/asked.py", "position"),
    ("nzc_api/measures/model.py", "as_of"),
    ("nzc_api/monitoring/baseline.py", "as_of"),
    ("nzc_api/packs/pack.py", "position"),
    ("nzc_api/targets/model.py", "as_of"),
}

# The number in an id of whatever thing; how many positions; a column of a table; a list of whatever rests on a period;
# what is found by the findings of evaluations.
OTHERS = {
    ("nzc_api/evaluation/service.py", "evaluation_ids"),
    ("nzc_api/ledger/auditing/audit.py", "positions"),
    ("nzc_api/ledger/projects/project_store.py", "project_id"),
    ("nzc_api/log/ids.py", "position"),
    ("nzc_api/pilots/errors.py", "inventory_ids"),
    ("nzc_api/pilots/errors.py", "target_ids"),
    ("nzc_api/refusal.py", "position"),
    ("nzc_api/refusal.py", "positions"),
}

# What speaks of ids as they are shown.
ABOVE = ("nzc_api/schema/", "nzc_api/transport/", "nzc_api/observing/")

YEAR = DateSpan(date(2024, 1, 1), date(2024, 12, 31))

SERIALS = SerialRange("CCER", "A", 1, 9)

PILOT, PERIOD, METER = PilotId(1), PeriodId(2), MeterId(3)


def test_a_thing_is_not_taken_for_another() -> None:
    PlacePilot(PILOT, PERIOD)  # type: ignore[arg-type]
    PlaceMeter(PILOT, METER)  # type: ignore[arg-type]
    RegisterAccountingPeriod(OrganisationId(4), YEAR)  # type: ignore[arg-type]
    AccountingPeriod(PILOT, PILOT, YEAR)  # type: ignore[arg-type]


def test_credits_are_not_retired_for_another_thing() -> None:
    AccountKey(AccountKind.RETIREMENT, pilot_id=PERIOD, period_id=PILOT)  # type: ignore[arg-type]
    AccountKey(AccountKind.HOLDING, "CCER", PILOT)  # type: ignore[arg-type]
    RetireSerials(
        serials=SERIALS,
        programme="CCER",
        holder_id=None,
        quantity=None,
        pilot_id=PERIOD,  # type: ignore[arg-type]
        period_id=PILOT,  # type: ignore[arg-type]
        retired_on=YEAR.ends_on,
        reference=None,
    )
    EnrolProject(
        project_id=BatchId(5),  # type: ignore[arg-type]
        programme="CCER",
        rule="CCER_2023",
        number="J",
        registered_on=YEAR.starts_on,
    )


def test_a_number_is_not_taken_for_a_thing() -> None:
    PlacePilot(1, None)  # type: ignore[arg-type]


def test_an_id_costs_nothing() -> None:
    assert type(PilotId(1)) is int


def annotated(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """The parameters, fields and results of a module, and what each is said to be."""
    for node in ast.walk(tree):
        match node:
            case ast.arg(arg=name, annotation=ast.expr() as said):
                yield name, said
            case (
                ast.FunctionDef(name=name, returns=ast.expr() as said)
                | ast.AsyncFunctionDef(name=name, returns=ast.expr() as said)
            ):
                yield name, said
            case ast.AnnAssign(
                target=ast.Name(id=name) | ast.Attribute(attr=name), annotation=said
            ):
                yield name, said


def mere_numbers(tree: ast.Module) -> Iterator[str]:
    """What has the name of a position or of a thing, and is said to be a number, or several."""
    for name, said in annotated(tree):
        if TYPED.fullmatch(name) and "int" in set(re.findall(r"\w+", ast.unparse(said))):
            yield name


def test_positions_and_things_are_no_mere_numbers_below_the_schema() -> None:
    found = {
        (file, name)
        for file in PRODUCT
        if not file.startswith(ABOVE)
        for name in mere_numbers(tree_of(file))
    }
    assert found == ASKED | OTHERS


def test_a_mere_number_is_found() -> None:
    source = (
        "def f(as_of: int, pilot_id: PilotId, *, batch_ids: Sequence[int] = ()) -> int: pass\n"
        "class A:\n    meter_id: int | None\n    position: Position\n    size: int\n"
        "    def position(self) -> int:\n        self.plan_id: int = 1\n"
    )
    found = sorted(mere_numbers(ast.parse(source)))
    assert found == ["as_of", "batch_ids", "meter_id", "plan_id", "position"]
