"""Commands on tiny ranges, so that they collide all the time."""

from hypothesis import strategies as st

from tests.ledger.reference import (
    Command,
    Issue,
    Project,
    RetireAmount,
    RetireRange,
    Transfer,
)

# The building lies in the town; one project lies in the building, one in the town.
PILOTS = {"town": None, "building": "town", "far": None}
PROJECTS = {
    "outside": Project("outside"),
    "in-town": Project("in-town", ("town",)),
    "in-building": Project("in-building", ("building", "town")),
}
HOLDERS = ("ann", "bo")
PREFIXES = ("X", "Y")
VINTAGES = (2021, 2022)
MOST = 8

numbers = st.integers(1, MOST)
prefixes = st.sampled_from(PREFIXES)
holders = st.sampled_from(HOLDERS)
pilots = st.sampled_from(sorted(PILOTS))
projects = st.sampled_from(sorted(PROJECTS))


@st.composite
def issues(draw: st.DrawFn) -> Issue:
    first, last = draw(numbers), draw(numbers)
    off = draw(st.sampled_from((0, 0, 0, 1)))
    return Issue(
        draw(prefixes), first, last, last - first + 1 + off, draw(projects),
        draw(st.sampled_from(VINTAGES)), draw(holders),
    )  # fmt: skip


retirements = st.builds(
    RetireRange,
    prefixes,
    numbers,
    numbers,
    st.none() | holders,
    st.none() | st.integers(1, 3),
    pilots,
)

commands: st.SearchStrategy[Command] = st.one_of(
    issues(),
    issues(),
    st.builds(Transfer, prefixes, numbers, numbers, holders, holders),
    retirements,
    retirements,
    st.builds(RetireAmount, st.integers(0, MOST), holders, st.none() | projects, pilots),
)

histories = st.lists(commands, min_size=1, max_size=25)
