"""What counts as a name: the same everywhere. The rules are those of decision 19."""

import unicodedata
from collections.abc import Iterator

import regex

from nzc_api.invisible import HIDDEN, code_point, shown
from nzc_api.refusal import InvalidInput, LocalizedText, Refused

LONGEST_NAME = 200

# The scripts that Unicode recommends for names (UAX #31, table 5), and those of China's other languages.
# A word is of one of them; those of East Asia stand in one word with each other and with Latin.
ALPHABETS = (
    "Latin", "Cyrillic", "Greek", "Arabic", "Armenian", "Bengali", "Devanagari", "Ethiopic", "Georgian",
    "Gujarati", "Gurmukhi", "Hebrew", "Kannada", "Khmer", "Lao", "Malayalam", "Mongolian", "Myanmar",
    "Oriya", "Sinhala", "Tamil", "Telugu", "Thaana", "Thai", "Tibetan", "Yi",
)  # fmt: skip
EAST_ASIAN = ("Han", "Hiragana", "Katakana", "Bopomofo", "Hangul")

# What people write where they have nothing to say; letters and digits of it.
_PLACEHOLDERS = frozenset(
    {
        "没有", "不详", "未知", "暂无", "同上", "测试", "无此", "none", "nil", "null", "na", "nothing", "unknown",
        "test", "tbd", "todo", "xx", "xxx", "xxxx", "ok", "yes", "no",
    }
)  # fmt: skip

# Greek letters in units and quantities that look like no Latin letter: micro, ohm, a difference.
_SYMBOLS = "μΩΔ"


def _extensions(scripts: tuple[str, ...]) -> str:
    return "".join(rf"\p{{Script_Extensions={script}}}" for script in scripts)


_ANY_WORD = r"\p{Script=Common}\p{Script=Inherited}"
_WORD: "regex.Pattern[str]" = regex.compile(
    rf"[[\p{{L}}\p{{M}}]--[{_extensions(EAST_ASIAN)}{_SYMBOLS}]]+", regex.VERSION1
)
_OF_ONE_ALPHABET: "regex.Pattern[str]" = regex.compile(
    "|".join(f"[{_ANY_WORD}{_extensions((script,))}]+" for script in ALPHABETS), regex.VERSION1
)


def name_problem(value: str, *path: str, longest: int = LONGEST_NAME) -> InvalidInput | None:
    """Why ``value`` is no name: empty, padded, too long, with characters that cannot be seen or that
    turn what follows, with words of two alphabets, or not in Unicode's composed form (NFC)."""
    flaw = next(_flaws(value, longest), None)
    if flaw is None:
        return None
    return InvalidInput(
        path=path, value=value[:LONGEST_NAME], expected_zh=flaw.zh, expected_en=flaw.en
    )


def saying_problem(value: str, *path: str, longest: int = LONGEST_NAME) -> InvalidInput | None:
    """Why ``value`` says nothing: it is no name, or stands in the place of one (-, 无, n/a, x)."""
    problem = name_problem(value, *path, longest=longest)
    letters = "".join(character for character in value.casefold() if character.isalnum())
    if problem is not None or (len(letters) > 1 and letters not in _PLACEHOLDERS):
        return problem
    return InvalidInput(
        path=path,
        value=value[:LONGEST_NAME],
        expected_zh="须写明内容，使读者能据以查证",
        expected_en="say what it is, so that a reader can look it up",
    )


def checked_name(value: str, *path: str) -> None:
    """Raise ``Refused`` unless ``value`` is a name."""
    problem = name_problem(value, *path)
    if problem is not None:
        raise Refused(problem)


def _flaws(value: str, longest: int) -> Iterator[LocalizedText]:
    """What is wrong with a name, and what would be right."""
    if not 0 < len(value) <= longest:
        yield LocalizedText(
            f"须为1至{longest}个字符，实际为{len(value)}个",
            f"1 to {longest} characters are needed, these are {len(value)}",
        )
    if value.strip() != value:
        yield LocalizedText("首尾不能有空格", "no spaces at the ends")
    hidden = HIDDEN.search(value)
    if hidden is not None:
        found = code_point(hidden[0])
        yield LocalizedText(
            f"只能使用看得见、不改变书写方向、已收入Unicode的字符；请去掉{found}",
            f"only characters of Unicode that can be seen and turn no text: leave out {found}",
        )
    for word in _WORD.findall(value):
        if not _OF_ONE_ALPHABET.fullmatch(word):
            yield LocalizedText(
                f"一个词只能用一种常用字母书写；请重新输入“{shown(word)}”",
                f"a word is of one alphabet in common use: type “{shown(word)}” anew",
            )
    composed = unicodedata.normalize("NFC", value)
    if composed != value:
        yield LocalizedText(
            f"须使用Unicode组合形式（NFC），即“{composed[:longest]}”",
            f"a text in Unicode's composed form (NFC) is needed: “{composed[:longest]}”",
        )
