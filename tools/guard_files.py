"""The guards as files (migrations/guards): each function as it is in force, whole, in a file of its name;
and all triggers, in one.

What PostgreSQL has is compared with what it would have if a file were executed: how a file is written is
its own affair. The last paragraph of its head is told from the database; those before it say why.
"""

import difflib
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

FOLDER = Path(__file__).parents[1] / "migrations" / "guards"
TRIGGERS_FILE = "triggers.sql"

# What the file of a new function says until somebody says more.
UNSAID = "-- Why?"

WIDTH = 100
# Who has more callers than that is called by almost everybody.
MOST_CALLERS = 12
PARAGRAPH = "\n--\n"

REFUSALS = re.compile(r"nzc_refuse\('(\w+)'")

# Of functions that have one name but other arguments, all is one text.
FUNCTIONS = r"""
    SELECT proname::text AS name, string_agg(pg_get_functiondef(oid), '' ORDER BY oid) AS definition,
           string_agg(prosrc, '' ORDER BY oid) AS source
      FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'nzc\_%'
     GROUP BY proname ORDER BY proname
"""

MADE_NOW = """
    SELECT coalesce(string_agg(pg_get_functiondef(oid), '' ORDER BY oid), '')
      FROM pg_proc WHERE xmin = pg_current_xact_id()::xid
"""

# In the order in which they fire.
TRIGGERS = """
    SELECT tgrelid::regclass::text AS "table", tgfoid::regproc::text AS function,
           pg_get_triggerdef(oid, true) AS definition
      FROM pg_trigger WHERE NOT tgisinternal
     ORDER BY tgrelid::regclass::text COLLATE "C", tgname COLLATE "C"
"""

TRIGGER = re.compile(
    r"CREATE (?:CONSTRAINT )?TRIGGER \w+ (?P<when>.+) ON (?P<table>\w+) (?P<how>.+) "
    r"EXECUTE FUNCTION \w+\((?P<given>.*)\)"
)


@dataclass(frozen=True)
class Guard:
    """A function as the database has it, and what it tells of it besides."""

    definition: str
    tells: str


@dataclass(frozen=True)
class GuardFile:
    """The parts of a file: why there is the guard, what the database tells of it, the statement."""

    why: str
    tells: str
    statement: str

    @classmethod
    def read(cls, path: Path) -> "GuardFile":
        head, _, statement = path.read_text("utf-8").partition("\n\n")
        why, _, tells = head.rpartition(PARAGRAPH)
        return cls(why, tells, statement)

    def write(self, path: Path) -> None:
        path.write_text(f"{self.why}{PARAGRAPH}{self.tells}\n\n{self.statement}", "utf-8")


def guard_files(folder: Path) -> dict[str, Path]:
    """The file of each function, by its name."""
    return {path.stem: path for path in sorted(folder.rglob("*.sql")) if path.name != TRIGGERS_FILE}


async def guards(connection: Connection) -> dict[str, Guard]:
    """Each function of a database, by its name."""
    found = await connection.fetch(FUNCTIONS)
    triggers = await connection.fetch(TRIGGERS)
    sources = {row["name"]: row["source"] for row in found}
    return {
        row["name"]: Guard(row["definition"], _comment(
            *_firings([t["definition"] for t in triggers if t["function"] == row["name"]]),
            *_callers([name for name, source in sources.items() if f"{row['name']}(" in source]),
            *_refusals(REFUSALS.findall(row["source"])),
        ))
        for row in found
    }  # fmt: skip


async def triggers(connection: Connection) -> str:
    """All triggers of a database, table by table, in the order in which they fire."""
    tables = groupby(await connection.fetch(TRIGGERS), key=lambda row: str(row["table"]))
    return "\n".join(
        f"-- {table}\n" + "".join(f"{row['definition']};\n" for row in of_table)
        for table, of_table in tables
    )


async def differences(connection: Connection, folder: Path = FOLDER) -> dict[str, str]:
    """Which files are otherwise than the database, and how."""
    found, files = await guards(connection), guard_files(folder)
    told = dict.fromkeys(found.keys() - files.keys(), "has no file")
    told |= dict.fromkeys(files.keys() - found.keys(), "is made by no migration")
    for name in found.keys() & files.keys():
        file, guard = GuardFile.read(files[name]), found[name]
        made = await _made_by(connection, file.statement)
        told[name] = _difference(f"{file.tells}\n{made}", f"{guard.tells}\n{guard.definition}")
        told[name] += _flaw(file, files[name], folder)
    in_file = (folder / TRIGGERS_FILE).read_text("utf-8")
    told[TRIGGERS_FILE] = _difference(in_file, await triggers(connection))
    return {name: how for name, how in sorted(told.items()) if how}


async def write(connection: Connection, folder: Path = FOLDER) -> None:
    """Write what the database has, where a file is otherwise; why there is a guard stays as it was said."""
    files = guard_files(folder)
    for name, guard in (await guards(connection)).items():
        path = files.get(name, folder / f"{name}.sql")
        file = GuardFile.read(path) if path.exists() else GuardFile(UNSAID, "", "")
        same = await _made_by(connection, file.statement) == guard.definition
        statement = file.statement if same else f"{guard.definition.rstrip()};\n"
        GuardFile(file.why, guard.tells, statement).write(path)
    (folder / TRIGGERS_FILE).write_text(await triggers(connection), "utf-8")


async def _made_by(connection: Connection, statement: str) -> str:
    """What PostgreSQL would have of the functions that a statement makes; why it refuses to, if it does."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(f"SELECT; {statement}")  # asyncpg cannot execute nothing
        return str(await connection.fetchval(MADE_NOW))
    except asyncpg.PostgresError as error:
        return f"{error}\n"
    finally:
        await transaction.rollback()


def _flaw(file: GuardFile, path: Path, folder: Path) -> str:
    """What nobody would find, or understand."""
    if len(list(folder.rglob(path.name))) > 1:
        return "has more than one file"
    if path.parent == folder:
        return "lies in no folder"
    return "does not say why it is there" if file.why in {"", UNSAID} else ""


def _difference(in_file: str, in_database: str) -> str:
    return "\n".join(difflib.unified_diff(
        in_file.split("\n"), in_database.split("\n"), "in its file", "in the database", "", "", 1, ""
    ))  # fmt: skip


def _firings(definitions: list[str]) -> Iterator[str]:
    """When a function fires on which tables; what it is given stands with each table."""
    found = [match for definition in definitions if (match := TRIGGER.fullmatch(definition))]
    assert len(found) == len(definitions)
    found.sort(key=lambda trigger: trigger.group("when", "how"))
    for (when, how), alike in groupby(found, key=lambda trigger: trigger.group("when", "how")):
        tables = [f"{t['table']} ({t['given']})" if t["given"] else t["table"] for t in alike]
        yield f"Fires {when} ON {', '.join(tables)} {how}."


def _callers(names: list[str]) -> Iterator[str]:
    if names:
        yield f"Called by {', '.join(names) if len(names) <= MOST_CALLERS else 'many'}."


def _refusals(names: list[str]) -> Iterator[str]:
    if names:
        yield f"Refuses: {', '.join(dict.fromkeys(names))}."


def _comment(*sentences: str) -> str:
    return "\n".join(
        textwrap.fill(sentence, WIDTH, initial_indent="-- ", subsequent_indent="--   ",
                      break_long_words=False, break_on_hyphens=False)
        for sentence in sentences or ("Called by no other function.",)
    )  # fmt: skip
