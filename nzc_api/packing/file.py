"""A pack as a file, which is there whole or not at all."""

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

from nzc_api.packs.pack import Pack


async def write(begin: Callable[[], Awaitable[Pack]], file: Path) -> Pack:
    """Write the pack that is begun to ``file``. Raises ``Failed`` as that does; then there is no file."""
    pack = await begin()
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        with unfinished.open("wb") as into:
            async with aclosing(pack.made()) as made:
                async for part in made:
                    into.write(part)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return pack
