"""Energy baselines rest on more steps than they have numbers, and are as the log says."""

import pytest

from tests.database.guards.attacks import BOTH, Attack, LetThrough, Stopped, cases, entries
from tests.database.guards.good_rows import new

# What the log says of the rows of ``GOOD_ROWS``.
RECORDED = entries(4, kind="ENERGY_BASELINE_RECORDED", body="""jsonb_build_object(
    'pilot', $metered, 'carrier', 'ELECTRICITY', 'unit', 'kWh', 'step', 'MONTH', 'starts_on', '2022-01-01',
    'ends_on', '2022-06-30', 'position', $head, 'points', 6, 'intercept', '1000', 'r_squared', '1', 'cv_rmse', '0',
    'variables', '[["COOLING_DEGREE_DAYS", null, "2", "0", "250"]]'::jsonb)""")  # fmt: skip

BASELINE, VARIABLE = new("energy_baseline"), new("energy_baseline_variable")


def whole(**changes: str) -> str:
    return f"{new('energy_baseline', **changes)}; {VARIABLE}"


def varying(**changes: str) -> str:
    return f"{BASELINE}; {new('energy_baseline_variable', **changes)}"


BASELINES = (
    Attack("a baseline of no pilot", "energy_baseline_pilot_id_fkey", whole(pilot_id="$nobody")),
    *(Attack(f"a baseline with {column} {value}", f"energy_baseline_{name}_check", whole(**{column: value}))
      for name, column, value in (
          ("step", "step", "'HOUR'"), ("order", "ends_on", "'2021-12-31'"), ("position", "position", "$p"),
          ("intercept", "intercept", "'NaN'"), ("intercept", "intercept", "'Infinity'"),
          ("r_squared", "r_squared", "1.1"), ("r_squared", "r_squared", "-0.1"), ("cv_rmse", "cv_rmse", "-1"),
          ("cv_rmse", "cv_rmse", "'NaN'"))),
    Attack("a baseline twice at a position", "energy_baseline_pkey", f"{BASELINE}; {BASELINE}"),
    Attack("variables of no baseline", "energy_baseline_variable_baseline_id_fkey",
           new("energy_baseline_variable", baseline_id="$nobody")),
    *(Attack(f"a variable with {column} {value}", f"energy_baseline_variable_{name}_check",
             varying(**{column: value}))
      for name, column, value in (
          ("product", "product", "'t'"), ("product", "kind", "'PRODUCT'"), ("slope", "slope", "'NaN'"),
          ("range", "least", "-1"), ("range", "most", "0"), ("range", "most", "'Infinity'"))),
    Attack("a variable twice", "energy_baseline_variable_pkey", f"{BASELINE}; {VARIABLE}; {VARIABLE}"),
    Attack("a baseline of as many steps as numbers", "energy_baseline_has_points", whole(points="2")),
    Attack("a baseline that the log does not know", "energy_baseline_is_as_logged", whole()),
    Attack("a baseline that is otherwise than logged", "energy_baseline_is_as_logged",
           whole(r_squared="0.9"), before=RECORDED),
    Attack("a slope that is otherwise than logged", "energy_baseline_is_as_logged", varying(slope="3"),
           before=RECORDED),
    Attack("a variable added later", "change_is_logged",
           new("energy_baseline_variable", baseline_id="$explained", number="1")),
)  # fmt: skip


@cases(BASELINES)
async def test_baselines(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


@pytest.mark.parametrize("who", BOTH)
async def test_what_is_in_order_is_let_through(let_through: LetThrough, who: str) -> None:
    await let_through(who, [whole()], RECORDED)
