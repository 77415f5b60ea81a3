"""Headers of a request as they came, for what looks one up of every request."""

from starlette.types import Scope


def first_of(scope: Scope, name: bytes) -> str | None:
    """The first of the headers of a name, which is in lower case; None where there is none."""
    for header, value in scope.get("headers", ()):
        if header == name:
            return str(value, "latin-1")
    return None
