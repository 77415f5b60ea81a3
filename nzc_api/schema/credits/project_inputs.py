"""What is registered and changed of projects: the mutations' inputs."""

from typing import TYPE_CHECKING

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.grounds import Grounds
from nzc_api.ledger.site_service import AmendProject
from nzc_api.schema.kit.changes import said
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.texts import LocalizedTextInput
from nzc_api.schema.sites.inputs import CoordinatesInput, said_of_site

if TYPE_CHECKING:
    pass


@strawberry.input(description="Where a project is from now on: what is left out stays as it is.")
class AmendProjectInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    project: strawberry.ID = strawberry.field(description="The project.")
    site: str | None = strawberry.field(default=strawberry.UNSET, description="Where it is.")
    administrative_division: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The GB/T 2260 code of its city; null where it is not in Guangdong.",
    )
    coordinates: CoordinatesInput | None = strawberry.field(
        default=strawberry.UNSET, description="Where it is, exactly; null where that is not known."
    )
    site_code: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="What its site is known by elsewhere; null where it is not.",
    )
    pilot: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="The pilot whose boundary it lies in; null: none. Only an administrator takes a project out of a "
        "pilot.",
    )
    name: LocalizedTextInput | None = strawberry.field(
        default=strawberry.UNSET, description="What it is called."
    )
    methodology: str | None = strawberry.field(
        default=None,
        description="The number or name of the methodology of its enrolments that named none. Where it is placed in a "
        "pilot and is no forestry, every enrolment has one. A registry states it for its own programmes.",
    )
    document: str = strawberry.field(description="The document that shows it.")
    reason: str = strawberry.field(description="Why.")

    def command(self, ids: Ids, caller: Principal) -> AmendProject:
        said(self, ("site", "name"), no_values=())
        placed: tuple[int | None] | None = None
        if self.pilot is None:
            placed = (None,)
        elif self.pilot is not strawberry.UNSET:
            placed = (ids.position(self.pilot, "input", "pilot", kinds=("Pilot",)),)
        return AmendProject(
            ids.position(self.project, "input", "project", kinds=("Project",)),
            said_of_site(self, "site", "administrative_division", "site_code"),
            placed,
            Grounds(self.document, self.reason),
            self.name.text() if self.name else None,
            self.methodology,
        )
