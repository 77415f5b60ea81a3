"""The import contracts name every room, and every file that is said to be pure: what they forget is held to nothing."""

import tomllib
from functools import cache
from typing import Any

import pytest

from tests.pure import said_to_be_pure
from tests.sources import ROOT

ROOMS = {f"nzc_api.{file.parent.name}" for file in (ROOT / "nzc_api").glob("*/__init__.py")}

# What knows no room, and what is above all rooms.
BELOW = {
    "nzc_api.guide",
    "nzc_api.accounting",
    "nzc_api.files",
    "nzc_api.observing",
    "nzc_api.outbound",
    "nzc_api.shortcuts",
}
ABOVE = {
    "nzc_api.schema",
    "nzc_api.transport",
    "nzc_api.importing",
    "nzc_api.packing",
    "nzc_api.packs",
    "nzc_api.working_papers",
    "nzc_api.cli",
}

KNOW_NO_ROOM = ("The guide and the accounting are pure", "Reading files knows no room", "Observing knows no room",
                "Posting outside knows no room", "Short ways know no room")  # fmt: skip
NO_IO = "Rules and decisions do no I/O"


@cache
def contracts() -> dict[str, dict[str, Any]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return {one["name"]: one for one in project["tool"]["importlinter"]["contracts"]}


def test_every_room_has_its_layer() -> None:
    layers = contracts()["Imports point one way"]["layers"]
    assert {room for layer in layers for room in layer.split(" | ")} >= ROOMS - BELOW


@pytest.mark.parametrize("name", KNOW_NO_ROOM)
def test_what_knows_no_room_is_told_of_every_room(name: str) -> None:
    contract = contracts()[name]
    of_all = contract["source_modules"] + contract["forbidden_modules"]
    assert ROOMS - BELOW - {"nzc_api.cli"} <= set(of_all)


def test_every_room_below_the_schema_knows_no_graphql() -> None:
    contract = contracts()["No room below the schema learns that GraphQL exists"]
    assert set(contract["source_modules"]) >= ROOMS - BELOW - ABOVE


def test_the_engine_knows_no_topic() -> None:
    topics = {
        f"nzc_api.schema.{file.parent.name}"
        for file in (ROOT / "nzc_api/schema").glob("*/__init__.py")
    } - {"nzc_api.schema.engine", "nzc_api.schema.kit"}
    assert topics <= set(contracts()["How an operation is run knows no topic"]["forbidden_modules"])


def test_what_is_said_to_be_pure_is_held_to_it() -> None:
    held = contracts()[NO_IO]["source_modules"] + contracts()[KNOW_NO_ROOM[0]]["source_modules"]
    assert {
        module
        for module in said_to_be_pure()
        if not any(module == one or module.startswith(f"{one}.") for one in held)
    } == set()
