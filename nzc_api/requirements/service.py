"""How far pilots meet what the guide requires."""

from collections.abc import Sequence

from nzc_api.ids import PilotId, Position
from nzc_api.log.service import Log
from nzc_api.requirements import store
from nzc_api.requirements.judging import judged
from nzc_api.requirements.model import RequirementStatus


class RequirementService:
    """What the requirements room can do."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def requirements_of(
        self, pilots: Sequence[PilotId], as_of: Position
    ) -> dict[PilotId, tuple[RequirementStatus, ...]]:
        """Each requirement of the guide, and how far each pilot met it as of a position."""
        async with self._log.database.read() as connection:
            found = await store.read_facts_of(connection, pilots, as_of)
        return {pilot: judged(found.get(pilot, {})) for pilot in pilots}
