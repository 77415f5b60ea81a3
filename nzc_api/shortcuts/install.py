"""All short ways of a schema, put in at once."""

import strawberry

from nzc_api.shortcuts.inputs import let_core_make_inputs
from nzc_api.shortcuts.levels import execute_by_levels
from nzc_api.shortcuts.operations import copy_executors
from nzc_api.shortcuts.resolvers import let_core_call_resolvers

# By the names that measurements have for them; resolvers take what inputs make.
PARTS = {
    "inputs": let_core_make_inputs,
    "resolvers": let_core_call_resolvers,
    "operations": copy_executors,
    "levels": execute_by_levels,
}

_INSTALLED = "nzc_shortcuts"


def install(schema: strawberry.Schema) -> None:
    """Let the operations of ``schema`` go the short ways from now on, to the end of the process."""
    if not vars(schema).setdefault(_INSTALLED, False):
        for part in PARTS.values():
            part(schema)
        vars(schema)[_INSTALLED] = True
