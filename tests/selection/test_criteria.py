"""Which criteria are met: as the tables of the guide's section 二 have it, and the same in SQL."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import PilotVariant
from nzc_api.schema.guide.types import MOST_CRITERIA, MOST_JUDGED
from nzc_api.schema.selection.errors import MOST_ACCEPTED
from nzc_api.selection.criteria import criteria_of, judged_of, standings
from nzc_api.selection.model import Verdict

MET, NOT_MET, NOT_SHOWN = Verdict
TOWN, ENTERPRISE, BUILDING = (
    PilotVariant.TOWN,
    PilotVariant.ENTERPRISE,
    PilotVariant.BUILDING_NEW,
)

# 城镇：一、新建开发区；二、所列试点范围之内（有其一即可）；三、四项同时具备。
FOUND: dict[str, tuple[PilotVariant, dict[str, Verdict], list[str]]] = {
    "什么都没有评判": (TOWN, {}, []),
    "新建开发区": (TOWN, {"TOWN-1": MET}, ["TOWN-1"]),
    "在一个所列试点范围内": (TOWN, {"TOWN-2.a": NOT_MET, "TOWN-2.c": MET}, ["TOWN-2"]),
    "在另一个相关低碳试点范围内": (TOWN, {"TOWN-2": MET}, ["TOWN-2"]),
    "未证明在任一试点范围内": (TOWN, {"TOWN-2.a": NOT_SHOWN, "TOWN-2.b": NOT_MET}, []),
    "四项中三项": (TOWN, {"TOWN-3.a": MET, "TOWN-3.b": MET, "TOWN-3.c": MET}, []),
    "四项中一项未予证明": (
        TOWN,
        {"TOWN-3.a": MET, "TOWN-3.b": MET, "TOWN-3.c": MET, "TOWN-3.d": NOT_SHOWN},
        [],
    ),
    "四项": (TOWN, dict.fromkeys(("TOWN-3.a", "TOWN-3.b", "TOWN-3.c", "TOWN-3.d"), MET), ["TOWN-3"]),
    "企业四项": (
        ENTERPRISE,
        {f"ENTERPRISE-1.{part}": MET for part in "abcd"},
        ["ENTERPRISE-1"],
    ),
    "建筑两条": (BUILDING, {"BUILDING-1": MET, "BUILDING-3": MET}, ["BUILDING-1", "BUILDING-3"]),
}  # fmt: skip


@pytest.mark.parametrize("what", FOUND)
def test_what_is_met(what: str) -> None:
    variant, verdicts, met = FOUND[what]
    assert [s.criterion.code for s in standings(variant, verdicts) if s.met] == met


def test_codes_are_of_their_kind_and_each_is_there_once() -> None:
    every = [code for kind in GUIDE.kinds for code in judged_of(kind.variants[0].variant)]
    assert len(set(every)) == len(every)
    for kind in GUIDE.kinds:
        codes = judged_of(kind.variants[0].variant)
        assert len(codes) <= MOST_ACCEPTED
        assert all(code.startswith(f"{kind.kind}-") for code in codes)
        assert len(kind.priority_criteria) <= MOST_CRITERIA
        assert all(len(c.judged) <= MOST_JUDGED for c in kind.priority_criteria)
    assert judged_of(TOWN)[-4:] == ("TOWN-3.a", "TOWN-3.b", "TOWN-3.c", "TOWN-3.d")


@given(st.dictionaries(st.sampled_from(judged_of(TOWN)), st.sampled_from(Verdict)))
def test_what_is_found_to_be_met_takes_no_criterion_away(verdicts: dict[str, Verdict]) -> None:
    before = {s.criterion.code for s in standings(TOWN, verdicts) if s.met}
    for code in judged_of(TOWN):
        after = {s.criterion.code for s in standings(TOWN, verdicts | {code: MET}) if s.met}
        assert before <= after


def test_every_variant_of_a_kind_has_its_criteria() -> None:
    for kind in GUIDE.kinds:
        assert {criteria_of(v.variant) for v in kind.variants} == {kind.priority_criteria}
