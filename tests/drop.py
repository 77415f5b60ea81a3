"""Drop each rule of each room and each guard of the database in turn: some test must fail.

``python -m tests.drop [PART OF A NAME]``: what it drops, the first test that fails, and at the end
with 1 whatever nobody missed. ``missed_by.json`` keeps which test that was: it is tried first the next
time, and where it passes, or is no more, all the others are.
"""

import asyncio
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from inspect import getmembers, isfunction
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

import pytest

from nzc_api import grounds
from nzc_api.accounting import line, plausible
from nzc_api.database.embedded import OWNER_LOGIN, SUPERUSER, EmbeddedPostgres
from nzc_api.database.migrate import migrate
from nzc_api.ledger import row_serials
from nzc_api.ledger.posting import kit, rules, verbs
from nzc_api.ledger.reconciling import rules as reconciling
from tests import without
from tests.conftest import TEMPLATE, Server, create_database
from tests.database.guards.attacks import OWNER, Scene
from tests.database.guards.conftest import GIVEN, given_as, good_state
from tests.database.guards.test_every_guard import CONSTRAINTS, FUNCTIONS, NEEDS_NO_ATTACK
from tests.pure import said_to_be_pure
from tools.guard_files import REFUSALS

MISSED_BY = Path(__file__).with_name("missed_by.json")

# To load the application takes longer than most tests that are tried.
FORKING = get_context("forkserver")
FORKING.set_forkserver_preload(["tests.database.guards.conftest"])

# The tests that are to miss a rule, the fastest first; and those that are to miss a guard.
OF_RULES = (
    "tests/ledger/test_decide.py", "tests/ledger/test_scenarios.py", "tests/ledger/test_refusals.py",
    "tests/ledger/test_facts.py", "tests/ledger/test_bulk.py", "tests/ledger/test_answers.py",
    "tests/ledger/test_parts.py", "tests/ledger/test_sites.py", "tests/ledger/test_projects.py",
    "tests/ledger/test_two_persons.py", "tests/ledger/test_verifications.py", "tests/auditing/test_commands.py",
    "tests/auditing/test_credits.py",
    "tests/statements", "tests/inventories/test_certificates.py", "tests/test_bad_input.py",
)  # fmt: skip
OF_RECONCILING = ("tests/auditing/test_reconcile.py", "tests/auditing/test_reconciliations.py")
OF_ROOMS = {
    "access": ("tests/access",),
    "certificates": ("tests/inventories/test_certificates.py", "tests/inventories/test_electricity.py"),
    "documents": ("tests/evidence",),
    "evaluation": ("tests/evaluation",),
    "finance": ("tests/finance",),
    "inventories": ("tests/inventories", "tests/metering/test_drafting.py", "tests/statements/test_impact.py"),
    "management": ("tests/management",),
    "measures": ("tests/measures",),
    "metering": ("tests/metering",),
    "monitoring": ("tests/monitoring",),
    "numbers": ("tests/inventories/test_certificates.py", "tests/ledger/test_refusals.py"),
    "outbound": ("tests/webhooks",),
    "pilots": ("tests/test_bad_input.py", "tests/pilots", "tests/management", "tests/selection", "tests/targets",
               "tests/statements/test_portfolio.py"),
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
}  # fmt: skip
# Where nothing says which: a room is not passed over because nobody put it above.
ALL = ("tests",)
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
    environment: Mapping[str, str]
    tests: tuple[str, ...]


def dropped_rules() -> Iterator[Dropped]:
    ledger = [grounds, *(import_module(m.name) for package in (kit, rules, verbs)
                      for m in iter_modules(package.__path__, f"{package.__name__}."))]  # fmt: skip
    listed = (
        (ledger, OF_RULES),
        ([reconciling, row_serials], OF_RECONCILING),
        ([line, plausible], ("tests/accounting",)),
    )
    for modules, tests in listed:
        yield from _dropped(modules, tests)
    others = said_to_be_pure() - {module.__name__ for modules, _ in listed for module in modules}
    for name in sorted(others):
        yield from _dropped([import_module(name)], OF_ROOMS.get(name.split(".")[1], ALL))


def _dropped(modules: Iterable[ModuleType], tests: tuple[str, ...]) -> Iterator[Dropped]:
    for module in modules:
        for name, function in getmembers(module, isfunction):
            if function.__module__ == module.__name__ and re.match("_?check_", name):
                rule = f"{module.__name__}.{name}"
                yield Dropped(rule, {without.VARIABLE: f"rule:{rule}"}, tests)


