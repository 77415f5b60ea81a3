"""Commands on tiny ranges, so that they collide all the time."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from tests.ledger.reference import (
    EARLY,
    FUTURE,
    PREFIXES,
    UNKNOWN,
    USUAL,
    Command,
    Confirm,
    Correct,
    End,
    Issue,
    Name,
    OnBatch,
    OnSerials,
    Place,
    PlaceIn,
    Project,
    Reference,
    Request,
    Resolve,
    Restate,
    RetireAmount,
    RetireRange,
    Transfer,
    Use,
)

# The building lies in the town; one project lies in the building, one in the town. The one outside
# is registered in both programmes, and the twin stands where the one in the building does.
PILOTS = {"town": None, "building": "town", "far": None}
PROJECTS = {
    "outside": Project("outside", programmes=("CCER", "PHCER")),
    "in-town": Project("in-town", ("town",), forestry=True),
    "in-building": Project("in-building", ("building", "town"), site="SITE"),
    "twin": Project("twin", programmes=("PHCER",), site="SITE"),
}
HOLDERS = ("ann", "bo")
VINTAGES = (2021, 2022)
PURPOSES = ("ETS_COMPLIANCE", "EVENT", "PUBLIC_GOOD", "OWN_SINK")
PROGRAMMES = ("CCER", "PHCER")
MOST = 6

Chosen = TypeVar("Chosen")

numbers = st.integers(1, MOST)
holders = st.sampled_from(HOLDERS)
pilots = st.sampled_from(("far", "far", "far", "building", "town"))
projects = st.sampled_from(("outside", "outside", "in-town", "in-building", "twin"))
days = st.sampled_from((USUAL,) * 8 + (EARLY, FUTURE))
# What is named by when it was made, counted from the latest; ``bind`` says which that is.
latest = st.sampled_from((0, 0, 0, 0, 1, 1, 2))
# Whether the caller names the programme that a thing is of; else it is a stranger to it.
own = st.sampled_from(("",) * 11 + ("another",))

# How often each kind of command is asked for; what there is little of yet, more.
KINDS = (Issue, Transfer, RetireRange, RetireAmount, Request, Use, OnSerials, OnBatch, Correct)


@st.composite
def stories(draw: st.DrawFn, *sizes: int) -> tuple[list[Command], ...]:
    """Histories that follow one another, each of half so many commands or more: most of them about
    what is there by then, so that they are accepted often, and often collide."""
    reference = Reference(dict(PROJECTS))
    told: list[list[Command]] = []
    for most in sizes:
        told.append([])
        for _ in range((most + 1) // 2 + draw(_up_to(most // 2))):
            command = _next(draw, reference)
            reference.do(bind(command, reference))
            told[-1].append(command)
    return tuple(told)


def _next(draw: st.DrawFn, reference: Reference) -> Command:
    kinds: list[type[Command]] = [*KINDS] if reference.batches else [Issue]
    if any(not asked.ended for asked in reference.requests.values()):
        kinds += [Confirm, End]
    if None in reference.doubles.values():
        kinds += [Resolve]
    if any(serial.place.kind == "RETIREMENT" for serial in reference.serials.values()):
        kinds += [PlaceIn, PlaceIn]
    if len(reference.batches) > 1 and _one_in(draw, 4):
        kinds += [Restate]
    if any(batch.frozen for batch in reference.batches.values()):
        kinds += [OnBatch, OnBatch]
    if not _one_in(draw, 25):
        return _of_kind(draw, _one_of(draw, kinds), reference)
    every: tuple[type[Command], ...] = (*KINDS, Confirm, End, Resolve, PlaceIn, Restate)
    return _of_kind(draw, _one_of(draw, every), reference)


def _of_kind(  # noqa: PLR0911  (a case each)
    draw: st.DrawFn, kind: type[Command], reference: Reference
) -> Command:
    if kind is Issue:
        return _issue(draw)
    if kind is RetireAmount:
        project = draw(projects) if _one_in(draw, 3) else None
        amount = _one_of(draw, (1, 1, 2, 2, 3, MOST, 0))
        programme = _one_of(draw, ("CCER", "CCER", "PHCER"))
        return RetireAmount(
            amount=amount,
            holder=draw(holders),
            project=project,
            pilot=draw(pilots),
            day=draw(days),
            programme=programme,
        )
    if kind is Confirm:
        part = _one_of(draw, (None, None, None, 1, 1, 2, 3, 0))
        return Confirm(request=draw(latest), day=draw(days), programme=draw(own), amount=part)
    if kind is End:
        return End(draw(latest), draw(st.booleans()), draw(own))
    if kind is OnBatch:
        actions = ("FREEZE", "FREEZE", "UNFREEZE", "INVALIDATE", "EXPORT")
        frozen = [b.number for b in reference.batches.values() if b.frozen and not b.invalidated]
        if frozen and not _one_in(draw, 4):
            back = len(reference.batches) - 1 - sorted(reference.batches).index(frozen[-1])
            return OnBatch(back, "UNFREEZE", draw(own))
        return OnBatch(draw(latest), _one_of(draw, actions), draw(own))
    if kind is Correct:
        return Correct(draw(latest), draw(own))
    if kind is Resolve:
        return Resolve(draw(latest), 0, _one_of(draw, ("DISTINCT", "DOUBLE")))
    if kind is PlaceIn:
        surrounding = _one_of(draw, (None, "far", "far", "town", "building"))
        return PlaceIn(_one_of(draw, ("town", "building", "building", "far")), surrounding)
    if kind is Restate:
        return Restate(draw(projects), _one_of(draw, ("SITE", "YARD")))
    if kind is OnSerials:
        action = _one_of(draw, ("FREEZE", "FREEZE", "UNFREEZE", "INVALIDATE"))
        wanted = "FROZEN" if action == "UNFREEZE" else "HOLDING"
        prefix, first, last, _ = _serials(draw, reference, wanted)
        return OnSerials(prefix=prefix, first=first, last=last, action=action)
    return _of_held(draw, kind, reference)


def _of_held(draw: st.DrawFn, kind: type[Command], reference: Reference) -> Command:
    """What moves serials that somebody holds."""
    prefix, first, last, owner = _serials(draw, reference, "HOLDING")
    if kind is Transfer:
        taker = draw(holders)
        giver = "bo" if taker == "ann" else "ann"
        return Transfer(
            prefix=prefix,
            first=first,
            last=last,
            giver=taker if _one_in(draw, 12) else giver,
            taker=taker,
        )
    holder = _one_of(draw, (None, None, owner, owner, *HOLDERS))
    stated = _one_of(draw, (None, None, last - first + 1, last - first + 1, 3))
    if kind is Request:
        return Request(
            prefix=prefix,
            first=first,
            last=last,
            holder=holder,
            stated=stated,
            pilot=draw(pilots),
            short=draw(st.booleans()),
        )
    if kind is Use:
        purpose = _one_of(draw, PURPOSES)
        return Use(
            prefix=prefix,
            first=first,
            last=last,
            holder=holder,
            stated=stated,
            purpose=purpose,
            day=draw(days),
            pilot=draw(pilots),
        )
    return RetireRange(
        prefix=prefix,
        first=first,
        last=last,
        holder=holder,
        stated=stated,
        pilot=draw(pilots),
        day=draw(days),
    )


def _issue(draw: st.DrawFn) -> Issue:
    """A block, often of a certificate's or of another programme's."""
    first, last = sorted((draw(numbers), draw(numbers)))
    if _one_in(draw, 3):
        first, last = 1, MOST
    if _one_in(draw, 25):
        first, last = last, first
    project = draw(projects)
    programme = _one_of(draw, PROJECTS[project].programmes * 4 + PROGRAMMES)
    prefix = "P" if programme == "PHCER" else _one_of(draw, "XXXYC")
    stated = last - first + 1 + _one_in(draw, 20)
    return Issue(
        prefix=prefix,
        first=first,
        last=last,
        stated=stated,
        project=project,
        vintage=_one_of(draw, (2022, 2022, 2021)),
        holder=draw(holders),
    )


def _serials(draw: st.DrawFn, reference: Reference, kind: str) -> tuple[str, int, int, str | None]:
    """A run of serials, mostly of those that are in such a place; and whose the first one is."""
    there = [name for name, serial in reference.serials.items() if serial.place.kind == kind]
    prefixes = sorted(there) or sorted(reference.serials)
    if not prefixes or _one_in(draw, 12):
        first, last = draw(numbers), draw(numbers)
        return _one_of(draw, sorted(PREFIXES)), first, last, None
    prefix, first = _one_of(draw, prefixes)
    wanted = _one_of(draw, (1, 1, 2, 2, 3, MOST))
    last, place = first, reference.serials[prefix, first].place
    while last - first + 1 < wanted and _is_at(reference, (prefix, last + 1), place):
        last += 1
    if _one_in(draw, 8):
        last += 1  # one more than fits
    return prefix, first, last, place.holder


def _is_at(reference: Reference, name: Name, place: Place) -> bool:
    return name in reference.serials and reference.serials[name].place == place


def _one_of(draw: st.DrawFn, values: Sequence[Chosen]) -> Chosen:
    return values[draw(_up_to(len(values) - 1))]


# A strategy is looked at when it is drawn from first: that of each draw anew would take half of the time.
@cache
def _up_to(most: int) -> st.SearchStrategy[int]:
    return st.integers(0, most)


def _one_in(draw: st.DrawFn, many: int) -> bool:
    return draw(_up_to(many - 1)) == many - 1


def bind(command: Command, reference: Reference) -> Command:
    """The command with the number of what it is about, counted from the latest as of now."""
    match command:
        case Confirm() | End():
            number = _back(command.request, sorted(reference.requests))
            programme = _programme(command, reference, number)
            return replace(command, request=number, programme=programme)
        case OnBatch():
            number = _back(command.batch, sorted(reference.batches))
            return replace(command, batch=number, programme=_programme(command, reference, number))
        case Correct():
            number = _back(command.posting, range(len(reference.postings)))
            programme = _programme(command, reference, number)
            return replace(command, posting=number, programme=programme)
        case Resolve():
            pairs = sorted(reference.doubles)
            index = _back(command.batch, range(len(pairs)))
            later, other = (UNKNOWN, UNKNOWN) if index == UNKNOWN else pairs[index]
            return replace(command, batch=later, other=other)
        case _:
            return command


def _back(back: int, positions: Sequence[int]) -> int:
    return positions[-1 - back] if back < len(positions) else UNKNOWN


def _programme(
    command: Confirm | End | OnBatch | Correct, reference: Reference, number: int
) -> str:
    programme = programme_of(reference, number)
    if command.programme != "another":
        return programme
    return "PHCER" if programme == "CCER" else "CCER"


def programme_of(reference: Reference, number: int) -> str:
    """The programme of what was accepted as that number; CCER where it is of none."""
    if number == UNKNOWN:
        return "CCER"
    posting = reference.postings[number]
    if posting.moved:
        return PREFIXES[posting.moved[0][0][0]]
    match posting.what:
        case OnBatch(batch=batch):
            return reference.batches[batch].programme
        case Correct(posting=corrected):
            return programme_of(reference, corrected)
        case _:
            return "CCER"


def histories(many: int) -> settings:
    """So many histories on a database of their own."""
    return settings(
        max_examples=many,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),  # a history takes too long to be shrunk
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
