"""Measures save what is metered, exclude their own, come forward, and are verified of days since they run."""

import pytest

from tests.database.guards.attacks import BOTH, Attack, LetThrough, Stopped, cases, entries
from tests.database.guards.good_rows import new

# What the log says of the rows of ``GOOD_ROWS``: a measure alone; one that saves and excludes.
SAID = """jsonb_build_object('pilot', $metered, 'technology', 'BUILDING_04', 'catalogue', 'PRODUCT_CERTIFICATION',
    'route', 'EFFICIENCY', 'stage', 'OPERATION', 'capex', '1000.5', 'opex_change', '-2', 'life_years', 10,
    'starts_on', '2024-01-01', 'expected', '7.5', 'savings', {savings}, 'excludes', {excludes})"""
NOTHING = "'[]'::jsonb"
PLANNED = entries(4, kind="MEASURE_PLANNED", body=SAID.format(savings=NOTHING, excludes=NOTHING))
WHOLE = entries(4, kind="MEASURE_PLANNED", body=SAID.format(
    savings="""'[["ELECTRICITY", "9", "kWh", "0.7"]]'::jsonb""", excludes="jsonb_build_array($lamps)"))  # fmt: skip
STOPPED = entries(4, kind="MEASURE_PROGRESS_RECORDED", subject="$lamps",
                  body="""'{"state": "STOPPED", "on": "2024-06-01"}'::jsonb""")  # fmt: skip
VERIFIED = entries(
    4, kind="MEASURE_EFFECT_VERIFIED", subject="$lamps", actor="$verifier, $key",
    body="""'{"method": "IPMVP_C", "baseline": ["2023-01-01", "2023-12-31", "100"], "routine": "-1.5",
              "non_routine": "0", "reporting": ["2024-03-01", "2024-05-31", "20"], "r_squared": "0.9",
              "cv_rmse": "0.1"}'::jsonb""")  # fmt: skip
ANALYSED = entries(4, kind="POTENTIAL_ANALYSED", body="""jsonb_build_object(
    'pilot', $aimed, 'accounting_period', $aimed_2022, 'basis', 'HISTORICAL', 'position', 1, 'year', 2030,
    'growth', '0.03', 'gross', '1000', 'business_as_usual', '1266.5', 'expected', '66.5', 'sinks', '100',
    'remaining', '1100')""")  # fmt: skip

MEASURE, SAVING, EXCLUSION = new("measure"), new("measure_saving"), new("measure_exclusion")

MEASURES = (
    Attack("a measure of no pilot", "measure_pilot_id_fkey", new("measure", pilot_id="$nobody")),
    Attack("an item of no catalogue", "measure_catalogue_check", new("measure", catalogue="NULL")),
    Attack("a catalogue without an item", "measure_catalogue_check",
           new("measure", catalogue_item="NULL")),
    Attack("a route of no guide", "measure_route_check", new("measure", route="'MAGIC'")),
    Attack("a stage of no guide", "measure_stage_check", new("measure", stage="'LATER'")),
    *(Attack(f"{column} {value}", f"measure_{name}_check", new("measure", **{column: value}))
      for name, column, values in (
          ("capex", "capex", ("-1", "1e13", "0.001", "'NaN'")),
          ("opex", "opex_change", ("-1e13", "0.001", "'NaN'")), ("life", "life_years", ("0", "-1", "101")),
          ("expected", "expected", ("0", "-1", "2e9", "0.0000001", "'NaN'")))
      for value in values),
    Attack("a measure that the log does not know", "measure_is_as_logged", MEASURE),
    Attack("a measure that is otherwise than logged", "measure_is_as_logged",
           new("measure", expected="8"), before=PLANNED),
    Attack("a saving that the log does not know", "measure_is_as_logged", f"{MEASURE}; {SAVING}",
           before=PLANNED),
    Attack("an exclusion that the log does not know", "measure_is_as_logged",
           f"{MEASURE}; {EXCLUSION}", before=PLANNED),
    Attack("savings of no measure", "measure_saving_measure_id_fkey",
           new("measure_saving", measure_id="$nobody")),
    *(Attack(f"a saving with {column} {value}", f"measure_saving_{column}_check",
             f"{MEASURE}; {new('measure_saving', **{column: value})}")
      for column, value in (("quantity", "0"), ("quantity", "1e13"), ("quantity", "0.0000001"), ("price", "-1"),
                            ("price", "0.0000001"))),
    Attack("a saving in a carrier that no meter has", "saving_is_metered",
           f"{MEASURE}; {new('measure_saving', carrier=chr(39) + 'STEAM' + chr(39))}"),
    Attack("a saving added later", "measure_is_as_logged",
           new("measure_saving", measure_id="$lamps")),
    Attack("an exclusion by nothing", "measure_exclusion_measure_id_fkey",
           new("measure_exclusion", measure_id="$nobody")),
    Attack("an exclusion of nothing", "measure_exclusion_other_id_fkey",
           f"{MEASURE}; {new('measure_exclusion', other_id='1')}"),
    Attack("a measure that excludes itself", "measure_exclusion_order_check",
           f"{MEASURE}; {new('measure_exclusion', other_id='$p')}"),
    Attack("a measure that excludes another pilot's", "excluded_of_its_pilot",
           f"{MEASURE}; {new('measure_exclusion', other_id='$aside')}"),
)  # fmt: skip

