"""One story a kind of pilot, from application to a passed evaluation and a follow-up measure: the tables of
`六类试点.md`, played over GraphQL, row by row."""

import io
import json
import re
import zipfile
from collections.abc import Awaitable, Callable, Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from nzc_api.evaluation.model import EvaluationState, FindingState
from nzc_api.inventories.model import InventoryStatus
from nzc_api.plans.model import PlanState
from nzc_api.refusal import words_of
from nzc_api.selection.model import ApplicationState
from tests.evaluation.evaluating import in_days
from tests.world import SINK_BASIS, Caller, World

PAGE = Path(__file__).with_name("六类试点.md")

NET = """query ($id: ID!) { pilot(by: {id: $id}) { netEmissions(period: {year: 2022}) { netCo2e } } }"""

SEVERITIES = {"重大": "MAJOR", "一般": "MINOR", "建议": "ADVICE"}
MEASURED = {"吨": ("tCO2", "measured.co2"), "万kWh": ("万kWh", "elec.guangdong.avg.2022")}
HAS = ("Plan", "Evaluation", "EvaluationFinding")
VERDICTS = {"通过": "PASSED", "不通过": "FAILED"}

_numbers = count(1)


class Row(NamedTuple):
    who: str
    what: str
    said: str
    after: str


def stories() -> dict[str, list[Row]]:
    """The rows of each section of the page, by its heading."""
    found: dict[str, list[Row]] = {}
    for section in PAGE.read_text("utf-8").split("\n## ")[1:]:
        heading, *lines = section.splitlines()
        rows = [
            [c.strip() for c in line.strip("|").split("|")] for line in lines if line[:2] == "| "
        ]
        found[heading] = [Row(*cells) for cells in rows[1:]]
    return found


class Refused(Exception):
    """That the API refused a step, with the code."""


class Story:
    """A pilot's story so far: the ids of what there is of it."""

    def __init__(self, world: World, variant: str) -> None:
        self.world = world
        self.variant = variant
        self.pilot: dict[str, Any] = {}
        self.application = self.plan = self.evaluation = self.finding = self.inventory = ""

    async def play(self, row: Row) -> str:
        """What comes of a step, as the table says it."""
        try:
            return await STEPS[row.what](self, self.caller(row.who), row.said)
        except Refused as refused:
            return f"拒绝 {refused}"

    def caller(self, who: str) -> Caller:
        world = self.world
        return {
            "申报单位": world.operator, "运营单位": world.operator, "主管部门": world.regulator,
            "核查机构": world.verifier, "登记机构": world.registry,
        }[who]  # fmt: skip


async def done(caller: Caller, verb: str, wanted: str, **given: Any) -> Any:
    """What a mutation that succeeds made."""
    payload = await caller.do(verb, wanted, **given)
    if not payload["__typename"].endswith("Success"):
        raise Refused(payload["code"])
    return next(v for name, v in payload.items() if name not in {"__typename", "replayed"})


def parts(pattern: str, said: str) -> tuple[str, ...]:
    found = re.fullmatch(pattern, said)
    assert found, (pattern, said)
    return tuple(part or "" for part in found.groups())


async def apply(story: Story, caller: Caller, said: str) -> str:
    name, applicant, _ = parts(r"(.+)；.+?([A-Z_]+)；(既有)", said)
    made = await done(
        caller, "openApplication", "application { id applicationState }", variant=story.variant,
        name={"zh": f"{name}（虚构）", "en": "A pilot, made up"}, applicantKind=applicant,
        applicantName={"zh": f"{name}申报单位（虚构）", "en": "An applicant, made up"},
        administrativeDivision="440100", establishment="EXISTING", operationStartsOn="2015-01-01",
        boundary={"words": "红线以内", "hectares": "12"},
    )  # fmt: skip
    story.application = made["id"]
    return state_of(made)


def state_of(application: dict[str, Any]) -> str:
    return words_of(ApplicationState)[application["applicationState"]].zh


async def claim(story: Story, caller: Caller, said: str) -> str:
    criterion, statement = parts(r"([A-Z0-9.\-a-z]+)：(.+)", said)
    made = await done(
        caller, "claimCriterion", "application { applicationState }",
        application=story.application, criterion=criterion, statement=statement,
    )  # fmt: skip
    return state_of(made)


