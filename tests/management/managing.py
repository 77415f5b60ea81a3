"""How pilots are managed, as short as tests want it."""

from typing import Any

from tests.world import World


def post(pilot: str, code: str = "CARBON-1", **given: Any) -> dict[str, Any]:
    return {
        "pilot": pilot, "code": code, "postKind": "CARBON_MANAGEMENT",
        "name": {"zh": "碳排放管理岗", "en": "Carbon manager"}, "responsibilities": ["每月核对用能台账"],
    } | given  # fmt: skip


def appointment(
    post: str, /, holder: str | None = "张三丰", on: str = "2024-01-01", **given: Any
) -> dict[str, Any]:
    return {"post": post, "holderName": holder, "startsOn": on, "document": "任命书3"} | given


def duty(pilot: str, **given: Any) -> dict[str, Any]:
    return {
        "pilot": pilot, "unit": "U-1", "unitName": {"zh": "一车间", "en": "Workshop 1"}, "year": 2024,
        "ceiling": "120.5", "document": "责任书1",
    } | given  # fmt: skip


def rule(pilot: str, **given: Any) -> dict[str, Any]:
    return {
        "pilot": pilot,
        "title": "碳排放管理办法",
        "document": "文件7号",
        "startsOn": "2024-01-01",
    } | given


def upkeep(pilot: str, system: str = "WATER", **given: Any) -> dict[str, Any]:
    return {
        "pilot": pilot,
        "system": system,
        "on": "2024-05-01",
        "done": "更换阀门",
        "document": "工单9",
    } | given


async def established(world: World, pilot: str, **given: Any) -> str:
    """A post: its id."""
    made = await world.operator.made("establishPost", "post { id }", **post(pilot, **given))
    return str(made["id"])


async def appointed(
    world: World, post: str, holder: str | None = "张三丰", on: str = "2024-01-01"
) -> str:
    """An appointment: its id."""
    given = appointment(post, holder, on)
    return str((await world.operator.made("appointHolder", "appointment { id }", **given))["id"])


async def erased(world: World, appointment: str) -> None:
    await world.operator.made("eraseHolderName", "appointment { id }", appointment=appointment)


async def assigned(world: World, pilot: str, **given: Any) -> str:
    """A duty: its id."""
    made = await world.operator.made("assignDuty", "duty { id }", **duty(pilot, **given))
    return str(made["id"])


async def published(world: World, pilot: str, **given: Any) -> str:
    """A rule: its id."""
    made = await world.operator.made("publishRule", "rule { id }", **rule(pilot, **given))
    return str(made["id"])


async def repealed(world: World, rule: str, on: str) -> None:
    given = {"rule": rule, "on": on, "document": "文件9号"}
    await world.operator.made("repealRule", "rule { id }", **given)


async def kept_up(world: World, pilot: str, system: str = "WATER", **given: Any) -> str:
    """A record of upkeep: its id."""
    made = await world.operator.made(
        "recordUpkeep", "upkeep { id }", **upkeep(pilot, system, **given)
    )
    return str(made["id"])