PROGRESS = (
    Attack("progress of nothing", "measure_progress_measure_id_fkey",
           new("measure_progress", measure_id="$nobody")),
    *(Attack(f"a measure that is {state}", "measure_progress_state_check",
             new("measure_progress", state=f"'{state}'"))
      for state in ("PROPOSED", "LOST")),
    *(Attack(f"{state} where it runs", "measure_progress_follows",
             new("measure_progress", state=f"'{state}'"))
      for state in ("CONTRACTED", "BUILT", "RUNNING")),
    Attack("a day before the progress before", "measure_progress_follows",
           new("measure_progress", on_day="'2024-02-29'")),
    Attack("progress that the log does not know", "measure_progress_is_as_logged",
           new("measure_progress")),
    Attack("progress on another day than logged", "measure_progress_is_as_logged",
           new("measure_progress", on_day="'2024-06-02'"), before=STOPPED),
)  # fmt: skip

EFFECTS = (
    Attack("an effect of nothing", "measure_effect_measure_id_fkey",
           new("measure_effect", measure_id="$nobody")),
    Attack("an effect that nobody verified", "measure_effect_verifier_id_fkey",
           new("measure_effect", verifier_id="$nobody")),
    Attack("verified by a feeling", "measure_effect_method_check",
           new("measure_effect", method="'FEELING'", r_squared="NULL", cv_rmse="NULL")),
    Attack("a baseline that is not before", "measure_effect_days_check",
           new("measure_effect", baseline_ends_on="'2024-03-01'")),
    Attack("days out of order", "measure_effect_days_check",
           new("measure_effect", ends_on="'2024-02-01'")),
    *(Attack(f"{column} {value}", f"measure_effect_{name}_check", new("measure_effect", **{column: value}))
      for name, column, value in (
          ("co2e", "baseline_co2e", "-1"), ("co2e", "co2e", "2e9"), ("adjustments", "routine", "'NaN'"),
          ("adjustments", "non_routine", "-2e9"), ("regression", "r_squared", "NULL"),
          ("regression", "cv_rmse", "NULL"), ("regression", "r_squared", "1.1"), ("regression", "cv_rmse", "-1"))),
    Attack("a regression of no facility", "measure_effect_regression_check",
           new("measure_effect", method="'IPMVP_B'")),
    Attack("an effect of days before it runs", "effect_after_running",
           new("measure_effect", starts_on="'2024-02-29'")),
    Attack("an effect of what never ran", "effect_after_running",
           new("measure_effect", measure_id="$pumps")),
    Attack("an effect that the log does not know", "effect_is_as_logged", new("measure_effect")),
    Attack("an effect that is otherwise than logged", "effect_is_as_logged",
           new("measure_effect", co2e="10"), before=VERIFIED),
    Attack("an effect in another's name", "effect_is_as_logged",
           new("measure_effect", verifier_id="$operator"), before=VERIFIED),
)  # fmt: skip

ANALYSES = (
    Attack("an analysis of another pilot's period", "potential_analysis_pilot_id_period_id_fkey",
           new("potential_analysis", pilot_id="$alone")),
    *(Attack(f"an analysis with {column} {value}", f"potential_analysis_{name}_check",
             new("potential_analysis", **{column: value}))
      for name, column, value in (
          ("basis", "basis", "'HOPED'"), ("position", "position", "$p"), ("growth", "growth", "-1"),
          ("growth", "growth", "1.1"), ("growth", "growth", "0.0000001"), ("paragraphs", "paragraphs", "'{}'"),
          ("remaining", "remaining", "1"))),
    Attack("an analysis of the past", "potential_lies_ahead", new("potential_analysis", year="2021")),
    Attack("an analysis that the log does not know", "potential_is_as_logged",
           new("potential_analysis")),
    Attack("an analysis that is otherwise than logged", "potential_is_as_logged",
           new("potential_analysis", gross="1001"), before=ANALYSED),
)  # fmt: skip


@cases((*MEASURES, *PROGRESS, *EFFECTS, *ANALYSES))
async def test_measures(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


GOOD = {
    "a measure planned": ([MEASURE], PLANNED),
    "one that saves and excludes": ([MEASURE, SAVING, EXCLUSION], WHOLE),
    "a measure stopped": ([new("measure_progress")], STOPPED),
    "an effect verified": ([new("measure_effect")], VERIFIED),
    "a potential analysed": ([new("potential_analysis")], ANALYSED),
}


@pytest.mark.parametrize("who", BOTH)
@pytest.mark.parametrize("what", GOOD)
async def test_what_is_in_order_is_let_through(
    let_through: LetThrough, what: str, who: str
) -> None:
    statements, said = GOOD[what]
    await let_through(who, statements, said)
