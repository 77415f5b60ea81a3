"""Each word of the glossary stands for something that there is, in the API or in the code; and for one thing."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from nzc_api.schema.schema import schema

PAGE = (Path(__file__).parents[1] / "docs/glossary.md").read_text("utf-8")

ROW = re.compile(r"^\| \*\*(.+?)\*\* \| (.+?) \| .+ \| (.+?) \|$", re.MULTILINE)

TERMS = {term: re.findall(r"`(.+?)`", where) for term, _, where in ROW.findall(PAGE)}


def exists(name: str) -> bool:
    """Whether it is a type of the API, or a module of the code or something in one."""
    if not name.startswith("nzc_api."):
        return schema.get_type_by_name(name) is not None
    try:
        import_module(name)
    except ModuleNotFoundError:
        module, _, attribute = name.rpartition(".")
        return hasattr(import_module(module), attribute)
    return True


@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_of_something(term: str) -> None:
    assert TERMS[term]
    assert [name for name in TERMS[term] if not exists(name)] == []


def test_a_word_is_of_one_thing() -> None:
    names = [name for names in TERMS.values() for name in names]
    assert len(TERMS) == len(ROW.findall(PAGE)) > 40
    assert len(names) == len(set(names))
    chinese = [word for _, word, _ in ROW.findall(PAGE)]
    assert len(chinese) == len(set(chinese))
