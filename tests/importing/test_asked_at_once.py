"""What an import asks for in one request is what one operation may cost."""

import pytest

from nzc_api.importing.metered import MeterOf
from nzc_api.importing.named import AT_ONCE
from tests.world import World


@pytest.mark.parametrize("by", ["code", "supplyPoint"])
async def test_as_many_meters_as_are_asked_for_at_once_are_answered(world: World, by: str) -> None:
    asked = {f"n{number}": MeterOf("NONE", by, f"E-{number}") for number in range(AT_ONCE)}
    declared = ", ".join(f"${alias}: String!" for alias in asked)
    fields = " ".join(one.query(alias) for alias, one in asked.items())
    variables = {alias: one.variable() for alias, one in asked.items()}
    found = await world.operator.ask(f"query ({declared}) {{ {fields} }}", **variables)
    assert found == dict.fromkeys(asked)
