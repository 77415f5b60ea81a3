"""What an address asks: which parameters it has, each once; who misspells one is told so, not answered without it."""

from collections import Counter

from starlette.requests import Request

from nzc_api.refusal import InvalidInput, Refused
from nzc_api.schema.kit.connections import position_in
from nzc_api.schema.kit.mutations import IDEMPOTENCY_KEY, bad_key


def check_names(request: Request, *names: str) -> None:
    """Raise ``Refused`` where a request has a parameter of another name, or one twice."""
    parameters = request.query_params.multi_items()
    times = Counter(name for name, _ in parameters)
    for name, text in parameters:
        if name not in names:
            raise _refused(
                name, name, f"此处的参数为：{'、'.join(names)}", f"one of {', '.join(names)}"
            )
        if times[name] > 1:
            raise _refused(name, text, "只能给出一次", "a parameter that is given once")


def truth_given(request: Request, name: str) -> bool:
    """Whether a parameter says so; raises ``Refused`` where it says neither."""
    text = request.query_params.get(name, "false")
    if text not in {"true", "false"}:
        raise _refused(name, text, "true或false", "true or false")
    return text == "true"


def position_given(request: Request) -> int | None:
    """The position that `asOf` says, if there is one; raises ``Refused`` where it is none."""
    given = request.query_params.get("asOf")
    if given is None:
        return None
    position = position_in(given)
    if position is None:
        raise _refused("as_of", given, "日志的位置", "a position of the log")
    return position


def _refused(name: str, value: str, zh: str, en: str) -> Refused:
    return Refused(
        InvalidInput(path=(name[:80],), value=value[:80], expected_zh=zh, expected_en=en)
    )


def key_given(request: Request) -> str:
    """The idempotency key of a request, its header `Idempotency-Key`; raises ``Refused`` where it is none."""
    key = request.headers.get("idempotency-key", "")
    if not IDEMPOTENCY_KEY.fullmatch(key):
        raise Refused(bad_key(key))
    return key
