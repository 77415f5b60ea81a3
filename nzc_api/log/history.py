"""The one history that a process serves from: what it has seen of the log must be there whenever it looks."""

from nzc_api.database.engine import DatabaseUnavailable
from nzc_api.log.model import Head
from nzc_api.refusal import LocalizedText


class HistoryDiverged(DatabaseUnavailable):
    """The log lacks an entry that this process has answered from: it went back, or it is another branch. Nothing
    is served from it until the entry is there again, or an operator adopts that history."""

    def __init__(self, seen: Head, found: Head) -> None:
        self.reason = LocalizedText(
            f"日志（{found.name}，位置{found.position}）缺少本进程已应答过的位置{seen.position}（日志{seen.name}，摘要"
            f"{seen.digest.hex()[:16]}）：历史曾回退或分叉。请恢复原来的数据库；如确定以这段历史继续，请停止NZC，"
            "运行`nzc adopt`，再启动",
            f"the log ({found.name}, at {found.position}) lacks position {seen.position} (log {seen.name}, digest "
            f"{seen.digest.hex()[:16]}), which this process has answered from: the history went back or forked. Bring "
            "the right database back; or, to go on with this history, stop NZC, run `nzc adopt`, and start it",
        )
        Exception.__init__(self, f"{self.reason.en} {self.reason.zh}")
        self.message = self.reason


class History:
    """What a process has seen of the log, by whichever of its connections; threads may share it."""

    def __init__(self) -> None:
        self.seen: Head | None = None
        self._diverged: HistoryDiverged | None = None

    @property
    def diverged(self) -> bool:
        return self._diverged is not None

    def check(self) -> None:
        """Raise ``HistoryDiverged`` where the last look found another history."""
        if self._diverged is not None:
            raise self._diverged

    def look(self, seen: Head | None, found: Head, *, follows: bool) -> None:
        """Learn where the log stands; ``follows``: what was ``seen`` as one began to look is in it. Raises
        ``HistoryDiverged`` where it is not, unless an operator has adopted the log since."""
        if seen is not None and seen.log_id != found.log_id:
            follows = seen.log_id in found.former_ids
        if seen is not None and not follows:
            self._diverged = HistoryDiverged(seen, found)
            raise self._diverged
        self._diverged = None
        self.keep(found)

    def keep(self, head: Head) -> None:
        """Keep what was committed, or read as such."""
        seen = self.seen
        if seen is None or seen.log_id != head.log_id or seen.position < head.position:
            self.seen = head
