"""What counts as a name: the same everywhere."""

import unicodedata

from nzc_api.refusal import InvalidInput, Refused

LONGEST_NAME = 200


def name_problem(value: str, *path: str, longest: int = LONGEST_NAME) -> InvalidInput | None:
    """Why ``value`` is no name: empty, padded, too long, or with characters that cannot be seen."""
    visible = all(
        unicodedata.category(character) not in {"Cc", "Cs", "Co", "Cn"} for character in value
    )
    if value.strip() == value and 0 < len(value) <= longest and visible:
        return None
    return InvalidInput(
        path=path,
        value=value[:LONGEST_NAME],
        expected_zh=f"1至{longest}个字符，首尾无空格，无控制字符",
        expected_en=f"1 to {longest} characters, no spaces at the ends, no control characters",
    )


def checked_name(value: str, *path: str) -> None:
    """Raise ``Refused`` unless ``value`` is a name."""
    problem = name_problem(value, *path)
    if problem is not None:
        raise Refused(problem)
