"""What PostgreSQL says of itself for a while: each such state, and how it is answered.

Whoever asked may send the same again, with the same idempotency key: nothing was done, or it is found done.
Any other state is a fault of ours.
"""

from collections.abc import Mapping
from typing import NamedTuple

from nzc_api.refusal import LocalizedText


class Condition(NamedTuple):
    """A state of the server. Where it is ``away`` (DATABASE_UNAVAILABLE) its session is lost; else it is busy
    (TRY_AGAIN), and the session is as good as before."""

    away: bool
    reason: LocalizedText


def _away(zh: str, en: str) -> Condition:
    return Condition(away=True, reason=LocalizedText(zh, en))


def _busy(zh: str, en: str) -> Condition:
    return Condition(away=False, reason=LocalizedText(zh, en))


_TOO_LONG = _away(
    "数据库中断了耗时过长的事务", "the database broke off a transaction that took too long"
)

# By SQLSTATE, or the beginning of several; the longest that fits holds.
CONDITIONS: Mapping[str, Condition] = {
    "08": _away("与数据库的连接中断", "the connection to the database broke off"),
    # That a prepared statement has other columns than before; the session forgets those that it has.
    "0A000": _busy("数据库的表刚由迁移作了增补", "a migration has just added to a table"),
    "25006": _away("该数据库是只读的备库", "the database is a standby, which can only be read"),
    "25P03": _TOO_LONG,
    "25P04": _TOO_LONG,
    "40001": _busy("其他事务同时进行了修改", "another transaction was at the same"),
    "40P01": _busy(
        "与其他事务互相等待", "another transaction waited for this one, and this for it"
    ),
    "53": _away("数据库资源不足", "the database lacks resources"),
    "53100": _away("数据库的磁盘已满", "the database's disk is full"),
    "53200": _away("数据库内存不足", "the database is out of memory"),
    "53300": _away("数据库不再接受更多连接", "the database takes no more connections"),
    "55P03": _busy(
        "数据库中有其他会话占用了锁", "another session of the database holds a lock for too long"
    ),
    "57014": _busy("数据库取消了该语句", "the database cancelled the statement"),
    "57P": _away("数据库正在停止", "the database is shutting down"),
    "57P02": _away("数据库崩溃，正在恢复", "the database crashed, and recovers"),
    "57P03": _away("数据库正在启动或停止", "the database is starting or stopping"),
    "57P04": _away("数据库已被删除", "the database was dropped"),
    "57P05": _away("数据库关闭了空闲的连接", "the database closed an idle connection"),
    "58": _away("数据库的系统出错", "the database's system fails"),
    "58030": _away("数据库无法读写磁盘", "the database cannot read or write its disk"),
}


def condition_of(sqlstate: str) -> Condition | None:
    """What a SQLSTATE says of the server for now; None where it says something else."""
    beginnings = (sqlstate[:length] for length in range(len(sqlstate), 1, -1))
    return next((CONDITIONS[code] for code in beginnings if code in CONDITIONS), None)
