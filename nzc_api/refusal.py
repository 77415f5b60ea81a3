"""What an expected failure is: a value with facts and a bilingual message.

A rule that refuses something returns a ``Refusal``; a service that cannot go on raises
``Refused`` with it. Refusals are stored beside idempotency keys, so they freeze to JSON facts
and thaw to an equal value.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, ClassVar, Self, TypeVar, get_args, get_origin, get_type_hints

from nzc_api.invisible import shown

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class LocalizedText:
    """A text in Chinese (``zh``) and in British English (``en``); both are always present."""

    zh: str
    en: str


# What a message has where there is nothing to be told.
NOTHING = "–"

# How many items of a list a message tells; the fact itself has them all.
MOST_TOLD = 8

# What the members of our enumerations are called, by enumeration and value.
_WORDS: dict[type[StrEnum], Mapping[str, LocalizedText]] = {}


def name_words(enum: type[StrEnum], names: Mapping[str, Mapping[str, str]]) -> None:
    """Let messages call the members of ``enum`` by ``names``: a text (zh, en) for each value."""
    assert set(names) == set(enum), enum
    _WORDS[enum] = {value: LocalizedText(**name) for value, name in names.items()}


def words_of(enum: type[StrEnum]) -> Mapping[str, LocalizedText]:
    """What the members of an enumeration are called in messages."""
    return _WORDS[enum]


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A refusal: ``code``, where in the command (``path``), and the facts of its subclass.

    A path has the names of fields as the API has them, spelled as in Python (``retired_on``), and the numbers of items
    of lists; how it is written in GraphQL, the schema alone knows.
    Subclasses are dataclasses whose fields are strings, members of string enumerations, integers,
    booleans, tuples of these, or None; ``zh`` and ``en`` are templates over the field names. Where there
    is nothing, a dash stands, which is read in either language. In Chinese a member is called by its
    name (``name_words``) with its code in brackets; in English its code is a word already. A field that
    is annotated with its enumeration reads the same after ``thaw``. A string that is called otherwise
    in each language is annotated with the function that says how. Of a list the first ``most_told`` are
    told, and how many there are.
    """

    code: ClassVar[str]
    zh: ClassVar[str]
    en: ClassVar[str]
    # Malformed input is refused whatever the state of the world: its key may be used again.
    malformed: ClassVar[bool] = False
    most_told: ClassVar[int] = MOST_TOLD
    _by_code: ClassVar[dict[str, type["Refusal"]]] = {}

    path: tuple[str, ...] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if Refusal._by_code.setdefault(cls.code, cls) is not cls:
            raise TypeError(f"two refusals share the code {cls.code}")

    @staticmethod
    def every() -> Collection[type["Refusal"]]:
        """Each kind of refusal that was imported by now."""
        return Refusal._by_code.values()

    @property
    def message(self) -> LocalizedText:
        names = _names(type(self))  # type: ignore[arg-type]  # A class has a hash, whatever its objects' is.
        facts = {f.name: _called(getattr(self, f.name), names.get(f.name)) for f in fields(self)}
        return told(LocalizedText(self.zh, self.en), facts, self.most_told)

    @property
    def positions(self) -> tuple[int, ...]:
        """The positions of the log that it names: facts that are ids, or say so."""
        named = [
            getattr(self, f.name)
            for f in fields(self)
            if f.name.endswith(("position", "_id", "_ids"))
        ]
        every = (p for value in named for p in (value if isinstance(value, tuple) else (value,)))
        return tuple(p for p in every if isinstance(p, int))

    def under(self, *parents: str) -> Self:
        """The same refusal, seen from further out: its path starts with ``parents``."""
        return replace(self, path=(*parents, *self.path))

    def freeze(self) -> dict[str, Any]:
        """The refusal as JSON: its code and its facts."""
        return {"code": self.code} | {f.name: getattr(self, f.name) for f in fields(self)}

    @staticmethod
    def thaw(frozen: Mapping[str, Any]) -> "Refusal":
        """The refusal that ``freeze`` wrote."""
        kind = Refusal._by_code[frozen["code"]]
        enums = _enums(kind)  # type: ignore[arg-type]
        facts = {
            name: _thawed(value, enums.get(name))
            for name, value in frozen.items()
            if name != "code"
        }
        return kind(**facts)


class Refused(Exception):
    """Raised where a refusal ends the work; it carries the refusal to the caller."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message.en)
        self.refusal = refusal


class Failed(Exception):
    """Raised where NZC itself cannot go on, or not begin; the operator is told why and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{en} {zh}")
        self.message = LocalizedText(zh, en)


