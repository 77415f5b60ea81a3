"""PostgreSQL notes its process in its folders. After a crash of the machine such a note may name a
process that is another one by now, and PostgreSQL would not start beside it."""

import os
from pathlib import Path


def disown_if_stale(note: Path) -> None:
    """Put our own number in a note of a process that is no PostgreSQL.

    PostgreSQL knows that who starts it is none. A note that is gone would be less safe: by it
    PostgreSQL finds what an old server's children may still be doing to the data.
    """
    if not note.exists():
        return
    pid, _, rest = note.read_text().partition("\n")
    if pid.strip().isdigit() and not _may_be_postgres(int(pid)):
        note.write_text(f"{os.getpid()}\n{rest}")


def _may_be_postgres(pid: int) -> bool:
    """Whether the process may be a PostgreSQL at work; so it may where nobody can tell."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
    command, _, fields = state.partition("(")[2].rpartition(")")
    return command == "postgres" and not fields.lstrip().startswith("Z")
