"""Sites are compared as they are stated."""

from tests.database.guards.attacks import LOGGED, Attack, Stopped, cases
from tests.database.guards.changes import placed
from tests.database.guards.good_rows import new
from tests.database.guards.postings import posting


def retired_at_p2(lot: str, batch: str, lo: int, hi: int) -> str:
    """A retirement of a whole lot for ``alone``."""
    return posting(at="$p2", moved=[f"0, $holding, $retirement, {batch}, {lo}, {hi}"], spent=[lot],
                   made=[f"0, $retirement, {batch}, {lo}, {hi}"])  # fmt: skip


# What is stated of a site is compared with what was stated before; what was found is recorded first, and resolved once.
SITES = (
    Attack("a site with half a point", "site_coordinates_check", new("site", latitude="NULL")),
    Attack("a site of nobody", "site_is_of_something", new("site", subject_id="$holder")),
    *(Attack(f"a site of one {what}, and no match", "same_site_is_recorded",
             new("site", **{c: f"(SELECT {c} FROM site WHERE subject_id = $lot)" for c in columns}))
      for what, columns in {
          "code": ("code",), "point": ("latitude", "longitude")}.items()),
    Attack("a site of one code, written otherwise, and no match", "same_site_is_recorded",
           new("site", code="(SELECT lower(replace(code, '-', '_')) FROM site WHERE subject_id = $lot)")),
    Attack("a site of one address, and no match", "same_site_is_recorded",
           new("site", subject_id="$inner", position="$p2", code="NULL", latitude="NULL", longitude="NULL",
               district="'天河'"),
           before=f"{LOGGED}; {new('site')}"),
    Attack("a match the other way round", "same_site_order_check",
           new("same_site", subject_id="$project", other_id="$twin")),
    Attack("a match before there was what matches", "same_site_later_check",
           new("same_site", subject_id="$p2")),
    Attack("a match by something else", "same_site_by_check", new("same_site", by="'SMELL'")),
    Attack("what is found of no match", "same_site_is_found_first",
           new("same_site_resolution", other_id="$lot")),
    Attack("what is found of a match at the same position", "same_site_is_found_first",
           new("same_site_resolution", subject_id="$lot", other_id="$twin"),
           before=f"{LOGGED}; {new('same_site')}"),
    Attack("a match of which nothing of the kind can be found", "same_site_resolution_finding_check",
           new("same_site_resolution", finding="'MAYBE'")),
    Attack("a match that was resolved", "same_site_resolution_subject_id_other_id_key",
           new("same_site_resolution", subject_id="$house", other_id="$lot")),
    Attack("a place of no project", "project_placement_project_id_fkey",
           new("project_placement", project_id="$holder")),
    Attack("a project placed in no pilot", "project_placement_pilot_id_fkey",
           new("project_placement", pilot_id="$holder")),
    *(Attack(f"retired for a pilot {what}", "credit_from_outside_boundary",
             retired_at_p2("$rest", "$A", 201, 1001), before=f"{LOGGED}; {fact}")
      for what, fact in {
          "that its project was placed in": new("project_placement", pilot_id="$alone"),
          "around the one that its project was placed in": "; ".join(
              [new("project_placement", pilot_id="$moving"), placed("$moving", "$alone")]),
          "at whose site its project is": new("same_site", subject_id="$project", other_id="$alone"),
      }.items()),
    Attack("retired for a pilot that shares ground with one around that of its project",
           "credit_from_outside_boundary", retired_at_p2("$inner_lot", "$B", 1, 101),
           before=f"{LOGGED}; {new('pilot_overlap', pilot_id='$town')}"),
)  # fmt: skip


@cases(SITES)
async def test_sites(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)
