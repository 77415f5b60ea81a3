"""What rows name and the API knows by ids: pilots with their periods, organisations, projects."""

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, Protocol

from nzc_api.access.credit_code import is_credit_code
from nzc_api.files.cells import day, span, year
from nzc_api.files.parts import parts
from nzc_api.files.vocabulary import folded
from nzc_api.importing.api import ApiClient, Refusing

# Asked for in one request: of meters with their devices, more would be more than one operation may cost; and of what
# is less.
AT_ONCE = 20
MANY_AT_ONCE = 100

# What a list is searched for.
LONGEST_SEARCH = 100

# How the API says that it does not take something that was asked for.
NOT_TAKEN = {"INVALID_INPUT", "BAD_USER_INPUT"}


class Missing(Exception):
    """A row names what is not there; the texts say what."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.message = {"zh": zh, "en": en}


class NamedBeneficiary(NamedTuple):
    """A pilot's code and one of its periods: a calendar year, or from a first to a last day."""

    pilot: str
    first: date
    last: date

    @classmethod
    def of(cls, cells: Mapping[str, str]) -> "NamedBeneficiary":
        """What a row names. Raises ``UnreadableCell``."""
        if "period_from" in cells:
            return cls(cells["pilot"], day(cells["period_from"]), day(cells.get("period_to", "")))
        if "period" in cells:
            return cls(cells["pilot"], *span(cells["period"]))
        in_year = year(cells["year"])
        # A year of four zeros is none: there is no such period.
        return cls(cells["pilot"], date(max(in_year, 1), 1, 1), date(max(in_year, 1), 12, 31))

    @property
    def time(self) -> str:
        if (self.first.month, self.first.day, self.last) == (1, 1, date(self.first.year, 12, 31)):
            return str(self.first.year)
        return f"{self.first} – {self.last}"

    def query(self, alias: str) -> str:
        return (
            f"{alias}: pilot(by: {{code: ${alias}}}) {{ id accountingPeriod(by: {{containing: "
            f'"{self.first}"}}) {{ id startsOn endsOn }} }}'
        )

    def variable(self) -> str:
        return self.pilot

    def found_in(self, data: Any) -> tuple[str, str] | None:
        period = (data or {}).get("accountingPeriod") or {}
        if (period.get("startsOn"), period.get("endsOn")) != (str(self.first), str(self.last)):
            return None
        return data["id"], period["id"]

    def missing(self) -> Missing:
        return Missing(
            f"没有代码为“{self.pilot}”且核算期为{self.time}的试点",
            f"There is no pilot “{self.pilot}” with an accounting period of {self.time}",
        )


class NamedOrganisation(NamedTuple):
    """An organisation by its unified social credit code, or by one of its names."""

    name: str

    def query(self, alias: str) -> str:
        by = "creditCode" if is_credit_code(self.name) else "name"
        return f"{alias}: organisations({by}: ${alias}, first: 100) {{ nodes {{ id name {{ zh en }} }} }}"

    def variable(self) -> str:
        return self.name[:LONGEST_SEARCH]

    def found_in(self, data: Any) -> str | None:
        nodes = data["nodes"]
        if not is_credit_code(self.name):
            wanted = folded(self.name)
            nodes = [n for n in nodes if wanted in map(folded, n["name"].values())]
        return str(nodes[0]["id"]) if len(nodes) == 1 else None

    def missing(self) -> Missing:
        return Missing(
            f"没有（唯一的）统一社会信用代码或名称为“{self.name}”的组织",
            f"There is no organisation, or not one only, with the credit code or name “{self.name}”",
        )


class NamedProject(NamedTuple):
    """A project by its code."""

    code: str

    def query(self, alias: str) -> str:
        return f"{alias}: project(by: {{code: ${alias}}}) {{ id }}"

    def variable(self) -> str:
        return self.code

    def found_in(self, data: Any) -> str | None:
        return str(data["id"]) if data else None

    def missing(self) -> Missing:
        return Missing(f"没有代码为“{self.code}”的项目", f"There is no project “{self.code}”")


class Named(Protocol):
    """Something that a row names, and how the API is asked for it."""

    def query(self, alias: str) -> str: ...
    def variable(self) -> str: ...
    def found_in(self, data: Any) -> Any: ...
    def missing(self) -> Missing: ...


@dataclass(slots=True)
class Directory:
    """What was asked for already, so many things in one request."""

    api: ApiClient
    at_once: int = AT_ONCE
    found: dict[Named, Any] = field(default_factory=dict)

    def learn(self, named: Iterable[Named]) -> None:
        """Ask for those that are not known yet, many in one request."""
        unknown = [one for one in dict.fromkeys(named) if one not in self.found]
        for some in parts(unknown, self.at_once):
            self._ask(some)

    def id_of(self, named: Named) -> Any:
        """The id of something; raises ``Missing``."""
        found = self.found[named]
        if found is None:
            raise named.missing()
        return found

    def _ask(self, named: Sequence[Named]) -> None:
        asked = {f"n{number}": one for number, one in enumerate(named)}
        declared = ", ".join(f"${alias}: String!" for alias in asked)
        fields = " ".join(one.query(alias) for alias, one in asked.items())
        variables = {alias: one.variable() for alias, one in asked.items()}
        try:
            data = self.api.ask(f"query ({declared}) {{ {fields} }}", **variables)
        except Refusing as refusing:
            self._ask_apart(named, refusing)
            return
        self.found |= {one: one.found_in(data[alias]) for alias, one in asked.items()}

    def _ask_apart(self, named: Sequence[Named], refusing: Refusing) -> None:
        """Ask again in halves, so that what the API does not take stops no other: there is no such thing."""
        codes = {(error.get("extensions") or {}).get("code") for error in refusing.errors}
        if not codes or not codes <= NOT_TAKEN:
            raise refusing
        if len(named) == 1:
            self.found[named[0]] = None
            return
        half = len(named) // 2
        self._ask(named[:half])
        self._ask(named[half:])


def is_id(kind: str, text: str) -> bool:
    """Whether a text is an id of the API, of something of a kind."""
    try:
        decoded = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return False
    return decoded.startswith(f"{kind}:".encode())
