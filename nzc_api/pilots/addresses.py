"""Addresses in one way of writing, so that those of one place are the same. Pure.

What is taken out: width, case, spaces and punctuation; the country, the province, the city and the district, which are
told apart from what follows by the names of GB/T 2260 (``guide/data/places.json``).
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from nzc_api.guide.guide import GUIDE

_COUNTRIES = ("中华人民共和国", "中国", "PRCHINA", "CHINA")
_HOME = ("广东省", "广东", "GUANGDONGPROVINCE", "GUANGDONG")
# What ends the name of a place, and can be left out.
_ENDS = re.compile("(?:(?:壮族|瑶族|回族|维吾尔)*自治[区县]|特别行政区|省|市|县|区)$")
# What makes a name the name of a road, and no place: 中山三路, 广州大道.
_ROAD = re.compile(
    "[一二三四五六七八九十东南西北中]*(?:路|大道|街|道|巷|桥|港|湾|站|ROAD|AVENUE|STREET)"
)


def _places() -> tuple[Mapping[str, tuple[str, ...]], tuple[str, ...]]:
    found = json.loads((files("nzc_api.guide") / "data" / "places.json").read_text("utf-8"))
    districts = {code: tuple(names) for code, names in found["districts"].items()}
    return MappingProxyType(districts), tuple(found["provinces"])


# The districts and counties of each city of Guangdong; the other provinces.
_DISTRICTS, _PROVINCES = _places()


def _bare(name: str) -> str:
    """The name of a place without what kind of place it is, where more than one character is left."""
    short = _ENDS.sub("", name)
    return short if len(short) > 1 else name


_CITIES = {
    division.code: (
        division.name.zh,
        f"{division.name.en.upper()}CITY",
        _bare(division.name.zh),
        division.name.en.upper(),
    )
    for division in GUIDE.divisions
}


@dataclass(frozen=True, slots=True)
class Address:
    """An address: the division that it lies in (the code of a city of Guangdong, the name of another province), the
    district where it names one, and the rest, which may be nothing."""

    division: str
    district: str | None
    rest: str

    @property
    def key(self) -> str:
        return f"{self.division}:{self.rest}"

    def is_of(self, other: "Address") -> bool:
        """Whether both are one place: a district that only one of them names makes no difference."""
        return self.key == other.key and (
            self.district == other.district
            or (bool(self.rest) and None in (self.district, other.district))
        )


@lru_cache(maxsize=4096)
def read_address(text: str, division_code: str | None) -> Address | None:
    """What an address says, in one way of writing; None where it does not say in which city or other province it
    is: the name of a place is not a place."""
    rest = _without(in_one_writing(text), _COUNTRIES)
    inner = _without(rest, _HOME)
    city, rest = _city(inner, division_code, home=inner != rest)
    if city is None:
        return _elsewhere(rest)
    district, rest = _district(rest, _DISTRICTS[city])
    return Address(city, district, rest)


def in_one_writing(text: str) -> str:
    """Half width, capitals, letters and digits only; what parts two numbers is a hyphen."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).upper())
    return re.sub(r"[\W_]+", _between, folded)


def _between(gap: re.Match[str]) -> str:
    whole = gap.string
    before, after = whole[: gap.start()][-1:], whole[gap.end() :][:1]
    return "-" if before.isdigit() and after.isdigit() else ""


def _without(text: str, names: Iterable[str]) -> str:
    """The text without the first of the names that it begins or ends with."""
    for name in names:
        if text.startswith(name) and not _ROAD.match(text[len(name) :]):
            return text[len(name) :]
        if text.endswith(name) and name.isascii():
            return text[: -len(name)]
    return text


def _city(text: str, code: str | None, *, home: bool) -> tuple[str | None, str]:
    """The city that an address lies in, and the rest: the one whose code is given, or that it names."""
    for city, names in _CITIES.items():
        rest = _without(text, names)
        if rest == text or code not in (None, city):
            continue
        # 中山 is a name, 中山市 a city.
        named = _without(text, names[:2]) != text or home or _district(rest, _DISTRICTS[city])[0]
        if code is not None or named or not rest:
            return city, rest
    if code is None and home:
        code = next(
            (district for district, names in _DISTRICTS.items() if text.startswith(names)), None
        )
    return code, text


def _district(text: str, names: Iterable[str]) -> tuple[str | None, str]:
    for name in names:
        bare = _bare(name)
        for written in (name, bare):
            rest = text[len(written) :]
            if text.startswith(written) and not (written == bare != name and _ROAD.match(rest)):
                return bare, rest
    return None, text


def _elsewhere(text: str) -> Address | None:
    for name in _PROVINCES:
        for written in (name, _bare(name)):
            rest = text[len(written) :]
            if text.startswith(written) and rest and not _ROAD.match(rest):
                return Address(_bare(name), None, rest)
    return None
