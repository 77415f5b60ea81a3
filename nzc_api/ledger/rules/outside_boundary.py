"""Case 5: a credit from inside the pilot's own boundary."""

from collections.abc import Mapping, Sequence

from nzc_api.ledger.errors import CreditFromInsideBoundary
from nzc_api.ledger.model import Project
from nzc_api.pilots.model import Pilot


def check_outside_boundary(
    project: Project, pilot_id: int, around: Sequence[int], pilots: Mapping[int, Pilot]
) -> CreditFromInsideBoundary | None:
    """Refuse a credit whose project lies in the pilot, or in a pilot that lies in it.

    ``around`` are the pilots around the one that the project lies in, innermost first.
    """
    if project.pilot_id is None or pilot_id not in (project.pilot_id, *around):
        return None
    return CreditFromInsideBoundary(
        path=("pilot",),
        project_code=project.code,
        project_id=project.id,
        pilot_code=pilots[pilot_id].code,
        inside_code=pilots[project.pilot_id].code,
        inside_id=project.pilot_id,
    )
