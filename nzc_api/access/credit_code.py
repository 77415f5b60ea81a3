"""Unified social credit codes (统一社会信用代码), by GB 32100-2015. Pure."""

import re

from nzc_api.refusal import InvalidInput

# Digits and capital letters without I, O, S, V and Z: each is worth its place.
CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"

CREDIT_CODE = re.compile(f"[{CHARACTERS}]{{18}}")


def is_credit_code(text: str) -> bool:
    """Whether the text is 18 of the characters, the last of which checks the others."""
    return CREDIT_CODE.fullmatch(text) is not None and text[-1] == check_character(text[:-1])


def check_credit_code(code: str) -> InvalidInput | None:
    """Refuse what is no unified social credit code."""
    if is_credit_code(code):
        return None
    return InvalidInput(
        path=("credit_code",),
        value=code[:80],
        expected_zh="18位统一社会信用代码，末位为校验码（GB 32100-2015）",
        expected_en="a unified social credit code of 18 characters, the last of which checks the "
        "others (GB 32100-2015)",
    )


def check_character(first: str) -> str:
    """The last character of the code that begins with these 17."""
    base = len(CHARACTERS)
    weighed = sum(CHARACTERS.index(char) * pow(3, place, base) for place, char in enumerate(first))
    return CHARACTERS[-weighed % base]