def refuse(refusal: Refusal | None, *parents: str) -> None:
    """Raise what a rule refused, if it did, seen from the whole input."""
    if refusal is not None:
        raise Refused(refusal.under(*parents))


def first_refused(
    field: str, items: Iterable[V], check: Callable[[V], Refusal | None]
) -> Refusal | None:
    """What a rule refuses of the items of a list, the first that it does, seen from what has the list."""
    for number, item in enumerate(items):
        problem = check(item)
        if problem is not None:
            return problem.under(field, str(number))
    return None


def none_refused(results: Iterable[V | Refusal]) -> list[V]:
    """What rules made of each of several things; raises the first that they refused, and asks for no more."""
    made: list[V] = []
    for result in results:
        if isinstance(result, Refusal):
            raise Refused(result)
        made.append(result)
    return made


@dataclass(frozen=True, kw_only=True)
class InvalidInput(Refusal):
    """A value that cannot be what its field asks for, whatever the state of the world."""

    code = "INVALID_INPUT"
    malformed = True
    zh = "“{value}”不能用于此处：{expected_zh}"
    en = "“{value}” cannot be used here: {expected_en}"

    value: str
    expected_zh: str
    expected_en: str
    # Where the value was given as an id: what that stands for.
    position: int | None = None


@dataclass(frozen=True, kw_only=True)
class NotFound(Refusal):
    """An id or a code that names nothing that exists; ``position`` is what the id stands for."""

    code = "NOT_FOUND"
    zh = "找不到{kind_zh}“{value}”"
    en = "There is no {kind_en} “{value}”"

    value: str
    kind_zh: str
    kind_en: str
    position: int | None = None

    @classmethod
    def born_at(cls, position: int, kind_zh: str, kind_en: str, *path: str) -> "NotFound":
        """That nothing of the kind was born at a position."""
        return cls(
            path=path, value=str(position), kind_zh=kind_zh, kind_en=kind_en, position=position
        )


def told(
    template: LocalizedText, facts: Mapping[str, object], most: int = MOST_TOLD
) -> LocalizedText:
    """A template over the names of facts, filled in as messages show facts in each language."""
    zh = {name: _in_chinese(value, most) for name, value in facts.items()}
    en = {name: _in_english(value, most) for name, value in facts.items()}
    return LocalizedText(zh=template.zh.format(**zh), en=template.en.format(**en))


def _in_chinese(value: object, most: int = MOST_TOLD) -> str:
    if isinstance(value, tuple):
        named = "、".join(map(_in_chinese, value[:most])) or NOTHING
        return named if len(value) <= most else f"{named}等{len(value)}种"
    if isinstance(value, LocalizedText):
        return _as_it_is(value.zh)
    if isinstance(value, bool):
        return "是" if value else "否"
    names = _WORDS.get(type(value)) if isinstance(value, StrEnum) else None
    return _as_it_is(value) if names is None else f"{names[str(value)].zh}（{value}）"


def _in_english(value: object, most: int = MOST_TOLD) -> str:
    if isinstance(value, tuple):
        named = ", ".join(map(_in_english, value[:most])) or NOTHING
        return named if len(value) <= most else f"{named} and {len(value) - most} more"
    if isinstance(value, LocalizedText):
        return _as_it_is(value.en)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _as_it_is(value)


def _as_it_is(value: object) -> str:
    return NOTHING if value is None else shown(str(value))


def _called(value: object, name: Callable[[str], LocalizedText] | None) -> object:
    """A fact, or each item of it, by the name that people give it."""
    if isinstance(value, tuple):
        return tuple(_called(item, name) for item in value)
    return name(value) if name is not None and isinstance(value, str) else value


@cache
def _names(kind: type[Refusal]) -> dict[str, Callable[[str], LocalizedText]]:
    """How the strings of a refusal's fields are called, where their annotation says."""
    hints = get_type_hints(kind, include_extras=True)
    return {
        name: part.__metadata__[0]
        for name, hint in hints.items()
        for part in (hint, *get_args(hint))
        if get_origin(part) is Annotated
    }


@cache
def _enums(kind: type[Refusal]) -> dict[str, type[StrEnum]]:
    """The fields of a refusal that hold members of an enumeration, or tuples of them."""
    hints = get_type_hints(kind)
    return {
        name: part
        for name, hint in hints.items()
        for part in (hint, *get_args(hint))
        if isinstance(part, type) and issubclass(part, StrEnum)
    }


def _thawed(value: Any, enum: type[StrEnum] | None) -> Any:
    if isinstance(value, list):
        return tuple(_thawed(item, enum) for item in value)
    return value if enum is None or value is None else enum(value)
