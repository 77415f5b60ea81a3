"""What every command of the ledger has, whichever verb it is of; see ``verbs`` for each."""

from typing import Any, ClassVar, Protocol

from nzc_api.grounds import Grounds


class Command(Protocol):
    """What the ledger is told to do with credits of a programme; "" where the ledger knows which that is."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def programme(self) -> str: ...


class Proposable(Command, Protocol):
    """An order, on grounds: what may have to wait for a second person."""

    @property
    def grounds(self) -> Grounds: ...
