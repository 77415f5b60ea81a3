"""Case 2: one project and monitoring period issued twice, by one programme or by two; and one in two forms."""

from collections.abc import Iterable
from itertools import islice

from nzc_api.ids import Position, ProjectId
from nzc_api.ledger.commands import ResolveDoubleIssuance
from nzc_api.ledger.errors.issuing import (
    DoubleIssuanceResolved,
    DoubleIssuanceSuspected,
    IssuanceExceeded,
    IssuedInAnotherForm,
)
from nzc_api.ledger.model import CreditBatch, DoubleIssuance, Issuance, Issued
from nzc_api.ledger.posting.state import State
from nzc_api.pilots.sites import SameSite
from nzc_api.refusal import InvalidInput, NotFound, Refusal

# How many suspicions of one batch are recorded at once, those of the oldest batches first: as long as one of them is
# open, the batch serves nobody.
MOST_DOUBLES = 100
# How many suspicions a site may raise at once of what was issued before.
MOST_RAISED = 10_000


def suspected_doubles(batch: CreditBatch, state: State) -> list[DoubleIssuance]:
    """The batches that seem to be issued for what ``batch`` is: of its project or of one at the same site, produced on
    one of the same days, and no parts of one issuance with it."""
    found = (
        DoubleIssuance(batch.id, other.id, Position(batch.id))
        for other in state.standing()
        if batch.produced_with(other)
        and not batch.is_part_with(other)
        and _one_activity(batch, other, state)
    )
    return list(islice(found, MOST_DOUBLES))


def _one_activity(batch: CreditBatch, other: CreditBatch, state: State) -> bool:
    """Whether the two are of one project, or of two at one site. A locality is enough only where the programmes
    differ: one registry numbers its own projects, and many of them may be in a city."""
    if other.project_id == batch.project_id:
        return True
    by = state.beside.get(batch.project_id, {}).get(other.project_id, frozenset())
    return bool(by - {SameSite.LOCALITY}) or (bool(by) and other.programme != batch.programme)


def check_raised(project_id: ProjectId, raised: int) -> InvalidInput | None:
    """Refuse a site at which more was issued twice than can be recorded at once."""
    if raised <= MOST_RAISED:
        return None
    return InvalidInput(
        path=("project",),
        value=str(project_id),
        position=project_id,
        expected_zh=f"在该场址疑似重复签发的批次不超过{MOST_RAISED}对的项目",
        expected_en=f"a project with at most {MOST_RAISED} pairs of batches that seem to be issued twice there",
    )


def check_part(batch: CreditBatch, issued: Issued | None) -> InvalidInput | IssuanceExceeded | None:
    """Refuse a part of an issuance that is not as the parts before it say, or that goes beyond what was registered."""
    issuance, quantity = batch.issuance, batch.serials.quantity
    if issuance is None:
        return None
    if issued is not None:
        unlike = _unlike(batch, issuance, issued)
        if unlike is not None:
            return unlike
    before = 0 if issued is None else issued.tonnes
    if before + quantity <= issuance.quantity:
        return None
    return IssuanceExceeded(
        path=("issuance", "quantity"),
        reference=issuance.reference,
        registered=issuance.quantity,
        issued=before,
        stated=quantity,
    )


def _unlike(batch: CreditBatch, issuance: Issuance, issued: Issued) -> InvalidInput | None:
    """What the parts of an issuance have in common: the project, the day of the registration, all its tonnes."""
    if batch.project_id != issued.project_id:
        return InvalidInput(
            path=("issuance", "reference"),
            value=issuance.reference,
            expected_zh="本项目的减排量登记编号：该编号已用于另一项目",
            expected_en="the number of a registration of this project: that one is of another",
        )
    for path, stated, registered in (
        (("reductions_registered_on",), batch.reductions_registered_on, issued.registered_on),
        (("issuance", "quantity"), issuance.quantity, issued.registered),
    ):
        if stated != registered:
            return InvalidInput(
                path=path,
                value=str(stated),
                expected_zh=f"与同一减排量登记此前的批次一致：{registered}",
                expected_en=f"as its batches before say: {registered}",
            )
    return None


def check_not_doubled(batch: CreditBatch, state: State) -> DoubleIssuanceSuspected | None:
    """Refuse to use a batch that may be one reduction issued twice, until that is resolved."""
    for double in state.doubles.get(batch.id, ()):
        other = double.other_id if double.batch_id == batch.id else double.batch_id
        if double.blocks(batch.id) and state.batches[other].withdrawn_position is None:
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
    """Refuse to resolve what is not suspected, or was resolved; and what is named the wrong way about, since of a
    double it is the later batch that serves nobody."""
    named = (command.batch_id, command.other_id)
    for double in doubles:
        pair = (double.batch_id, double.other_id)
        if pair == named[::-1]:
            return InvalidInput(
                path=("batch",),
                value=str(command.batch_id),
                position=command.batch_id,
                expected_zh="两批次中后签发的一批，先签发的一批填写在other",
                expected_en="the later of the two batches, and the earlier one as `other`",
            )
        if pair == named:
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
