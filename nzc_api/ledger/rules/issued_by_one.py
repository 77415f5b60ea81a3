"""Case 2: one project and monitoring period issued by two programmes; and one in two forms."""

from collections.abc import Iterable

from nzc_api.ledger.commands import ResolveDoubleIssuance
from nzc_api.ledger.errors import (
    DoubleIssuanceResolved,
    DoubleIssuanceSuspected,
    IssuedInAnotherForm,
)
from nzc_api.ledger.model import CreditBatch, DoubleIssuance, Project
from nzc_api.ledger.serials import normalise
from nzc_api.ledger.state import State
from nzc_api.refusal import NotFound, Refusal


def same_site(one: Project, other: Project) -> bool:
    """Whether two projects are at one site: by its declared code, by their coordinates, or by their
    address within one administrative division."""
    if one.id == other.id or (one.site_code is not None and one.site_code == other.site_code):
        return True
    here, there = (one.latitude, one.longitude), (other.latitude, other.longitude)
    if one.latitude is not None and here == there:
        return True
    division = one.division_code is not None and one.division_code == other.division_code
    return division and site_key(one.site) == site_key(other.site)


def site_key(site: str) -> str:
    """One way to write an address: half width, capitals, no spaces."""
    return normalise(site).replace(" ", "")


def suspected_doubles(batch: CreditBatch, state: State) -> list[DoubleIssuance]:
    """The batches of other programmes that seem to be issued for what ``batch`` is."""
    project = state.projects[batch.project_id]
    return [
        DoubleIssuance(batch.id, other.id)
        for other in state.batches.values()
        if other.programme != batch.programme
        and other.produced_with(batch)
        and same_site(project, state.projects[other.project_id])
    ]


def check_not_doubled(batch: CreditBatch, state: State) -> DoubleIssuanceSuspected | None:
    """Refuse to use a batch that may be one reduction issued twice, until that is resolved."""
    for double in state.doubles.get(batch.id, ()):
        if double.blocks(batch.id):
            other = double.other_id if double.batch_id == batch.id else double.batch_id
            return DoubleIssuanceSuspected(
                path=("serials",),
                serials=str(batch.serials),
                other=str(state.batches[other].serials),
                batch_id=batch.id,
                other_id=other,
            )
    return None


def check_resolution(
    command: ResolveDoubleIssuance, doubles: Iterable[DoubleIssuance]
) -> Refusal | None:
    """Refuse to resolve what is not suspected, or was resolved."""
    for double in doubles:
        if (double.batch_id, double.other_id) == (command.batch_id, command.other_id):
            if double.finding is None:
                return None
            return DoubleIssuanceResolved(
                path=("batch",), finding=double.finding, batch_id=double.batch_id
            )
    return NotFound.born_at(command.batch_id, "疑似重复签发", "suspected double issuance", "batch")


def check_one_form(batch: CreditBatch, issued: Iterable[CreditBatch]) -> IssuedInAnotherForm | None:
    """Refuse a certificate for what was issued by serials, and the other way about."""
    for other in issued:
        same = (other.project_id, other.programme) == (batch.project_id, batch.programme)
        if same and other.by_certificate != batch.by_certificate and other.produced_with(batch):
            return IssuedInAnotherForm(
                path=("serials",), issued=str(other.serials), batch_id=other.id
            )
    return None
