"""Drop each rule of each room and each guard of the database in turn: some test must fail.

``python -m tests.drop [PART OF A NAME]``: what it drops, the first test that fails, and at the end
with 1 whatever nobody missed.
"""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from inspect import getmembers, isfunction
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

import asyncpg

from nzc_api import grounds
from nzc_api.database.embedded import SUPERUSER, EmbeddedPostgres
from nzc_api.database.migrate import migrate
from nzc_api.ledger.posting import kit, rules, verbs
from nzc_api.ledger.reconciling import rules as reconciling
from tests.database.guards.test_every_guard import CONSTRAINTS, FUNCTIONS, NEEDS_NO_ATTACK
from tests.pure import said_to_be_pure
from tools.guard_files import REFUSALS

ROOT = Path(__file__).parents[1]

# The tests that are to miss a rule, the fastest first; and those that are to miss a guard.
OF_RULES = (
    "tests/ledger/test_decide.py", "tests/ledger/test_scenarios.py", "tests/ledger/test_refusals.py",
    "tests/ledger/test_facts.py", "tests/ledger/test_bulk.py", "tests/ledger/test_answers.py",
    "tests/ledger/test_parts.py", "tests/ledger/test_sites.py", "tests/ledger/test_projects.py",
    "tests/ledger/test_two_persons.py", "tests/ledger/test_verifications.py", "tests/auditing/test_commands.py",
    "tests/auditing/test_credits.py",
    "tests/statements", "tests/inventories/test_certificates.py", "tests/test_bad_input.py",
)  # fmt: skip
OF_ROOMS = {
    "certificates": ("tests/inventories/test_certificates.py",),
    "documents": ("tests/evidence",),
    "evaluation": ("tests/evaluation",),
    "finance": ("tests/finance",),
    "inventories": ("tests/inventories", "tests/metering/test_drafting.py"),
    "management": ("tests/management",),
    "measures": ("tests/measures",),
    "metering": ("tests/metering",),
    "monitoring": ("tests/monitoring",),
    "pilots": ("tests/pilots", "tests/management"),
    "plans": ("tests/plans",),
    "proofs": ("tests/proofs/test_growing.py",),
    "province": ("tests/province",),
    "ranges": ("tests/plans", "tests/measures"),
    "reports": ("tests/reports",),
    "retirement_certificates": ("tests/retirement_certificates",),
    "selection": ("tests/selection",),
    "targets": ("tests/targets",),
    "webhooks": ("tests/webhooks",),
    "working_papers": ("tests/working_papers",),
}
OF_GUARDS = ("tests/database/guards", "--deselect",
             "tests/database/guards/test_every_guard.py::test_every_guard_is_attacked")  # fmt: skip

# A guard that a migration's function names is dropped by letting `nzc_refuse` pass over it.
PASS_OVER = """CREATE OR REPLACE FUNCTION nzc_refuse(guard text, detail text) RETURNS void
LANGUAGE plpgsql AS $$ BEGIN IF guard <> '{name}' THEN
    RAISE EXCEPTION '%: %', guard, detail USING ERRCODE = '23000', CONSTRAINT = guard;
END IF; END $$"""

TABLES = """
    SELECT c.conname::text AS name, c.conrelid::regclass::text AS of_table FROM pg_constraint AS c
     WHERE c.connamespace = 'public'::regnamespace
"""


@dataclass(frozen=True)
class Dropped:
    """What is dropped, how the tests are told, and which of them are to miss it."""

    name: str
    without: str
    tests: tuple[str, ...]


def dropped_rules() -> Iterator[Dropped]:
    ledger = [grounds, *(import_module(m.name) for package in (kit, rules, verbs)
                      for m in iter_modules(package.__path__, f"{package.__name__}."))]  # fmt: skip
    yield from _dropped(ledger, OF_RULES)
    yield from _dropped([reconciling], ("tests/auditing/test_reconciliations.py",))
    for module in sorted(said_to_be_pure()):
        of_room = OF_ROOMS.get(module.split(".")[1])
        if of_room is not None:
            yield from _dropped([import_module(module)], of_room)


def _dropped(modules: Iterable[ModuleType], tests: tuple[str, ...]) -> Iterator[Dropped]:
    for module in modules:
        for name, function in getmembers(module, isfunction):
            if function.__module__ == module.__name__ and re.match("_?check_", name):
                rule = f"{module.__name__}.{name}"
                yield Dropped(rule, f"rule:{rule}", tests)


async def dropped_guards() -> list[Dropped]:
    with tempfile.TemporaryDirectory(prefix="nzc-drop-") as folder:
        postgres = EmbeddedPostgres(Path(folder))
        await asyncio.to_thread(postgres.start)
        try:
            await migrate(postgres.url(SUPERUSER))
            connection = await asyncpg.connect(postgres.url(SUPERUSER))
            names = {row[0] for row in await connection.fetch(CONSTRAINTS)} - set(NEEDS_NO_ATTACK)
            tables = {row["name"]: row["of_table"] for row in await connection.fetch(TABLES)}
            guards = {
                name
                for row in await connection.fetch(FUNCTIONS)
                for name in REFUSALS.findall(row[0])
            }
            await connection.close()
        finally:
            await asyncio.to_thread(postgres.stop)
    drops = {
        name: f"ALTER TABLE {tables[name]} DROP CONSTRAINT {name} CASCADE"
        if name in tables
        else f"DROP INDEX {name}"
        for name in names
    }
    drops |= {name: PASS_OVER.format(name=name) for name in guards}
    return [Dropped(name, f"sql:{sql}", OF_GUARDS) for name, sql in sorted(drops.items())]


def missed_by(dropped: Dropped) -> str | None:
    """The first test that fails without it; None where all pass."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-m", "not slow", "--no-header", "--tb=no",
         "-p", "no:cacheprovider", "-rfE", *dropped.tests],
        cwd=ROOT, env=os.environ | {"NZC_TEST_WITHOUT": dropped.without},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode == 0:
        return None
    found = re.search(r"^(?:FAILED|ERROR) (\S.*)$", done.stdout, re.MULTILINE)
    return found[1] if found else f"pytest ended with {done.returncode}: {done.stderr[-300:]}"


def main(part: str) -> int:
    every = [*dropped_rules(), *asyncio.run(dropped_guards())]
    chosen = [dropped for dropped in every if part in dropped.name]
    survivors = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for dropped, missed in zip(chosen, pool.map(missed_by, chosen), strict=True):
            print(f"{dropped.name}: {missed or 'NOBODY MISSED IT'}", flush=True)
            if missed is None:
                survivors.append(dropped.name)
    print(f"{len(chosen)} dropped one by one, {len(survivors)} that nobody missed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
