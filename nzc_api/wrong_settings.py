"""What is wrong with settings, in both languages: pydantic says it in English."""

from collections.abc import Iterator, Mapping

from pydantic import ValidationError

# By pydantic's type of error. What our own checks raise says it in both languages already.
_IN_CHINESE: Mapping[str, str] = {
    "int_parsing": "须为整数",
    "int_from_float": "须为整数",
    "float_parsing": "须为数字",
    "finite_number": "须为有限的数字",
    "bool_parsing": "须为true或false",
    "enum": "须为以下之一：{expected}",
    "literal_error": "须为以下之一：{expected}",
    "greater_than": "须大于{gt}",
    "greater_than_equal": "须不小于{ge}",
    "less_than": "须小于{lt}",
    "less_than_equal": "须不大于{le}",
    "string_pattern_mismatch": "须符合{pattern}",
    "value_error": "",
}


def problems_of(error: ValidationError) -> Iterator[str]:
    """A line for each setting that is wrong. Values are not shown: some are secret."""
    for problem in error.errors():
        name = f"NZC_{'_'.join(map(str, problem['loc'])).upper()}"
        said = problem["msg"].removeprefix("Value error, ")
        zh = _IN_CHINESE.get(problem["type"], "该值无效").format(**problem.get("ctx", {}))
        yield f"{name}: {said} {zh}"
