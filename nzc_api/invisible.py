"""Characters that nobody sees, or that are not what they seem, by the properties Unicode gives them.

Python's own table of Unicode is as old as the interpreter; that of ``regex`` is this year's.
"""

import regex

# Ignorable and bidi controls, all of the category “other” (controls, private use, unassigned), line
# separators; what looks empty without being a space; what stands for something lost; and letters that
# are dressed up for formulas, which look like plain ones.
_HIDDEN = r"""
    \p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{C}\p{Zl}\p{Zp}
    \u2800\U0001D159\uFFFC\uFFFD
    \p{Block=Mathematical_Alphanumeric_Symbols}
"""

# A plain space and that of Chinese text; all others look like the one or the other.
_ODD_SPACES = r"[\p{White_Space}--[\x20\u3000]]"

HIDDEN: "regex.Pattern[str]" = regex.compile(
    rf"[{''.join(_HIDDEN.split())}{_ODD_SPACES}]", regex.VERSION1
)


def code_point(character: str) -> str:
    """How Unicode calls a character: U+ and its number."""
    return f"U+{ord(character):04X}"


def shown(text: str) -> str:
    """The text as it can be shown: what is hidden in it is named."""
    return str(HIDDEN.sub(lambda found: f"<{code_point(found[0])}>", text))
