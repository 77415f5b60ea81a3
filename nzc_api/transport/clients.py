"""Who sends a request, as far as its head says."""

from starlette.types import Scope

from nzc_api.schema.kit.context import Client
from nzc_api.transport.headers import first_of


def client_of(scope: Scope) -> Client:
    """Who sends a request; no address where the server knows none."""
    address, _ = scope.get("client") or ("", 0)
    return Client(address, first_of(scope, b"authorization"))