async def submit(story: Story, caller: Caller, said: str) -> str:
    wanted = "application { applicationState }"
    return state_of(await done(caller, "submitApplication", wanted, application=story.application))


async def judge(story: Story, caller: Caller, said: str) -> str:
    (criterion,) = parts(r"(\S+) 满足", said)
    made = await done(
        caller, "judgeCriterion", "application { criteriaMet }", application=story.application,
        criterion=criterion, verdict="MET", reason="材料属实",
    )  # fmt: skip
    return f"满足{made['criteriaMet']}项"


async def choose(story: Story, caller: Caller, said: str) -> str:
    selected = said == "入选"
    made = await done(
        caller, "decideApplication", "application { applicationState pilot { id code } }",
        application=story.application, decision="SELECTED" if selected else "RETURNED", reason="经评审",
        pilotCode=f"STORY-{next(_numbers)}" if selected else None,
    )  # fmt: skip
    if selected:
        story.pilot = made["pilot"]
        period = await done(
            story.world.operator, "registerAccountingPeriod", "accountingPeriod { id }",
            pilot=story.pilot["id"], startsOn="2022-01-01", endsOn="2022-12-31",
        )  # fmt: skip
        story.pilot["periods"] = {2022: period["id"]}
    return state_of(made)


async def plan_measure(story: Story, caller: Caller, said: str) -> Any:
    pattern = r"(.+)；(\w+)；投资(\d+)元；寿命(\d+)年；年减(\d+)吨"
    name, technology, capex, life, expected = parts(pattern, said)
    return await done(
        caller, "planMeasure", "measure { id expectedCo2e }", pilot=story.pilot["id"],
        name={"zh": name, "en": "A measure"}, technology=technology, route="EFFICIENCY", stage="OPERATION",
        capex=capex, lifeYears=int(life), startsOn="2023-01-01", expected=expected,
    )  # fmt: skip


async def measure(story: Story, caller: Caller, said: str) -> str:
    made = await plan_measure(story, caller, said)
    return f"预期{made['expectedCo2e']}吨"


async def draft(story: Story, caller: Caller, said: str) -> str:
    starts, ends, name, due = parts(r"(\S+)至(\S+)；节点：(.+)，不晚于(\S+)", said)
    text = {"zh": name, "en": "The building milestone"}
    terms = {
        "startsOn": starts, "endsOn": ends,
        "packages": [{"name": text, "stage": "CONSTRUCTION", "measures": []}],
        "milestones": [{"code": "BUILT", "name": text, "dueOn": due, "building": True}],
    }  # fmt: skip
    made = await done(caller, "draftPlan", "plan { id }", pilot=story.pilot["id"], terms=terms)
    story.plan = made["id"]
    wanted = "plan { planState }"
    made = await done(caller, "submitPlan", wanted, plan=story.plan)
    return words_of(PlanState)[made["planState"]].zh


async def approve(story: Story, caller: Caller, said: str) -> str:
    made = await done(caller, "approvePlan", "plan { planState }", plan=story.plan)
    return words_of(PlanState)[made["planState"]].zh


async def build(story: Story, caller: Caller, said: str) -> str:
    _, on, since = parts(r"(.+) (\S+)；(\S+)起稳定运营", said)
    reached = {"plan": story.plan, "milestone": "BUILT", "on": on, "document": "验收单"}
    await done(caller, "reachMilestone", "plan { id }", **reached)
    built = {"plan": story.plan, "builtOn": on, "stableFrom": since, "document": "竣工报告"}
    await done(caller, "recordCompletion", "plan { id }", **built)
    query = "query ($id: ID!) { pilot(by: {id: $id}) { completion { stableFrom } } }"
    found = await caller.ask(query, id=story.pilot["id"])
    return f"稳定运营自{found['pilot']['completion']['stableFrom']}"


async def account(story: Story, caller: Caller, said: str) -> str:
    story.inventory = await story.world.inventory(story.pilot)
    for text in said.split("；"):
        sink, category, amount, unit = parts(r"(碳汇)?([A-Z_]+) ([\d.]+)(吨|万kWh)", text)
        unit, factor = MEASURED[unit]
        activity = {"value": amount, "unit": unit}
        line = {"category": category, "label": text, "activity": activity, "factor": factor}
        basis = SINK_BASIS if sink else {}
        await story.world.record(story.inventory, line | basis, sinks=bool(sink))
    wanted = "inventory { status }"
    made = await done(caller, "submitInventory", wanted, inventory=story.inventory)
    return words_of(InventoryStatus)[made["status"]].zh


