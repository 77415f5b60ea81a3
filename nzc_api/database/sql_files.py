"""Statements that are longer than the code around them: each is a named ``.sql`` file beside who asks it."""

from collections.abc import Callable
from importlib.resources import files


def sql_in(package: str, *folders: str) -> Callable[[str], str]:
    """What reads the statement of a name from a folder of a package, once, as its module is imported. Where the module
    puts pieces into it that it shares, these stand there in braces."""
    folder = files(package).joinpath("sql", *folders)
    return lambda name: folder.joinpath(f"{name}.sql").read_text("utf-8")
