"""``make errors`` writes docs/errors.md and docs/errors.zh.md: every code that an answer may carry."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from pkgutil import walk_packages

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLUnionType, get_named_type

import nzc_api
from nzc_api.refusal import Refusal
from nzc_api.schema.schema import schema
from nzc_api.shortcuts.handles import core_schema
from tools.top_level_codes import top_level_codes

DOCS = Path(__file__).parents[1] / "docs"

WORDS: Mapping[str, Mapping[str, str]] = json.loads(
    Path(__file__).with_name("top_level_words.json").read_text("utf-8")
)

# What is not yet said of a code; a test finds it.
UNSAID = {"zh": "（未说明）", "en": "(not described)"}


@dataclass(frozen=True)
class Language:
    """How the page is worded in one language."""

    code: str
    file: str
    head: str
    refusals: str
    type: str
    facts: str
    mutations: str
    joint: str
    free: str
    final: str


ENGLISH = Language(
    code="en",
    file="errors.md",
    head="""# Errors

[中文](errors.zh.md)

Every code that an answer may carry. `make errors` writes this page from the code, and a test compares.

There are two kinds. **A top-level error** stands in `errors` of the answer: the request could not be dealt with
as it is. `extensions.code` is its code, `extensions.localizedMessage { zh en }` its message. **A refusal** is one
of the answers that a mutation's union has: it implements `UserError { code message { zh en } path }`, `path` says
which input field it is about, and its facts are fields. Where something is refused that has no union, an argument
of a query say, the refusal's code is that of a top-level error, with `inputPath`.

Messages are for people and may be reworded; codes are for programs and stay.

## Top-level errors

| code | when, and what to do | facts in `extensions` |
|---|---|---|
""",
    refusals="""
## Refusals

What stands in braces is filled in with the values of the request.
""",
    type="type: ",
    facts="facts: ",
    mutations="met by: ",
    joint=", ",
    free="Its idempotency key may be used again: the input is malformed, whatever the state of the world.",
    final="Final under its idempotency key: when the reason is gone, send a new request with a new key.",
)

CHINESE = Language(
    code="zh",
    file="errors.zh.md",
    head="""# 错误代码

[English](errors.md)

本页列出应答中可能出现的全部代码。本页由`make errors`根据程序代码生成，并有测试核对。

错误分两类。**顶层错误**列在应答的`errors`中，表示请求无法按原样处理：`extensions.code`是代码，
`extensions.localizedMessage { zh en }`是消息。**拒绝**是变更操作（mutation）联合类型中的一种结果，均实现
`UserError { code message { zh en } path }`：`path`指明涉及哪个输入字段，相关事实列为字段。没有联合类型之处
（例如查询的参数）如遇拒绝，该拒绝的代码即作为顶层错误的代码，并附`inputPath`。

消息供人阅读，措辞可能调整；代码供程序使用，保持不变。

## 顶层错误

| 代码 | 何时出现，如何处理 | `extensions`中的事实 |
|---|---|---|
""",
    refusals="""
## 拒绝

花括号中的内容由请求的实际值填入。
""",
    type="类型：",
    facts="事实：",
    mutations="出现于：",
    joint="、",
    free="幂等键可以再次使用：输入本身不合要求，与系统的状态无关。",
    final="在该幂等键下为最终结果：原因消除后，请使用新的幂等键提交新的请求。",
)

LANGUAGES = (ENGLISH, CHINESE)


def page(language: Language) -> str:
    """The page in a language."""
    rows = "".join(_rows(language))
    return language.head + rows + language.refusals + "".join(_refusals(language))


def _rows(language: Language) -> Iterator[str]:
    for code, facts in top_level_codes().items():
        words = WORDS.get(code, UNSAID)[language.code]
        yield f"| `{code}` | {_plain(words)} | {language.joint.join(_quoted(facts))} |\n"


def _refusals(language: Language) -> Iterator[str]:
    met = _mutations_by_type()
    for refused in sorted(refusals(), key=lambda refused: refused.code):
        name = refused.__name__  # so the GraphQL type is called
        yield f"\n### {refused.code}\n\n"
        if language is ENGLISH:
            yield f"{_unwrapped(refused.__doc__ or '')}\n\n"
        yield f"> {_plain(getattr(refused, language.code))}\n\n"
        for label, items in (
            (language.type, [name]),
            (language.facts, _facts(name)),
            (language.mutations, met.get(name, [])),
        ):
            if items:
                yield f"- {label}{language.joint.join(_quoted(items))}\n"
        yield f"- {language.free if refused.malformed else language.final}\n"


def refusals() -> list[type[Refusal]]:
    """Every refusal of the product, in modules that nothing has imported yet, too."""
    for module in walk_packages(nzc_api.__path__, "nzc_api."):
        import_module(module.name)
    return [r for r in Refusal.every() if r.__module__.startswith("nzc_api.")]


def _mutations_by_type() -> dict[str, list[str]]:
    """The mutations that may answer with each type of error. An item of a bulk mutation meets what
    its single one does."""
    root = core_schema(schema).mutation_type
    assert root is not None
    met: dict[str, list[str]] = {}
    for name in root.fields:
        single = name.removesuffix("Bulk")
        payloads = [get_named_type(root.fields[each].type) for each in {single, name}]
        members = {m.name for p in payloads if isinstance(p, GraphQLUnionType) for m in p.types}
        for member in members:
            met.setdefault(member, []).append(name)
    return met


def _facts(name: str) -> list[str]:
    """The fields that an error has beside those of all errors, with their types."""
    kind, common = core_schema(schema).type_map[name], core_schema(schema).type_map["UserError"]
    assert isinstance(kind, GraphQLObjectType)
    assert isinstance(common, GraphQLInterfaceType)
    return [f"{n}: {field.type}" for n, field in kind.fields.items() if n not in common.fields]


def _quoted(items: list[str]) -> list[str]:
    return [f"`{item}`" for item in items]


def _unwrapped(docstring: str) -> str:
    """A docstring as Markdown: each paragraph on one line, code in single quotes."""
    return re.sub(r"(?<!\n)\n(?!\n)", " ", cleandoc(docstring)).replace("``", "`")


def _plain(text: str) -> str:
    """Text in which Markdown finds no tags."""
    return "".join(
        part if index % 2 else part.replace("<", "&lt;")
        for index, part in enumerate(re.split(r"(`[^`]*`)", text))
    )


if __name__ == "__main__":
    for each in LANGUAGES:
        (DOCS / each.file).write_text(page(each), "utf-8")
