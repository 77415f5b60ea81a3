"""The factors of a curated list by what people call them, as the API has them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from nzc_api.files.vocabulary import folded, term_of
from nzc_api.importing.api import ApiClient

_FACTORS = """query ($list: String!, $after: String) { factorList(code: $list) {
    factors(first: 100, after: $after) {
        nodes { code subject name { zh en } } pageInfo { hasNextPage endCursor } } } }"""


@dataclass(frozen=True, slots=True)
class Factors:
    """The codes of a list's factors, by each of their names: code, subject, Chinese, English."""

    codes: Mapping[str, frozenset[str]]

    @classmethod
    def read(cls, api: ApiClient, code: str) -> "Factors":
        """Those of the list with a code; none where there is no such list."""
        found: dict[str, set[str]] = defaultdict(set)
        after = None
        while True:
            listed = api.ask(_FACTORS, list=code, after=after)["factorList"]
            if listed is None:
                break
            for factor in listed["factors"]["nodes"]:
                for name in (factor["code"], factor["subject"], *factor["name"].values()):
                    found[folded(name)].add(factor["code"])
            page = listed["factors"]["pageInfo"]
            if not page["hasNextPage"]:
                break
            after = page["endCursor"]
        return cls({name: frozenset(codes) for name, codes in found.items()})

    def named(self, text: str) -> str | None:
        """The only factor that a text names, as the list has it or as people call its subject."""
        for name in (folded(text), term_of("subject", text)):
            codes = self.codes.get(name or "", frozenset())
            if len(codes) == 1:
                return next(iter(codes))
        return None
