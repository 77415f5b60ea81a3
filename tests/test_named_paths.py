"""Developers' pages name files and folders that are there, and the folder list forgets none."""

import re

import pytest

from tests.documents import ROOT

PAGES = ("CONTRIBUTING.md", "docs/architecture.md", "migrations/guards/README.md")
LIST = (ROOT / "docs/architecture.md").read_text("utf-8")

NAMED = re.compile(r"`([\w./-]+)`")
A_PATH = re.compile(r"[\w-]+(/[\w.-]*)+|[\w-]+\.(py|sql|json|toml|md)")

# What stands for any page.
ANY = {"X.md", "X.zh.md"}

HELD = ("nzc_api", "migrations", "tests", "tools", "docs", "examples", "bench")
THERE = {f"/{path.relative_to(ROOT)}" for folder in HELD for path in (ROOT / folder).rglob("*")}
THERE |= {f"/{path.name}" for path in ROOT.iterdir()}


@pytest.mark.parametrize("page", PAGES)
def test_paths_that_are_named_are_there(page: str) -> None:
    named = NAMED.findall((ROOT / page).read_text("utf-8"))
    paths = {path.rstrip("/") for path in named if A_PATH.fullmatch(path)} - ANY
    assert paths
    assert [p for p in sorted(paths) if not any(there.endswith(f"/{p}") for there in THERE)] == []


def test_the_folder_list_has_every_room_and_every_file_beside_them() -> None:
    rooms = {file.parent.name for file in (ROOT / "nzc_api").glob("*/__init__.py")}
    topics = {file.parent.name for file in (ROOT / "nzc_api/schema").glob("*/__init__.py")}
    files = {file.name for file in (ROOT / "nzc_api").glob("*.py")} - {"__init__.py"}
    assert {room for room in rooms | topics if f" {room}/" not in LIST.replace("`", " ")} == set()
    assert {file for file in files if f" {file} " not in LIST.replace("`", " ")} == set()
