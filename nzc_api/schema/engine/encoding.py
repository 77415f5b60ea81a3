"""An answer as JSON: up to a size that is known before it is built."""

import json
from typing import Any

import orjson
from graphql import GraphQLError

from nzc_api.refusal import LocalizedText
from nzc_api.schema.kit.told import told

LARGEST_ANSWER = 8 * 1024 * 1024  # bytes

TOO_LARGE = LocalizedText(
    f"应答将超过{LARGEST_ANSWER}字节的上限：请减小每页数量或分次查询",
    f"The answer would be larger than {LARGEST_ANSWER} bytes: ask for smaller pages or for less at a time",
)


def too_large() -> GraphQLError:
    """That what was to be answered is larger than an answer may be."""
    return told("ANSWER_TOO_LARGE", TOO_LARGE)


def encode(value: Any) -> bytes:
    """``value`` as JSON. Half a surrogate pair, which an error may quote, can only be said as an escape."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return _ESCAPING.encode(value).encode(errors="backslashreplace")


def encoded(value: Any) -> Any:
    """``value``, which is to be part of an answer, as JSON already; raises what is told of one that is too large."""
    text = encode(value)
    if len(text) > LARGEST_ANSWER:
        raise too_large()
    return orjson.Fragment(text)


_ESCAPING = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
