"""A ledger that anybody can follow: a dictionary of serials. The real one must agree with it.

Whatever is accepted gets a number, 0, 1, 2, …; a batch and a request are named by the number of
what made them, as the real ledger names them by positions.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise
from typing import NamedTuple

OK = "OK"

# The year that pilots account for.
PERIOD = 2022

# A number that nothing has.
UNKNOWN = -1

# Days: usual ones, one before any reductions were registered, and one that is still to come.
USUAL, EARLY, FUTURE = "USUAL", "EARLY", "FUTURE"


@dataclass(frozen=True)
class Project:
    """A project, the pilots (inner to outer) that it lies in at first, and where it is registered."""

    name: str
    inside: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ("CCER",)
    forestry: bool = False
    site: str | None = None

    @property
    def sites(self) -> frozenset[str]:
        """Where it is said to be at first."""
        return frozenset() if self.site is None else frozenset({self.site})


# Which programme numbers serials of a prefix. Those of C are certificates: they have no serials.
PREFIXES = {"X": "CCER", "Y": "CCER", "P": "PHCER", "C": "CCER"}
CERTIFICATE = "C"
# Its blocks are whole issuances; those of others are parts of one issuance a project, year and programme.
WHOLE = "Y"


@dataclass(frozen=True)
class Issue:
    prefix: str
    first: int
    last: int
    stated: int
    project: str
    vintage: int
    holder: str


@dataclass(frozen=True)
class Transfer:
    prefix: str
    first: int
    last: int
    giver: str
    taker: str


@dataclass(frozen=True)
class RetireRange:
    prefix: str
    first: int
    last: int
    holder: str | None
    stated: int | None
    pilot: str
    day: str = USUAL


@dataclass(frozen=True)
class RetireAmount:
    amount: int
    holder: str
    project: str | None
    pilot: str
    day: str = USUAL
    programme: str = "CCER"


@dataclass(frozen=True)
class Request:
    """``short``: its time is over soon."""

    prefix: str
    first: int
    last: int
    holder: str | None
    stated: int | None
    pilot: str
    short: bool = False


@dataclass(frozen=True)
class Confirm:
    """``amount``: only so many of what is left, the lowest first."""

    request: int
    day: str = USUAL
    programme: str = "CCER"
    amount: int | None = None


@dataclass(frozen=True)
class End:
    """Cancel a request, or say that it expired (after the time of a short one)."""

    request: int
    expired: bool = False
    programme: str = "CCER"


@dataclass(frozen=True)
class Use:
    prefix: str
    first: int
    last: int
    holder: str | None
    stated: int | None
    purpose: str
    day: str = USUAL
    pilot: str = "town"  # of OWN_SINK only


@dataclass(frozen=True)
class OnSerials:
    """``action``: FREEZE, UNFREEZE or INVALIDATE."""

    prefix: str
    first: int
    last: int
    action: str


@dataclass(frozen=True)
class OnBatch:
    """``action``: FREEZE, UNFREEZE, INVALIDATE or EXPORT."""

    batch: int
    action: str
    programme: str = "CCER"


@dataclass(frozen=True)
class Correct:
    posting: int
    programme: str = "CCER"


@dataclass(frozen=True)
class Resolve:
    """Say whether the later batch (``batch``) doubles the earlier one: DISTINCT or DOUBLE."""

    batch: int
    other: int
    finding: str


@dataclass(frozen=True)
class PlaceIn:
    """Say which pilot surrounds a pilot; None: none does."""

    pilot: str
    surrounding: str | None


@dataclass(frozen=True)
class Restate:
    """Say that a project is at a site from now on."""

    project: str
    site: str


OfRange = Issue | Transfer | RetireRange | Request | Use | OnSerials
Command = OfRange | RetireAmount | Confirm | End | OnBatch | Correct | Resolve | PlaceIn | Restate
# What the ledger is told by requests of their own.
APART = (Resolve, PlaceIn, Restate)

Name = tuple[str, int]  # a serial: its prefix and its number


class Place(NamedTuple):
    """Where a tonne is: the kind of account, and whose it is."""

    kind: str
    holder: str | None = None
    pilot: str | None = None
    purpose: str | None = None


class Serial(NamedTuple):
    """One tonne: its batch, where it is, and the number of what brought it there."""

    batch: int
    place: Place
    since: int


@dataclass(frozen=True)
class Batch:
    number: int
    prefix: str
    project: str
    vintage: int
    frozen: bool = False
    invalidated: bool = False
    exported: bool = False
    withdrawn: bool = False

    @property
    def programme(self) -> str:
        return PREFIXES[self.prefix]


def same_issuance(batch: Batch) -> tuple[str, str, int] | None:
    """What the parts of one issuance have in common; None for a whole one."""
    return None if batch.prefix == WHOLE else (batch.programme, batch.project, batch.vintage)


@dataclass(frozen=True)
class Asked:
    """A retirement that was requested."""

    number: int
    programme: str
    holder: str
    pilot: str
    short: bool
    ended: bool = False


@dataclass(frozen=True)
class Posting:
    """What was accepted: where each serial that it moved was before, in the order of the move, and of which batch
    each was."""

    what: Command
    moved: tuple[tuple[Name, Place], ...]
    batches: tuple[int, ...] = ()
    corrected: bool = False


# What it is called that a tonne sits anywhere but with a holder.
ELSEWHERE = {
    "RETIREMENT": "SERIALS_ALREADY_RETIRED",
    "OTHER_USE": "SERIALS_ALREADY_USED",
    "PENDING": "SERIALS_PENDING",
    "FROZEN": "CREDITS_FROZEN",
    "INVALIDATED": "CREDITS_INVALIDATED",
}

CORRECTABLE = (Issue, Transfer, RetireRange, RetireAmount, Confirm, Use)


@dataclass
class Reference:
    """The ledger as a dictionary; ``do`` says OK or the code of the refusal."""

    projects: dict[str, Project]
    serials: dict[Name, Serial] = field(default_factory=dict)
    batches: dict[int, Batch] = field(default_factory=dict)
    requests: dict[int, Asked] = field(default_factory=dict)
    # Suspected double issuances, (later, earlier): what was found.
    doubles: dict[tuple[int, int], str | None] = field(default_factory=dict)
    postings: list[Posting] = field(default_factory=list)
    # Which pilot surrounds each; at first as the projects say.
    surrounding: dict[str, str | None] = field(default_factory=dict)
    # Which projects lie inside which pilots, and since which number.
    inside: dict[tuple[str, str], int] = field(default_factory=dict)
    # Where each project was ever said to be: that it was at another one's site is never taken back.
    sites: dict[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sites = self.sites or {p.name: p.sites for p in self.projects.values()}
        if not self.surrounding:
            for project in self.projects.values():
                outermost: tuple[str | None, ...] = (*project.inside, None)
                self.surrounding |= {inner: outer for inner, outer in pairwise(outermost) if inner}
            self._find_inside(UNKNOWN)

    def copy(self) -> "Reference":
        return Reference(
            projects=self.projects,
            serials=dict(self.serials),
            batches=dict(self.batches),
            requests=dict(self.requests),
            doubles=dict(self.doubles),
            postings=list(self.postings),
            surrounding=dict(self.surrounding),
            inside=dict(self.inside),
            sites=dict(self.sites),
        )

    def places(self) -> dict[Name, Place]:
        return {name: serial.place for name, serial in self.serials.items()}

    def balances(self) -> dict[tuple[Place, int], int]:
        """How many tonnes of each batch are in each place."""
        return dict(Counter((s.place, s.batch) for s in self.serials.values()))

    def offsets(self) -> dict[str, tuple[int, int]]:
        """For each pilot the tonnes that offset it, and those that were retired for it and do not: since
        they were invalidated or exported, or as their project lies inside it."""
        in_force: Counter[str | None] = Counter()
        withdrawn: Counter[str | None] = Counter()
        for serial in self.serials.values():
            if serial.place.kind == "RETIREMENT":
                batch, pilot = self.batches[serial.batch], serial.place.pilot
                gone = batch.invalidated or batch.exported or (batch.project, pilot) in self.inside
                (withdrawn if gone else in_force)[pilot] += 1
        for posting in self.postings:
            if isinstance(posting.what, OnSerials) and posting.what.action == "INVALIDATE":
                withdrawn.update(p.pilot for _, p in posting.moved if p.kind == "RETIREMENT")
        pilots = in_force.keys() | withdrawn.keys()
        return {pilot: (in_force[pilot], withdrawn[pilot]) for pilot in pilots if pilot}

    def do(self, command: Command) -> str:
        return malformed(command) or self._decide(command) or OK

    def do_all(self, commands: Sequence[Command]) -> tuple[str, int]:
        """All commands or none: OK, or the first refusal and which command is refused; where it is refused only
        for what another of them would do, that is what is told."""
        for index, command in enumerate(commands):
            problem = malformed(command)
            if problem is not None:
                return problem, index
        trial, before = self.copy(), list[Reference]()
        for index, command in enumerate(commands):
            before.append(trial.copy())
            code = trial.do(command)
            if code != OK:
                return without_items(command, before, code), index
        self.__dict__.update(trial.__dict__)
        return OK, 0

    def _decide(self, command: Command) -> str | None:  # noqa: PLR0911, PLR0912  (a case each)
        match command:
            case Issue():
                return self._issue(command)
            case Transfer():
                return self._transfer(command)
            case RetireRange():
                return self._retire_range(command)
            case RetireAmount():
                return self._retire_amount(command)
            case Request():
                return self._request(command)
            case Confirm():
                return self._confirm(command)
            case End():
                return self._end(command)
            case Use():
                return self._use(command)
            case OnSerials():
                return self._on_serials(command)
            case OnBatch():
                return self._on_batch(command)
            case Correct():
                return self._correct(command)
            case Resolve():
                return self._resolve(command)
            case PlaceIn():
                return self._place_in(command)
            case Restate():
                return self._restate(command)

    def _issue(self, command: Issue) -> str | None:
        if command.stated != command.last - command.first + 1:
            return "QUANTITY_MISMATCH"
        project, programme = self.projects[command.project], PREFIXES[command.prefix]
        if programme not in project.programmes:
            return "PROJECT_NOT_ENROLLED"
        if any(name in self.serials for name in named(command)):
            return "SERIAL_BLOCK_OVERLAP"
        batch = Batch(
            number=len(self.postings),
            prefix=command.prefix,
            project=command.project,
            vintage=command.vintage,
        )
        standing = [other for other in self.batches.values() if not other.withdrawn]
        for other in standing:
            same = (other.project, other.programme, other.vintage)
            one_certified = (other.prefix == CERTIFICATE) != (batch.prefix == CERTIFICATE)
            if one_certified and same == (batch.project, programme, batch.vintage):
                return "ISSUED_IN_ANOTHER_FORM"
        self.doubles |= {(batch.number, o.number): None for o in standing if self._alike(batch, o)}
        self.batches[batch.number] = batch
        held = Place("HOLDING", command.holder)
        for name in named(command):
            self.serials[name] = Serial(batch.number, held, batch.number)
        moved = tuple((name, Place("ISSUANCE")) for name in named(command))
        self.postings.append(Posting(command, moved, (batch.number,) * len(moved)))
        return None

    def _transfer(self, command: Transfer) -> str | None:
        problem = self._check_free(command, command.giver)
        return problem or self._move(command, named(command), Place("HOLDING", command.taker))

    def _retire_range(self, command: RetireRange) -> str | None:
        if command.day == FUTURE:
            return "INVALID_INPUT"
        problem = (
            _check_stated(command)
            or self._check_free(command, command.holder)
            or self._check_usable(self._batch(command), command.pilot, command.day)
        )
        return problem or self._move(command, named(command), retired(command.pilot))

    def _retire_amount(self, command: RetireAmount) -> str | None:
        if command.day == FUTURE:
            return "INVALID_INPUT"
        held = []
        for name, serial in self.serials.items():
            batch = self.batches[serial.batch]
            if (
                serial.place == Place("HOLDING", command.holder)
                and batch.programme == command.programme
                and command.project in (None, batch.project)
                and not self._check_movable(batch)
                and not self._check_usable(batch, command.pilot, command.day)
            ):
                held.append(name)
        held.sort(key=self._age)
        if len(held) < command.amount:
            return "INSUFFICIENT_CREDITS"
        return self._move(command, held[: command.amount], retired(command.pilot))

    def _request(self, command: Request) -> str | None:
        problem = (
            _check_stated(command)
            or self._check_free(command, command.holder)
            or self._check_usable(self._batch(command), command.pilot, USUAL)
        )
        if problem is not None:
            return problem
        number, holder = len(self.postings), self.serials[named(command)[0]].place.holder
        assert holder is not None
        self.requests[number] = Asked(
            number=number,
            programme=PREFIXES[command.prefix],
            holder=holder,
            pilot=command.pilot,
            short=command.short,
        )
        return self._move(command, named(command), Place("PENDING", holder, command.pilot))

    def _confirm(self, command: Confirm) -> str | None:
        asked = self._open_request(command)
        if isinstance(asked, str):
            return asked
        left = self._left(asked)
        names = left if command.amount is None else left[: command.amount]
        if command.amount is not None and command.amount > len(left):
            return "INSUFFICIENT_CREDITS"
        if command.day == FUTURE:
            return "INVALID_INPUT"
        batch = self.batches[self.serials[names[0]].batch]
        problem = self._check_movable(batch) or self._check_usable(batch, asked.pilot, command.day)
        if problem is not None:
            return problem
        self.requests[asked.number] = replace(asked, ended=names == left)
        return self._move(command, names, retired(asked.pilot))

    def _end(self, command: End) -> str | None:
        asked = self._open_request(command)
        if isinstance(asked, str):
            return asked
        if command.expired and not asked.short:
            return "INVALID_INPUT"
        names = self._left(asked)
        self.requests[asked.number] = replace(asked, ended=True)
        return self._move(command, names, Place("HOLDING", asked.holder))

    def _left(self, asked: Asked) -> list[Name]:
        """What a request still sets aside."""
        names = (name for name, _ in self.postings[asked.number].moved)
        return [name for name in names if self.serials[name].since == asked.number]

    def _use(self, command: Use) -> str | None:
        if command.day == FUTURE:
            return "INVALID_INPUT"
        problem = _check_stated(command) or self._check_free(command, command.holder)
        if problem is not None:
            return problem
        batch = self._batch(command)
        if command.day == EARLY:
            return "VINTAGE_AFTER_RETIREMENT"
        if self._doubled(batch):
            return "DOUBLE_ISSUANCE_SUSPECTED"
        pilot = command.pilot if command.purpose == "OWN_SINK" else None
        problem = None if pilot is None else self._check_own_sink(batch, pilot)
        if problem is not None:
            return problem
        holder = self.serials[named(command)[0]].place.holder
        return self._move(
            command,
            named(command),
            Place(kind="OTHER_USE", holder=holder, pilot=pilot, purpose=command.purpose),
        )

    def _check_own_sink(self, batch: Batch, pilot: str) -> str | None:
        project = self.projects[batch.project]
        if not (project.forestry and project.inside):
            return "INVALID_INPUT"
        if (batch.project, pilot) not in self.inside or batch.vintage != PERIOD:
            return "NOT_OWN_SINK"
        return "CREDITS_EXPORTED" if batch.exported else None

    def _on_serials(self, command: OnSerials) -> str | None:
        problem = self._check_issued(command)
        if problem is not None:
            return problem
        batch = self._batch(command)
        kinds = [self.serials[name].place.kind for name in named(command)]
        match command.action:
            case "FREEZE":
                problem = _first(ELSEWHERE[k] for k in kinds if k != "HOLDING")
                problem = problem or self._check_movable(batch)
            case "UNFREEZE":
                problem = _first("CREDITS_NOT_FROZEN" for k in kinds if k != "FROZEN")
            case _:
                problem = _first(ELSEWHERE[k] for k in kinds if k in ("INVALIDATED", "PENDING"))
                problem = problem or ("CREDITS_INVALIDATED" if batch.invalidated else None)
        if problem is not None:
            return problem
        self._record(
            command,
            {
                name: {
                    "FREEZE": Place("FROZEN", self.serials[name].place.holder),
                    "UNFREEZE": Place("HOLDING", self.serials[name].place.holder),
                    "INVALIDATE": Place("INVALIDATED"),
                }[command.action]
                for name in named(command)
            },
        )
        return None

    def _on_batch(self, command: OnBatch) -> str | None:
        batch = self.batches.get(command.batch)
        if batch is None or batch.programme != command.programme:
            return "NOT_FOUND"
        if batch.withdrawn:
            return "BATCH_WITHDRAWN"
        problem = None
        match command.action:
            case "FREEZE":
                problem, batch = self._check_movable(batch), replace(batch, frozen=True)
            case "UNFREEZE":
                problem = None if batch.frozen else "CREDITS_NOT_FROZEN"
                batch = replace(batch, frozen=False)
            case "INVALIDATE":
                problem = "CREDITS_INVALIDATED" if batch.invalidated else None
                batch = replace(batch, invalidated=True)
            case _:
                if batch.exported:
                    problem = "CREDITS_EXPORTED"
                elif batch.invalidated:
                    problem = "CREDITS_INVALIDATED"
                batch = replace(batch, exported=True)
        if problem is not None:
            return problem
        self.batches[batch.number] = batch
        self._record(command, {})
        return None

    def _correct(self, command: Correct) -> str | None:
        posting = self._posting(command)
        if posting is None:
            return "NOT_FOUND"
        what = posting.what
        ordered = isinstance(what, OnSerials | OnBatch) and what.action in ("INVALIDATE", "EXPORT")
        if not (ordered or isinstance(what, CORRECTABLE)):
            return "NOT_CORRECTABLE"
        if posting.corrected:
            return "ALREADY_CORRECTED"
        if isinstance(what, OnBatch):
            batch = self.batches[what.batch]
            exported = what.action == "EXPORT"
            self.batches[batch.number] = (
                replace(batch, exported=False) if exported else replace(batch, invalidated=False)
            )
            back: dict[Name, Place] = {}
        else:
            problem = self._check_untouched(command, posting)
            if problem is not None:
                return problem
            back = {name: Place("HOLDING", before.holder) for name, before in posting.moved}
            if isinstance(what, OnSerials):
                back = dict(posting.moved)
        self.postings[command.posting] = replace(posting, corrected=True)
        self._record(command, back)
        if isinstance(what, Issue):
            self.batches[command.posting] = replace(self.batches[command.posting], withdrawn=True)
            for name in back:
                del self.serials[name]
        return None

    def _check_untouched(self, command: Correct, posting: Posting) -> str | None:
        """Whether all that a posting moved is where it brought it, of an issuance held by whom it was issued to."""
        what = posting.what
        for (name, before), number in zip(posting.moved, posting.batches, strict=True):
            batch = self.batches[number]
            problem = self._check_movable(batch)
            if problem is None and isinstance(what, Issue) and batch.exported:
                problem = "CREDITS_EXPORTED"
            if problem is not None:
                return problem
            serial = self.serials.get(name)
            if serial is None or serial.batch != number:
                return "MOVED_SINCE"
            if isinstance(what, Issue):
                untouched = serial.place == Place("HOLDING", what.holder)
            else:
                untouched = serial.since == command.posting
            if not untouched:
                return "MOVED_SINCE"
            if isinstance(what, OnSerials) and before.kind not in ("HOLDING", "FROZEN"):
                return "INVALIDATED_IN_USE"
        return None

    def _resolve(self, command: Resolve) -> str | None:
        pair = command.batch, command.other
        if pair not in self.doubles:
            return "INVALID_INPUT" if pair[::-1] in self.doubles else "NOT_FOUND"
        if self.doubles[pair] is not None:
            return "DOUBLE_ISSUANCE_RESOLVED"
        self.doubles[pair] = command.finding
        self._record(command, {})
        return None

    def _restate(self, command: Restate) -> str | None:
        self.sites[command.project] |= {command.site}
        standing = [batch for batch in self.batches.values() if not batch.withdrawn]
        for other, batch in combinations(standing, 2):
            if self._alike(batch, other) and command.project in (batch.project, other.project):
                self.doubles.setdefault((batch.number, other.number), None)
        self._record(command, {})
        return None

    def _alike(self, batch: Batch, other: Batch) -> bool:
        """Whether two batches seem to be issued for the same: of one vintage and project or site, and no parts of one
        issuance."""
        at_one_site = self.sites[batch.project] & self.sites[other.project]
        parts = same_issuance(batch) == same_issuance(other) is not None
        same = bool(at_one_site) or batch.project == other.project
        return same and not parts and other.vintage == batch.vintage

    def _place_in(self, command: PlaceIn) -> str | None:
        at = command.surrounding
        while at is not None:
            if at == command.pilot:
                return "SURROUNDING_PILOT_CYCLE"
            at = self.surrounding.get(at)
        self.surrounding[command.pilot] = command.surrounding
        self._find_inside(len(self.postings))
        self._record(command, {})
        return None

    def _find_inside(self, number: int) -> None:
        """Which projects lie inside which pilots: since then, unless they already did."""
        found: dict[tuple[str, str], int] = {}
        for name, project in self.projects.items():
            at = project.inside[0] if project.inside else None
            while at is not None:
                found[name, at] = self.inside.get((name, at), number)
                at = self.surrounding.get(at)
        self.inside = found

    # What the cases above ask.

    def _check_issued(self, command: OfRange) -> str | None:
        if any(name not in self.serials for name in named(command)):
            return "SERIALS_NOT_ISSUED"
        if len({self.serials[name].batch for name in named(command)}) > 1:
            return "SERIAL_RANGE_SPANS_BATCHES"
        return None

    def _check_free(self, command: OfRange, holder: str | None) -> str | None:
        """Whether the serials are issued, held by one holder, and not held back."""
        problem = self._check_issued(command)
        if problem is not None:
            return problem
        for name in named(command):
            place = self.serials[name].place
            if place.kind != "HOLDING":
                return ELSEWHERE[place.kind]
            holder = holder or place.holder
            if place.holder != holder:
                return "SERIALS_NOT_HELD"
        return self._check_movable(self._batch(command))

    def _check_movable(self, batch: Batch) -> str | None:
        if batch.invalidated:
            return "CREDITS_INVALIDATED"
        return "CREDITS_FROZEN" if batch.frozen else None

    def _check_usable(self, batch: Batch, pilot: str, day: str) -> str | None:
        if day == EARLY:
            return "VINTAGE_AFTER_RETIREMENT"
        if (batch.project, pilot) in self.inside:
            return "CREDIT_FROM_INSIDE_BOUNDARY"
        if batch.exported:
            return "CREDITS_EXPORTED"
        return "DOUBLE_ISSUANCE_SUSPECTED" if self._doubled(batch) else None

    def _doubled(self, batch: Batch) -> bool:
        return any(
            (finding is None and batch.number in pair)
            or (finding == "DOUBLE" and batch.number == pair[0])
            for pair, finding in self.doubles.items()
            if not any(self.batches[number].withdrawn for number in pair)
        )

    def _open_request(self, command: Confirm | End) -> Asked | str:
        asked = self.requests.get(command.request)
        if asked is None or asked.programme != command.programme:
            return "NOT_FOUND"
        return "REQUEST_ENDED" if asked.ended else asked

    def _posting(self, command: Correct) -> Posting | None:
        """What is named, if it moved something of the programme, or is about a whole batch of it."""
        posting = None if command.posting == UNKNOWN else self.postings[command.posting]
        if posting is None or not (posting.moved or isinstance(posting.what, OnBatch)):
            return None
        batch = posting.what.batch if isinstance(posting.what, OnBatch) else posting.batches[0]
        return posting if self.batches[batch].programme == command.programme else None

    def _batch(self, command: OfRange) -> Batch:
        return self.batches[self.serials[named(command)[0]].batch]

    def _age(self, name: Name) -> tuple[int, int, int]:
        batch = self.batches[self.serials[name].batch]
        return batch.vintage, batch.number, name[1]

    def _move(self, command: Command, names: Iterable[Name], target: Place) -> str | None:
        """Move the serials to one place; that is no problem."""
        self._record(command, dict.fromkeys(names, target))
        return None

    def _record(self, command: Command, targets: dict[Name, Place]) -> None:
        """Move each serial to its place, and number what did it."""
        moved = tuple((name, self.serials[name].place) for name in targets)
        batches = tuple(self.serials[name].batch for name in targets)
        for name, target in targets.items():
            self.serials[name] = Serial(self.serials[name].batch, target, len(self.postings))
        self.postings.append(Posting(command, moved, batches))


def without_items(command: Command, before: Sequence[Reference], code: str) -> str:
    """What a command is refused for where nothing of its request is done; ``before`` each item it was so."""
    for reference in reversed(before[:-1]):
        code = reference.copy().do(command)
        if code == OK:
            return "ITEMS_CONFLICT"
    return code


def malformed(command: Command) -> str | None:
    """What is wrong with a command whatever the ledger says."""
    if isinstance(command, OfRange) and command.first > command.last:
        return "SERIAL_RANGE_INVALID"
    if isinstance(command, Transfer) and command.giver == command.taker:
        return "INVALID_INPUT"
    if isinstance(command, Confirm) and command.amount is not None and command.amount < 1:
        return "INVALID_INPUT"
    if isinstance(command, RetireAmount) and command.amount < 1:
        return "INVALID_INPUT"
    return None


def named(command: OfRange) -> list[Name]:
    return [(command.prefix, number) for number in range(command.first, command.last + 1)]


def retired(pilot: str) -> Place:
    return Place("RETIREMENT", pilot=pilot)


def _check_stated(command: RetireRange | Request | Use) -> str | None:
    if command.stated in (None, command.last - command.first + 1):
        return None
    return "QUANTITY_MISMATCH"


def _first(problems: Iterable[str]) -> str | None:
    return next(iter(problems), None)
