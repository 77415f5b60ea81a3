"""What is at one site, by name: it builds on what is said of sites."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from nzc_api.schema.kit.registry import Named

if TYPE_CHECKING:
    from nzc_api.schema.credits.projects import Project
    from nzc_api.schema.pilots.types import Pilot

LazyPilot = Annotated["Pilot", strawberry.lazy("nzc_api.schema.pilots.types")]
LazyProject = Annotated["Project", strawberry.lazy("nzc_api.schema.credits.projects")]

PILOT: Named["Pilot"] = Named("Pilot")
PROJECT: Named["Project"] = Named("Project")
