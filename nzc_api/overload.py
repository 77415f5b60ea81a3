"""Being asked for more than one will queue."""

RETRY_AFTER_SECONDS = 1


class Overloaded(Exception):
    """More waits than NZC will queue; try again after ``retry_after`` seconds."""

    def __init__(self, retry_after: int = RETRY_AFTER_SECONDS) -> None:
        super().__init__(f"try again after {retry_after} s")
        self.retry_after = retry_after
