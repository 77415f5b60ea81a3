"""The pages of error codes say what the code says, in both languages."""

import pytest

from tools.error_pages import DOCS, LANGUAGES, WORDS, Language, page, refusals
from tools.top_level_codes import top_level_codes

EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)


@EACH_LANGUAGE
def test_the_page_is_the_one_of_this_code(language: Language) -> None:
    committed = (DOCS / language.file).read_text("utf-8")
    assert committed == page(language), "make errors"


def test_every_code_of_a_top_level_error_is_described_and_no_other() -> None:
    assert set(WORDS) == set(top_level_codes())


def test_what_a_top_level_error_carries_is_found() -> None:
    """In calls with a code and in extensions that are written out."""
    codes = top_level_codes()
    assert codes["TRY_AGAIN"] == ["retryAfterSeconds"]
    assert codes["INVALID_INPUT"] == ["inputPath", "value"]
    assert codes["FORBIDDEN"] == []


@EACH_LANGUAGE
def test_every_refusal_has_its_place(language: Language) -> None:
    text = page(language).replace("&lt;", "<")
    headings = [line[4:] for line in text.splitlines() if line.startswith("### ")]
    assert headings == sorted(refused.code for refused in refusals())
    for refused in refusals():
        assert f"\n> {getattr(refused, language.code)}\n" in text
