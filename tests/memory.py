"""Where tests keep their files: in memory, where there is room for them.

A database is made and dropped there ten times as fast as on a disk, and PostgreSQL still does all
that it does: it survives being killed, and only the machine's own end is another matter.
"""

import os
import tempfile

MEMORY = "/dev/shm"

# A cluster takes 0.1 GiB and its log seldom more than one: each worker has a server, some tests another.
ROOM = 8 * 1024**3


def keep_files_in_memory() -> None:
    """Let all temporary files of this process, and of those that it starts, be in memory.

    Not where ``TMPDIR`` says otherwise, where there is too little of it, or no program may run there.
    """
    if "TMPDIR" not in os.environ and _is_roomy():
        os.environ["TMPDIR"] = tempfile.tempdir = MEMORY


def _is_roomy() -> bool:
    try:
        found = os.statvfs(MEMORY)
    except FileNotFoundError:
        return False
    return found.f_bavail * found.f_frsize >= ROOM and not found.f_flag & os.ST_NOEXEC