@contextmanager
def attacked() -> Iterator[Scene]:
    """The good state that guards are dropped from, in a server of its own."""
    with tempfile.TemporaryDirectory(prefix="nzc-drop-") as folder:
        postgres = EmbeddedPostgres(Path(folder))
        postgres.start()
        try:
            server = Server(postgres.url(), postgres.url(OWNER_LOGIN), postgres.url(SUPERUSER))
            yield asyncio.run(_made(server))
        finally:
            postgres.stop()


async def _made(server: Server) -> Scene:
    await create_database(server, TEMPLATE)
    await migrate(server.url(OWNER, TEMPLATE))
    return await good_state(server, TEMPLATE)


async def dropped_guards(scene: Scene) -> list[Dropped]:
    connection = await scene.connect(OWNER)
    names = {row[0] for row in await connection.fetch(CONSTRAINTS)} - set(NEEDS_NO_ATTACK)
    tables = {row["name"]: row["of_table"] for row in await connection.fetch(TABLES)}
    guards = {
        name for row in await connection.fetch(FUNCTIONS) for name in REFUSALS.findall(row[0])
    }
    await connection.close()
    drops = {
        name: f"ALTER TABLE {tables[name]} DROP CONSTRAINT {name} CASCADE"
        if name in tables
        else f"DROP INDEX {name}"
        for name in names
    }
    drops |= {name: PASS_OVER.format(name=name) for name in guards}
    state = {GIVEN: given_as(scene)}
    return [
        Dropped(name, state | {without.VARIABLE: f"sql:{sql}"}, OF_GUARDS)
        for name, sql in sorted(drops.items())
    ]


def missed_by(dropped: Dropped, last: str | None) -> str | None:
    """The first test that fails without it, where the one that did so last does not; None where all pass."""
    here, there = FORKING.Pipe(duplex=False)
    # A process each: a rule that is taken away does not come back.
    process = FORKING.Process(target=_tell_first_failure, args=(dropped, last, there))
    process.start()
    there.close()
    with here:
        missed: str | None = here.recv()
    process.join()
    return missed


def _tell_first_failure(dropped: Dropped, last: str | None, there: Connection) -> None:
    os.environ.update(dropped.environment)
    without.take_rule_away()
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    missed = last and _first_failure([last])
    there.send(missed or _first_failure(dropped.tests))


class FirstFailure:
    """The id of the first test that fails, or of the first file that cannot be imported."""

    found: str | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.found = self.found or (report.nodeid if report.failed else None)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.found = self.found or (report.nodeid if report.failed else None)


def _first_failure(tests: Sequence[str]) -> str | None:
    first = FirstFailure()
    options = ["-x", "-q", "-m", "not slow", "--tb=no", "--assert=plain", "-p", "no:cacheprovider"]
    pytest.main([*options, *tests], plugins=[first])
    return first.found


def main(part: str) -> int:
    kept: dict[str, str] = json.loads(MISSED_BY.read_text("utf-8"))
    with attacked() as scene:
        every = [*dropped_rules(), *asyncio.run(dropped_guards(scene))]
        chosen = [dropped for dropped in every if part in dropped.name]
        missed = dict(_each_missed_by(chosen, kept))
        broken = _fails_anyhow(sorted({*missed.values()}), scene)
    names = {dropped.name for dropped in every}
    remember({name: test for name, test in (kept | missed).items() if name in names})
    print(f"{len(chosen)} dropped one by one, {len(chosen) - len(missed)} that nobody missed")
    if broken:
        print(f"{broken} fails with nothing dropped, too")
    return 1 if broken or len(missed) < len(chosen) else 0


def _each_missed_by(
    chosen: Sequence[Dropped], kept: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        tests = [kept.get(dropped.name) for dropped in chosen]
        for dropped, missed in zip(chosen, pool.map(missed_by, chosen, tests), strict=True):
            print(f"{dropped.name}: {missed or 'NOBODY MISSED IT'}", flush=True)
            if missed is not None:
                yield dropped.name, missed


def _fails_anyhow(tests: Sequence[str], scene: Scene) -> str | None:
    """A test that missed something, and fails where nothing is dropped: it says nothing."""
    nothing = Dropped("nothing", {GIVEN: given_as(scene)}, tuple(tests))
    return missed_by(nothing, None) if tests else None


def remember(missed: Mapping[str, str]) -> None:
    """Keep which test missed what is there to be dropped."""
    text = json.dumps(missed, ensure_ascii=False, indent=0, sort_keys=True)
    MISSED_BY.write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
