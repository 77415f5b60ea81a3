"""Numbers of authorities: of registries, of sites; and which of them are one. Pure."""

import re
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase

from nzc_api.refusal import InvalidInput

# Only ASCII: “ß” is not “SS”, and what has such a letter is refused as it is.
CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)

# An authority's number is the same whichever brackets its year stands in.
BRACKETS = str.maketrans(dict.fromkeys("(（[{【〖﹝", "〔") | dict.fromkeys(")）]}】〗﹞", "〕"))

_SEPARATORS = re.compile("[._/#-]+")
_NEEDLESS_DASH = re.compile("(?<![0-9])-|-(?![0-9])")
_LEADING_ZEROS = re.compile("(?<![0-9])0+(?=[0-9])")

# The same as ``number_key``, in SQL.
NUMBER_KEY = (
    'regexp_replace(regexp_replace(regexp_replace(translate(upper({text} COLLATE "C"), '
    "'([（【)]）】', '〔〔〔〔〕〕〕〕'), '[._/#-]+', '-', 'g'), "
    "'(?<![0-9])-|-(?![0-9])', '', 'g'), '(?<![0-9])0+(?=[0-9])', '', 'g')"
)

# An identifier, never a text about people.
NUMBER = re.compile(r"[A-Za-z0-9\u3007\u3400-\u4dbf\u4e00-\u9fff〔〕【】（）()\[\]._/#-]{1,64}")


def check_number(number: str, field: str) -> InvalidInput | None:
    """Refuse what is no authority's number."""
    if NUMBER.fullmatch(number):
        return None
    return InvalidInput(
        path=(field,),
        value=number[:80],
        expected_zh="1至64个汉字、字母、数字或 ._/#-()[]〔〕【】（） 组成的编号",
        expected_en="a number of 1 to 64 letters, Chinese characters, digits or ._/#-()[]〔〕【】（）",
    )


@lru_cache(maxsize=4096)
def number_key(number: str) -> str:
    """What a number, or a prefix of serials, is however it is written: a_1, A-1, A1 and A-01 are one. (A separator
    stays where it keeps two numbers apart.) Such a key is compared, never shown."""
    dashed = _SEPARATORS.sub("-", number.translate(CAPITALS).translate(BRACKETS))
    return _LEADING_ZEROS.sub("", _NEEDLESS_DASH.sub("", dashed))
