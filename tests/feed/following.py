"""The follower of `examples/`, and whether what it rebuilt is what the API says."""

import importlib.util
import sys
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from tests.documents import ROOT
from tests.world import Caller

SCRIPT = ROOT / "examples" / "follower.py"
_spec = importlib.util.spec_from_file_location("follower", SCRIPT)
assert _spec is not None
assert _spec.loader is not None
follower: Any = importlib.util.module_from_spec(_spec)
sys.modules["follower"] = follower
_spec.loader.exec_module(follower)

STATED = """query ($id: ID!, $year: Int!, $at: BigInt) { pilot(by: {id: $id}) {
    netEmissions(period: {year: $year}, asOf: $at) { gross { co2e } purchasedReductions { quantity } } } }"""
TILED = """query ($id: ID!, $after: String) { creditBatch(by: {id: $id}) { tiling(first: 100, after: $after) {
    nodes { account { kind } serials { quantity } } pageInfo { hasNextPage endCursor } } } }"""


async def agree(
    caller: Caller, pilots: Iterable[dict[str, Any]], state: Any, position: int
) -> None:
    """What pilots state as of a position is what follows from the state."""
    for pilot in pilots:
        answer = await caller.ask(STATED, id=pilot["id"], year=2022, at=str(position))
        stated = answer["pilot"] and answer["pilot"]["netEmissions"]
        if stated is None:  # It was not there yet.
            continue
        period = pilot["periods"][2022]
        gross = follower.gross_of(state, pilot["id"], period)
        said = stated["gross"]["co2e"]
        assert gross == (None if said is None else int(Decimal(said) * follower.GRAMS)), position
        retired = follower.retired_for(state, pilot["id"], period)
        assert str(retired) == stated["purchasedReductions"]["quantity"], position


async def agree_of_batches(caller: Caller, batches: Iterable[str], state: Any) -> None:
    """Where the serials of batches are now is where they are in the state."""
    for batch in batches:
        shown: Counter[str] = Counter()
        page: dict[str, Any] = {"hasNextPage": True, "endCursor": None}
        while page["hasNextPage"]:
            answer = await caller.ask(TILED, id=batch, after=page["endCursor"])
            tiling = answer["creditBatch"]["tiling"]
            for run in tiling["nodes"]:
                shown[run["account"]["kind"]] += int(run["serials"]["quantity"])
            page = tiling["pageInfo"]
        assert follower.tonnes_in(state, batch) == dict(shown), batch


def contents(state: Any) -> dict[str, list[Any]]:
    """All that a state has."""
    tables = ("reached", "run", "batch", "batch_order", "inventory")
    return {
        name: sorted(state.execute(f"SELECT * FROM {name}").fetchall(), key=str) for name in tables
    }