async def verify(story: Story, caller: Caller, said: str) -> str:
    await story.world.verify(story.inventory)
    query = "query ($id: ID!) { node(id: $id) { ... on Inventory { status } } }"
    found = await caller.ask(query, id=story.inventory)
    return words_of(InventoryStatus)[found["node"]["status"]].zh


async def retire(story: Story, caller: Caller, said: str) -> str:
    (tonnes,) = parts(r"(\d+)吨", said)
    prefix = f"GS-{next(_numbers)}"
    await story.world.issue(await story.world.project(), prefix, 1, int(tonnes))
    given = story.world.retirement(story.pilot, prefix, 1, int(tonnes))
    await done(caller, "retireCredits", "retirement { id }", **given)
    found = await caller.ask(NET, id=story.pilot["id"])
    return f"净排放{plain(found['pilot']['netEmissions']['netCo2e'])}"


def plain(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


async def open_it(story: Story, caller: Caller, said: str) -> str:
    scheme, on, category = parts(r"(\w+)；([\d-]+)(?:；只评(\w+))?", said)
    made = await done(
        caller, "openEvaluation", "evaluation { id evaluationState }", pilot=story.pilot["id"], scheme=scheme,
        startsOn="2022-01-01", endsOn="2022-12-31", on=on,
        **({"range": {"categories": [category]}} if category else {}),
    )  # fmt: skip
    story.evaluation = made["id"]
    return words_of(EvaluationState)[made["evaluationState"]].zh


async def evaluate_itself(story: Story, caller: Caller, said: str) -> str:
    wanted = "evaluation { selfEvaluations { position } }"
    given = {"evaluation": story.evaluation, "statement": said, "document": "自评报告"}
    made = await done(caller, "selfEvaluate", wanted, **given)
    return f"自评{len(made['selfEvaluations'])}份"


async def appoint(story: Story, caller: Caller, said: str) -> str:
    (many,) = parts(r"(\d+)人", said)
    experts = [{"name": f"专家{n}", "employer": f"某研究院{n}"} for n in range(1, int(many) + 1)]
    wanted = "evaluation { panels { experts { number } } }"
    made = await done(caller, "appointPanel", wanted, evaluation=story.evaluation, experts=experts)
    return f"专家{len(made['panels'][-1]['experts'])}人"


async def visit(story: Story, caller: Caller, said: str) -> str:
    on, notes = parts(r"(\S+)：(.+)", said)
    given = {"evaluation": story.evaluation, "on": on, "notes": notes, "document": "核查记录"}
    made = await done(caller, "recordSiteVisit", "evaluation { siteVisits { on } }", **given)
    return f"核查{len(made['siteVisits'])}次"


async def score(story: Story, caller: Caller, said: str) -> str:
    item, given = parts(r"(\w+)：(.+)", said)
    made: Any = None
    for expert, answer in enumerate(given.split("、"), 1):
        found = {"met": answer == "是"} if answer in {"是", "否"} else {"points": answer}
        made = await done(
            caller, "scoreItem", "evaluation { score }", evaluation=story.evaluation, expert=expert, item=item,
            reason="现场核查属实", **found,
        )  # fmt: skip
    return f"得分{made['score'] or '无'}"


async def find(story: Story, caller: Caller, said: str) -> str:
    severity, text = parts(r"(重大|一般|建议)：(.+)", said)
    made = await done(
        caller, "recordFinding", "finding { id findingState }", evaluation=story.evaluation,
        severity=SEVERITIES[severity], text=text, due=in_days(60),
    )  # fmt: skip
    story.finding = made["id"]
    return words_of(FindingState)[made["findingState"]].zh


async def answer(story: Story, caller: Caller, said: str) -> str:
    given = {"finding": story.finding, "text": said, "document": "整改报告"}
    made = await done(caller, "answerFinding", "finding { findingState }", **given)
    return words_of(FindingState)[made["findingState"]].zh


async def close(story: Story, caller: Caller, said: str) -> str:
    given = {"finding": story.finding, "text": said}
    made = await done(caller, "closeFinding", "finding { findingState }", **given)
    return words_of(FindingState)[made["findingState"]].zh


async def decide(story: Story, caller: Caller, said: str) -> str:
    wanted = "evaluation { evaluationState decision { resultCo2e band { zh } } }"
    given = {"evaluation": story.evaluation, "verdict": VERDICTS[said], "reason": "经专家组评价"}
    made = await done(caller, "decideEvaluation", wanted, **given)
    decision = made["decision"]
    band = [decision["band"]["zh"]] if decision["band"] else []
    state = words_of(EvaluationState)[made["evaluationState"]].zh
    return "，".join([state, f"结果{decision['resultCo2e']}吨", *band])


async def attach(story: Story, caller: Caller, said: str) -> str:
    what, name = parts(r"(方案|评价|问题)：(.+)", said)
    subject = {"方案": story.plan, "评价": story.evaluation, "问题": story.finding}[what]
    counts = " ".join(f"... on {kind} {{ documents {{ totalCount }} }}" for kind in HAS)
    wanted = f"document {{ attachedTo {{ {counts} }} }}"
    made = await done(
        caller, "attachDocument", wanted, attachedTo=subject, documentKind="OTHER", fileName=name,
        mediaType="application/pdf", size="7", sha256=sha256(f"{subject}{name}".encode()).hexdigest(),
    )  # fmt: skip
    return f"附件{made['attachedTo']['documents']['totalCount']}份"


async def pack(story: Story, caller: Caller, _said: str) -> str:
    """All of the evaluation in one file, of which each part has the hash that the manifest says."""
    query = "query ($id: ID!) { node(id: $id) { ... on Evaluation { pack { url } } } }"
    url = (await caller.ask(query, id=story.evaluation))["node"]["pack"]["url"]
    served = await caller.http.get(f"/{url}", headers={"Authorization": f"Bearer {caller.secret}"})
    with zipfile.ZipFile(io.BytesIO(served.content)) as found:
        held = {name: found.read(name) for name in found.namelist()}
    manifest = json.loads(held["manifest.json"])
    for part in manifest["parts"]:
        assert sha256(held[part["path"]]).hexdigest() == part["sha256"]
    result = json.loads(held["evaluation.json"])["decision"]["resultCo2e"]
    return f"结果{result}吨，文件{len(json.loads(held['documents.json']))}份"


async def follow(story: Story, caller: Caller, said: str) -> str:
    planned = await plan_measure(story, caller, said)
    wanted = "evaluation { pilot { evaluations { nodes { followUps { position } } } } }"
    given = {"evaluation": story.evaluation, "measure": planned["id"]}
    made = await done(caller, "followUp", wanted, **given)
    of_all = [f for e in made["pilot"]["evaluations"]["nodes"] for f in e["followUps"]]
    return f"后续{len(of_all)}项"


Step = Callable[[Story, Caller, str], Awaitable[str]]

STEPS: dict[str, Step] = {
    "申报": apply, "主张": claim, "提交": submit, "评判": judge, "决定": choose, "措施": measure, "方案": draft,
    "批准": approve, "建成": build, "清单": account, "核查": verify, "注销": retire, "开展评价": open_it,
    "自评": evaluate_itself, "专家组": appoint, "现场核查": visit, "评分": score, "问题": find, "答复": answer,
    "关闭": close, "决定评价": decide, "后续措施": follow, "附件": attach, "材料包": pack,
}  # fmt: skip


def rows_of(heading: str) -> Iterator[tuple[int, Row]]:
    yield from enumerate(stories()[heading], 1)


@pytest.mark.parametrize("heading", stories())
async def test_the_story_of_a_pilot(shared_world: World, heading: str) -> None:
    """A row that comes to something else than the table says is named by its number."""
    story = Story(shared_world, heading.split()[1])
    for number, row in rows_of(heading):
        assert (number, await story.play(row)) == (number, row.after), row


def test_there_is_a_story_of_each_kind() -> None:
    assert len(stories()) == 6
    assert {row.what for story in stories().values() for row in story} == set(STEPS)
    assert all(story[-1].what == "后续措施" for story in stories().values())
