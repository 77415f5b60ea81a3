"""Letting others be answered while many go on at once."""

import asyncio

# How many go on in one turn of the event loop.
IN_A_TURN = 20


class Turns:
    """Lets those who come together go on a few at a time."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(IN_A_TURN)

    async def mine(self) -> None:
        """Wait for one's turn."""
        async with self._places:
            await asyncio.sleep(0)
