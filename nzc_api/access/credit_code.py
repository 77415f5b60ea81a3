"""Unified social credit codes (统一社会信用代码), by GB 32100-2015. Pure."""

import re

# Digits and capital letters without I, O, S, V and Z: each is worth its place.
CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"

CREDIT_CODE = re.compile(f"[{CHARACTERS}]{{18}}")


def is_credit_code(text: str) -> bool:
    """Whether the text is 18 of the characters, the last of which checks the others."""
    return CREDIT_CODE.fullmatch(text) is not None and text[-1] == check_character(text[:-1])


def check_character(first: str) -> str:
    """The last character of the code that begins with these 17."""
    base = len(CHARACTERS)
    weighed = sum(CHARACTERS.index(char) * pow(3, place, base) for place, char in enumerate(first))
    return CHARACTERS[-weighed % base]
