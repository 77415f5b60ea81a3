"""Numbers of authorities: of registries, of sites. Pure."""

import re

from nzc_api.refusal import InvalidInput

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
