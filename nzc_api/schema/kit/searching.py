"""What lists are searched for, and how much of it may be given at once."""

from nzc_api.refusal import InvalidInput, Refused

SEARCHED = (
    "With this text anywhere in its code or one of its names, in either language; Latin letters of either "
    "case. 1 to 100 characters."
)

LONGEST_SEARCH = 100


def searched_for(text: str | None, *path: str) -> str | None:
    """The text without the spaces around it; raises ``Refused`` for one that is empty or too long."""
    wanted = None if text is None else text.strip()
    if wanted is None or 0 < len(wanted) <= LONGEST_SEARCH:
        return wanted
    raise Refused(
        InvalidInput(
            path=path or ("filter", "text"),
            value=wanted[:80],
            expected_zh=f"1至{LONGEST_SEARCH}个字符",
            expected_en=f"1 to {LONGEST_SEARCH} characters",
        )
    )


def too_many(field: str, most: int, *parents: str) -> Refused:
    """That a filter names too many; ``parents``: where the filter was given."""
    return Refused(
        InvalidInput(
            path=(*parents, "filter", field),
            value="…",
            expected_zh=f"至多{most}个",
            expected_en=f"at most {most}",
        )
    )
