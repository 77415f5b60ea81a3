"""The tables in ``scenarios/`` (its README says what is in them), as they stand, over GraphQL."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.world import World

SCENARIOS = Path(__file__).parent / "scenarios"
COLUMNS = ["步骤", "做什么", "计量点", "时间", "数值", "附注", "结果", "说明"]
CARRIERS = {"电": "ELECTRICITY", "水": "WATER", "气": "GAS", "热": "HEAT"}
KINDS = {"累计": "REGISTER", "区间": "INTERVAL", "账单": "BILL"}
METHODS = {"前期": "DAYS_BEFORE", "上年同期": "YEAR_BEFORE", "另行给出": "STATED"}
STEPS = {"按时": "HOUR", "按日": "DAY", "按月": "MONTH", "按年": "YEAR"}
USAGE = """query ($id: ID!, $from: Date!, $to: Date!, $step: Step!, $asOf: BigInt) { node(id: $id) {
    ... on Meter { consumption(from: $from, to: $to, step: $step, asOf: $asOf) {
        quantity estimatedQuantity missingDays standardVolume } } } }"""
ACTIONS = {"登记", "读数", "区间", "账单", "更正", "换表", "停用", "补估", "用量", "标准"}
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


def moment(text: str) -> str:
    return f"{text.replace(' ', 'T')}:00+08:00"


def facts(text: str) -> dict[str, Any]:
    """What is built in: 每小时800 倍率80 位数5."""
    found = dict(re.findall(r"(每小时|倍率|位数)(\d+)", text))
    given: dict[str, Any] = {"maximumPerHour": found["每小时"]}
    given |= {"multiplier": found["倍率"]} if "倍率" in found else {}
    return given | ({"digits": int(found["位数"])} if "位数" in found else {})


@dataclass
class Play:
    """A scenario: its pilot, its meters, and the log's position after each step."""

    world: World
    pilot: dict[str, Any]
    meters: dict[str, str] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)

    async def play(self, step: Step) -> None:
        head = await self.world.head()
        if step["做什么"] in {"用量", "标准"}:
            assert await self.told(step) == step["结果"], step
        else:
            code = await self.done(step)
            expected = re.search("[A-Z_]{3,}", step["结果"])
            assert code == (expected and expected[0]), (step, code)
            assert (await self.world.head() == head) is bool(expected), step
        self.positions[step["步骤"]] = await self.world.head()

    async def done(self, step: Step) -> str | None:
        """The code of the refusal, if it was refused."""
        verb, wanted, given = self.given(step)
        answer = await self.world.operator.post(
            f"mutation ($input: {verb[0].upper()}{verb[1:]}Input!) {{ {verb}(input: $input) {{ __typename"
            f" ... on {verb[0].upper()}{verb[1:]}Success {{ {wanted} }} ... on UserError {{ code message {{ zh en }} }}"
            " } }",
            input={"idempotencyKey": f"{id(step)}"} | given,
        )
        body = answer.json()
        if "errors" in body:
            return str(body["errors"][0]["extensions"]["code"])
        payload = body["data"][verb]
        if verb == "registerMeter" and "meter" in payload:
            self.meters[step["计量点"]] = payload["meter"]["id"]
        assert payload.get("message", {"zh": "x"})["zh"]
        refused: str | None = payload.get("code")
        return refused

    def given(  # noqa: PLR0911
        self, step: Step
    ) -> tuple[str, str, dict[str, Any]]:
        """The mutation of a step, what it makes, and its input."""
        name, at, value, notes = (step[column] for column in ("计量点", "时间", "数值", "附注"))
        start, _, end = at.partition("至")
        if step["做什么"] == "登记":
            return "registerMeter", "meter { id }", self.registered(name, at, value)
        meter: dict[str, Any] = {"meter": self.meters[name]}
        item = meter | {"estimated": "估算" in notes} | self.noted(notes)
        match step["做什么"]:
            case "读数":
                flags = {"late": "补录" in notes, "rolledOver": "过零" in notes}
                item |= flags | {"at": moment(at), "value": value}
                return "recordReadings", "batch { id }", {"items": [item]}
            case "区间":
                item |= {"from": moment(start), "at": moment(end), "value": value}
                return "recordReadings", "batch { id }", {"items": [item]}
            case "账单":
                item |= {"firstDay": start, "lastDay": end, "quantity": value}
                return "recordBills", "batch { id }", {"items": [item]}
            case "更正":
                why = {"document": "更正通知1", "reason": "抄表有误"}
                told = {"startsAt": moment(at), "value": None if value == "无" else value}
                return "correctReading", "batch { id }", item | why | told
            case "补估":
                days = {"firstDay": start, "lastDay": end, "quantity": value or None}
                how = {"method": METHODS[notes], "document": "补估说明1"}
                return "fillGap", "batch { id }", meter | days | how
            case "换表":
                final, _, first = value.partition("→")
                values = {"at": moment(at), "finalValue": final, "firstValue": first}
                return "replaceMeter", "meter { id }", meter | values | facts(notes)
            case _:
                return "endMeter", "meter { id }", meter | {"validTo": at}

    def registered(self, name: str, day: str, value: str) -> dict[str, Any]:
        carrier, kind, unit, *_ = value.split()
        conditions = re.search(r"工况(\S+)℃、(\S+)kPa", value)
        at = conditions and {"celsius": conditions[1], "kilopascals": conditions[2]}
        return facts(value) | {
            "pilot": self.pilot["id"], "code": f"M-{len(self.meters) + 1}", "carrier": CARRIERS[carrier],
            "flow": "BOUGHT", "meterKind": KINDS[kind], "unit": unit, "validFrom": day,
            "supplyPoint": f"{self.pilot['code']}-{name}", "conditions": at,
        }  # fmt: skip

    @staticmethod
    def noted(notes: str) -> dict[str, Any]:
        found = dict(re.findall(r"(单位|费用)(\S+)", notes))
        given = {"unit": found["单位"]} if "单位" in found else {}
        return given | ({"cost": found["费用"]} if "费用" in found else {})

    async def told(self, step: Step) -> str:
        """What was used, by steps, as the tables write it."""
        days, _, by = step["时间"].partition(" ")
        start, _, end = days.partition("至")
        then = re.search(r"位置(\d+)", step["附注"])
        data = await self.world.operator.ask(
            USAGE, id=self.meters[step["计量点"]], step=STEPS[by], asOf=then and str(self.positions[then[1]]),
            **{"from": start, "to": end},
        )  # fmt: skip
        standard = step["做什么"] == "标准"
        return "；".join(_shown(used, standard=standard) for used in data["node"]["consumption"])


def _shown(used: dict[str, Any], *, standard: bool) -> str:
    if standard:
        return str(used["standardVolume"])
    estimated = Decimal(used["estimatedQuantity"] or 0)
    text = used["quantity"] or "?"
    text += f"（{used['estimatedQuantity']}）" if estimated else ""
    return text + (f" 缺{used['missingDays']}" if Decimal(used["missingDays"]) else "")


@pytest.mark.parametrize("steps", list(scenarios()))
async def test_a_scenario(shared_world: World, steps: list[Step]) -> None:
    play = Play(shared_world, await shared_world.pilot())
    assert [step["步骤"] for step in steps] == [str(n) for n in range(1, len(steps) + 1)]
    for step in steps:
        await play.play(step)


def test_every_action_is_in_a_scenario() -> None:
    assert {step["做什么"] for case in scenarios() for step in case.values[0]} == ACTIONS
