"""The tables in ``scenarios/`` (its README says what is in them), as they stand, over GraphQL."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.world import World, key, of_year

SCENARIOS = Path(__file__).parent / "scenarios"
COLUMNS = ["步骤", "谁", "做什么", "减排量", "对象", "结果", "此后余额", "说明"]
PURPOSES = {
    "履约": "ETS_COMPLIANCE", "大型活动": "EVENT", "公益": "PUBLIC_GOOD", "恢复碳汇": "OWN_SINK",
}  # fmt: skip
FINDINGS = {"并非重复": "DISTINCT", "确属重复": "DOUBLE"}
# Each action's mutation, and what it makes.
VERBS = {
    "签发": ("issueCredits", "batch"), "转让": ("transferCredits", "transfer"),
    "注销": ("retireCredits", "retirement"), "申请注销": ("requestRetirement", "request"),
    "确认注销": ("confirmRetirement", "retirement"),
    "撤销申请": ("cancelRetirementRequest", "posting"), "使用": ("useCredits", "use"),
    "冻结": ("freezeCredits", "posting"), "解冻": ("unfreezeCredits", "posting"),
    "注销效力": ("invalidateCredits", "posting"), "登记出境": ("recordExport", "posting"),
    "更正": ("correctPosting", "posting"), "核实": ("resolveDoubleIssuance", "batch"),
    "划入": ("placePilot", "pilot"), "更正场址": ("amendProject", "project"),
}  # fmt: skip

SERIAL = 's%d: creditSerial(by: {programme: %s, text: "%s-%d"}) { account { kind purpose } }'
HOLDER = "%s: node(id: %s) { ... on Organisation { holdings { nodes { quantity } } } }"
PILOT = """%s: pilot(by: {id: %s}) { netEmissions(period: {year: 2022}) {
    purchasedReductions { quantity shortfallQuantity } } }"""
ELSEWHERE = {"PENDING": "待注销", "FROZEN": "冻结", "INVALIDATED": "失效"} | {
    code: name for name, code in PURPOSES.items()
}
Step = dict[str, str]


def scenarios() -> Iterator[Any]:
    """The steps of each table, named by its file and its heading."""
    for path in sorted(SCENARIOS.glob("*.md")):
        heading, steps = "", list[Step]()
        for line in [*path.read_text("utf-8").splitlines(), "## "]:
            if line.startswith("## "):
                if steps:
                    yield pytest.param(steps, id=f"{path.stem}：{heading}")
                heading, steps = line[3:], []
            elif re.match(r"\| *\d", line):
                cells = [cell.strip() for cell in line.strip("|").split("|")]
                steps.append(dict(zip(COLUMNS, cells, strict=True)))


@dataclass
class Cast:
    """Everybody of a scenario, and what the steps so far brought about."""

    world: World
    holders: dict[str, str] = field(default_factory=dict)
    pilots: dict[str, dict[str, Any]] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)
    issued: list[tuple[str, str, range]] = field(default_factory=list)

    async def enter(self) -> "Cast":
        world = self.world
        self.holders = {"甲公司": world.holder.organisation, "乙公司": world.verifier.organisation}
        self.pilots["大镇"] = town = await world.pilot("TOWN", 2022)
        self.pilots["园区"] = park = await world.pilot("PARK", 2022, surroundingPilot=town["id"])
        self.pilots["乙楼"] = await world.pilot("BUILDING_EXISTING", 2022)
        self.projects["风电"] = await world.project()
        self.projects["光伏"] = await world.project(pilot=park["id"])
        self.projects["林场"] = await world.project(pilot=park["id"], forestry=True)
        await world.phcer_registry.made(
            "enrolProject", "project { id }", project=self.projects["风电"], programme="PHCER",
            rule="PHCER_2022", number="FD-1", registeredOn="2023-11-01",
        )  # fmt: skip
        return self

    async def play(self, step: Step) -> None:
        verb, made = VERBS[step["做什么"]]
        programme, world = step["谁"].removesuffix("登记机构"), self.world
        callers = {"管理员": world.administrator, "园区": world.operator}
        caller = callers.get(programme) or world.registry_of(programme)
        head = await world.head()
        answer = await caller.do(verb, made + " { id }", **self.given(step, programme))
        expected = re.search("[A-Z_]{3,}", step["结果"])
        assert answer.get("code") == (expected and expected[0]), (step, answer)
        assert await world.head() == head + ("code" not in answer), step
        assert step["结果"].startswith("拒绝" if expected else "成功"), step
        if not expected:
            self.made[step["步骤"]] = answer[made]["id"]
            if verb == "issueCredits" and "证书" not in step["减排量"]:
                self.issued.append((programme, *block_of(step["减排量"])))
        told = dict(part.split() for part in step["此后余额"].split("；"))
        assert await self.balances() == told, step

    def given(self, step: Step, programme: str) -> dict[str, Any]:  # noqa: PLR0911, PLR0912
        """The input of the step's mutation."""
        main, *more = step["对象"].split("；")
        extra = {part[:2]: part[2:] for part in more}
        what, (source, _, target) = step["减排量"], main.partition("→")
        grounds = {"document": "文号1", "reason": step["说明"] or "说明"}
        day, quantity = extra.get("日期", "2024-07-01"), {"quantity": extra.get("数量")}
        number = {"registryReference": extra["编号"]} if "编号" in extra else {}
        match step["做什么"]:
            case "签发":
                part = re.fullmatch(r"(\S+)共(\d+)吨", extra.get("登记", ""))
                whole = {} if part is None else {"reference": part[1], "quantity": part[2]}
                year = int(extra.get("年份", "2022"))
                return self.block(what, programme) | {
                    "issuance": whole or None, "project": self.projects[source], "holder": self.holders[target],
                    "quantity": extra.get("数量") or str(len(block_of(what)[1])),
                    "production": {"vintage": year} if "仅年" in extra else of_year(year),
                    "reductionsRegisteredOn": "2024-01-15",
                }  # fmt: skip
            case "转让":
                parties = {"from": self.holders[source], "to": self.holders[target]}
                return self.block(what, programme) | parties
            case "注销":
                return quantity | number | self.retired(what, main, programme) | {"retiredOn": day}
            case "申请注销":
                until = (datetime.now(UTC) + timedelta(days=30)).isoformat()
                return quantity | self.retired(what, main, programme) | {"expiresAt": until}
            case "确认注销":
                confirmed = {"retiredOn": day, "registryReference": key()}
                return quantity | confirmed | {"request": self.step(what)}
            case "撤销申请":
                return {"request": self.step(what)}
            case "使用":
                use = {"purpose": PURPOSES[source], "usedOn": day} | number
                whose = self.beneficiary(target) if target else {"beneficiary": "某单位"}
                return quantity | self.block(what, programme) | use | whose
            case "划入":
                surrounding = None if main == "无" else self.pilots[main]["id"]
                return {"pilot": self.pilots[what]["id"], "surroundingPilot": surrounding}
            case "更正场址":
                return grounds | {"project": self.projects[what], "siteCode": main}
            case "登记出境":
                return grounds | {"batch": self.step(what)}
            case "更正":
                return grounds | {"posting": self.step(what)}
            case "核实":
                batch, other = map(self.step, what.split("与"))
                return grounds | {"batch": batch, "other": other, "finding": FINDINGS[main]}
            case _:
                if "整批" in what:
                    return grounds | {"target": {"batch": self.step(what)}}
                block = {"programme": programme, "block": serials_of(what)}
                return grounds | {"target": {"serials": block}}

    def step(self, text: str) -> str:
        """The id of what a step made, such as 第2步 or 第1步整批."""
        return self.made[text.removesuffix("整批")[1:-1]]

    def block(self, what: str, programme: str) -> dict[str, Any]:
        whole = re.fullmatch(r"证书 (\S+)", what)
        named = {"certificate": whole[1]} if whole else {"serials": serials_of(what)}
        return {"programme": programme} | named

    def retired(self, what: str, main: str, programme: str) -> dict[str, Any]:
        """Exact serials, or so many 吨; of a holder (甲公司→园区), or whoever holds them (园区)."""
        holder, _, name = main.rpartition("→")
        given = self.beneficiary(name)
        given |= {"holder": self.holders[holder]} if holder else {}
        if re.fullmatch(r"\d+吨", what):
            return given | {"programme": programme, "quantity": what[:-1]}
        return given | self.block(what, programme)

    def beneficiary(self, name: str) -> dict[str, Any]:
        """A pilot and its period of 2022; somebody else by name."""
        pilot = self.pilots.get(name)
        if pilot is None:
            return {"beneficiary": name}
        return {"pilot": pilot["id"], "accountingPeriod": pilot["periods"][2022]}

    async def balances(self) -> dict[str, str]:
        """Where the tonnes are, as the API tells it, in tonnes; what has none is left out."""
        ids = self.holders | {name: pilot["id"] for name, pilot in self.pilots.items()}
        fields = [
            (HOLDER if name in self.holders else PILOT) % (f"of{n}", f'"{node}"')
            for n, (name, node) in enumerate(ids.items())
        ]
        serials = [(p, prefix, n) for p, prefix, numbers in self.issued for n in numbers]
        fields += [SERIAL % (index, *serial) for index, serial in enumerate(serials)]
        data = await self.world.anyone.ask("{" + " ".join(fields) + "}")
        found: Counter[str] = Counter()
        for n, name in enumerate(ids):
            if name in self.holders:
                found[name] = sum(int(h["quantity"]) for h in data[f"of{n}"]["holdings"]["nodes"])
            else:
                bought = data[f"of{n}"]["netEmissions"]["purchasedReductions"]
                found[name] = int(bought["quantity"])
                found[f"{name}缺口"] = int(bought["shortfallQuantity"])
        # Of what was withdrawn, nothing is issued any more.
        lives = [data[f"s{index}"] for index in range(len(serials))]
        accounts = [life["account"] for life in lives if life is not None]
        found.update(ELSEWHERE.get(a["purpose"] or a["kind"], "") for a in accounts)
        del found[""]
        return {name: str(tonnes) for name, tonnes in found.items() if tonnes} or {"无": "0"}


def serials_of(text: str) -> dict[str, Any]:
    """Serials as an input names them: 证书 ZS-1 第5至6吨, or a block's text."""
    found = re.fullmatch(r"证书 (\S+) 第(\d+)至(\d+)吨", text)
    if found is None:
        return {"text": text}
    return {"certificate": {"number": found[1], "first": found[2], "last": found[3]}}


def block_of(text: str) -> tuple[str, range]:
    found = re.fullmatch(r"(.+)-(\d+) to (\d+)", text)
    assert found is not None, text
    return found[1], range(int(found[2]), int(found[3]) + 1)


@pytest.mark.parametrize("steps", list(scenarios()))
async def test_a_scenario(world: World, steps: list[Step]) -> None:
    cast = await Cast(world).enter()
    assert [step["步骤"] for step in steps] == [str(n) for n in range(1, len(steps) + 1)]
    for step in steps:
        await cast.play(step)


def test_every_action_is_in_a_scenario() -> None:
    assert {step["做什么"] for case in scenarios() for step in case.values[0]} == VERBS.keys()
