"""What an import asks for in one request is what one operation may cost."""

import pytest

from nzc_api.importing.metered import MeterOf
from nzc_api.importing.named import AT_ONCE, MANY_AT_ONCE
from tests.world import World


@pytest.mark.parametrize("by", ["code", "supplyPoint"])
@pytest.mark.parametrize(("with_devices", "many"), [(True, AT_ONCE), (False, MANY_AT_ONCE)])
async def test_as_many_meters_as_are_asked_for_at_once_are_answered(
    shared_world: World, by: str, with_devices: bool, many: int
) -> None:
    asked = {
        f"n{number}": MeterOf(pilot="NONE", by=by, name=f"E-{number}", with_devices=with_devices)
        for number in range(many)
    }
    declared = ", ".join(f"${alias}: String!" for alias in asked)
    fields = " ".join(one.query(alias) for alias, one in asked.items())
    variables = {alias: one.variable() for alias, one in asked.items()}
    found = await shared_world.operator.ask(f"query ({declared}) {{ {fields} }}", **variables)
    assert found == dict.fromkeys(asked)
