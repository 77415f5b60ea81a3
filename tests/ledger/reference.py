"""A ledger that anybody can follow: a dictionary of serials. The real one must agree with it."""

from dataclasses import dataclass, field
from typing import Literal

OK = "OK"


@dataclass(frozen=True)
class Project:
    """A project, and the pilots (inner to outer) that it lies in."""

    name: str
    inside: tuple[str, ...] = ()


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


@dataclass(frozen=True)
class RetireAmount:
    amount: int
    holder: str
    project: str | None
    pilot: str


Command = Issue | Transfer | RetireRange | RetireAmount

State = Literal["HELD", "RETIRED"]


@dataclass
class Serial:
    """Where one tonne is, and the batch that it was issued in."""

    batch: int
    where: State
    by: str


@dataclass
class Batch:
    number: int
    project: str
    vintage: int


@dataclass
class Reference:
    """The ledger as a dictionary; ``do`` says OK or the code of the refusal."""

    projects: dict[str, Project]
    serials: dict[tuple[str, int], Serial] = field(default_factory=dict)
    batches: list[Batch] = field(default_factory=list)

    def do(self, command: Command) -> str:
        match command:
            case Issue():
                return self._issue(command)
            case Transfer():
                return self._transfer(command)
            case RetireRange():
                return self._retire_range(command)
            case RetireAmount():
                return self._retire_amount(command)

    def _issue(self, command: Issue) -> str:
        if command.first > command.last:
            return "SERIAL_RANGE_INVALID"
        if command.stated != command.last - command.first + 1:
            return "QUANTITY_MISMATCH"
        wanted = self._range(command.prefix, command.first, command.last)
        if any(name in self.serials for name in wanted):
            return "SERIAL_BLOCK_OVERLAP"
        batch = Batch(len(self.batches), command.project, command.vintage)
        self.batches.append(batch)
        for name in wanted:
            self.serials[name] = Serial(batch.number, "HELD", command.holder)
        return OK

    def _transfer(self, command: Transfer) -> str:
        if command.first > command.last:
            return "SERIAL_RANGE_INVALID"
        if command.giver == command.taker:
            return "INVALID_INPUT"
        problem = self._check_held(command.prefix, command.first, command.last, command.giver)
        if problem is not None:
            return problem
        for name in self._range(command.prefix, command.first, command.last):
            self.serials[name].by = command.taker
        return OK

    def _retire_range(self, command: RetireRange) -> str:
        if command.first > command.last:
            return "SERIAL_RANGE_INVALID"
        if command.stated not in (None, command.last - command.first + 1):
            return "QUANTITY_MISMATCH"
        problem = self._check_held(command.prefix, command.first, command.last, command.holder)
        if problem is not None:
            return problem
        wanted = self._range(command.prefix, command.first, command.last)
        if not self._usable(self.serials[wanted[0]].batch, command.pilot):
            return "CREDIT_FROM_INSIDE_BOUNDARY"
        for name in wanted:
            self._retire(name, command.pilot)
        return OK

    def _retire_amount(self, command: RetireAmount) -> str:
        if command.amount < 1:
            return "INVALID_INPUT"
        held = [
            name
            for name, serial in self.serials.items()
            if (serial.where, serial.by) == ("HELD", command.holder)
            and command.project in (None, self.batches[serial.batch].project)
            and self._usable(serial.batch, command.pilot)
        ]
        held.sort(key=self._age)
        if len(held) < command.amount:
            return "INSUFFICIENT_CREDITS"
        for name in held[: command.amount]:
            self._retire(name, command.pilot)
        return OK

    def _check_held(self, prefix: str, first: int, last: int, holder: str | None) -> str | None:
        wanted = self._range(prefix, first, last)
        if any(name not in self.serials for name in wanted):
            return "SERIALS_NOT_ISSUED"
        found = [self.serials[name] for name in wanted]
        if len({serial.batch for serial in found}) > 1:
            return "SERIAL_RANGE_SPANS_BATCHES"
        for serial in found:
            if serial.where == "RETIRED":
                return "SERIALS_ALREADY_RETIRED"
            holder = holder or serial.by
            if serial.by != holder:
                return "SERIALS_NOT_HELD"
        return None

    def _usable(self, batch: int, pilot: str) -> bool:
        return pilot not in self.projects[self.batches[batch].project].inside

    def _retire(self, name: tuple[str, int], pilot: str) -> None:
        serial = self.serials[name]
        serial.where, serial.by = "RETIRED", pilot

    def _age(self, name: tuple[str, int]) -> tuple[int, int, int]:
        batch = self.batches[self.serials[name].batch]
        return batch.vintage, batch.number, name[1]

    @staticmethod
    def _range(prefix: str, first: int, last: int) -> list[tuple[str, int]]:
        return [(prefix, number) for number in range(first, last + 1)]
