"""The audit: everything that must hold of the ledger, recomputed from what was written.

The checks are data: a name in both languages, over what it goes, and a query that finds what is
wrong. None of them trusts a guard or a rule.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import chain
from typing import Any

from nzc_api.database.engine import Database
from nzc_api.database.guards import FLAWS
from nzc_api.ids import Position
from nzc_api.ledger.auditing import audit_store as store
from nzc_api.ledger.auditing import certificate_audit_store as certificates
from nzc_api.ledger.auditing import document_audit_store as documents
from nzc_api.ledger.auditing import evaluation_audit_store as evaluation
from nzc_api.ledger.auditing import finance_audit_store as finance
from nzc_api.ledger.auditing import inventory_audit_store as inventories
from nzc_api.ledger.auditing import management_audit_store as management
from nzc_api.ledger.auditing import measure_audit_store as measures
from nzc_api.ledger.auditing import metering_audit_store as meters
from nzc_api.ledger.auditing import monitoring_audit_store as monitoring
from nzc_api.ledger.auditing import plan_audit_store as plans
from nzc_api.ledger.auditing import proposal_audit_store as proposals
from nzc_api.ledger.auditing import reconciliation_audit_store as reconciliations
from nzc_api.ledger.auditing import selection_audit_store as applications
from nzc_api.ledger.auditing import target_audit_store as targets
from nzc_api.ledger.auditing import webhook_audit_store as webhooks
from nzc_api.ledger.auditing.audit_store import Snapshot
from nzc_api.refusal import LocalizedText

# How many rows of a check are told, and how much is looked at in one query.
MOST_ROWS = 100
SLICE_POSITIONS = 500_000
SLICE_BATCHES = 500

# How far a running check comes each time.
WALKED_POSITIONS = 1_000

# Connections that an audit takes, so that a server's processors share the work.
SIDE_BY_SIDE = 4


class Over(Enum):
    """What a check goes over, slice by slice. What goes over ``NOW``, or is about the ``HEAD``, costs the
    same however long the log."""

    NOW = auto()
    HEAD = auto()
    ALL = auto()
    POSITIONS = auto()
    BATCHES = auto()


@dataclass(frozen=True, slots=True)
class Check:
    name: LocalizedText
    over: Over
    query: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A check that found something: the rows that are wrong, the first ``MOST_ROWS`` of them."""

    check: Check
    rows: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Health:
    """What a look at the latest positions found: up to which position, up to which one the running check
    has come, and what is broken."""

    position: Position
    walked: int
    broken: Sequence[Broken]


Slice = tuple[int, ...]
# Told of each slice: how many are done of how many, and what is being checked.
Progress = Callable[[int, int, Check], None]


def _check(over: Over, zh: str, en: str, query: str) -> Check:
    return Check(LocalizedText(zh, en), over, query)


CHECKS = (
    _check(Over.NOW, "守护规则俱在且未变", "guards are there, in force and as they were made", FLAWS),
    _check(Over.NOW, "日志头即最后一条", "the head follows the log", store.HEAD_FOLLOWS),
    _check(Over.POSITIONS, "日志位置连续", "positions are dense", store.DENSE),
    _check(Over.POSITIONS, "时间不倒退", "times never run backwards", store.TIMES),
    _check(
        Over.POSITIONS, "每条日志的摘要承接前一条", "each entry's digest follows", store.CHAINED
    ),
    _check(Over.HEAD, "所有记录均在日志范围内", "nothing lies outside the log", store.OUTSIDE),
    _check(
        Over.POSITIONS, "每条记录均有日志", "everything lies at a logged position", store.LOGGED
    ),
    _check(Over.POSITIONS, "日志与记录相符", "the log says what the rows say", store.SAID),
    _check(Over.POSITIONS, "各行如其日志所述", "rows are as their entries say", store.TOLD),
    _check(
        Over.POSITIONS, "随日志写入的各行未变", "rows are as they were written with their entries", store.BOUND
    ),
    _check(
        Over.ALL, "试点即最近一次变更所述", "pilots are as they were amended last", store.AMENDED
    ),
    _check(
        Over.ALL,
        "组织即最近一次变更所述",
        "organisations are as they were amended last",
        store.ORGANISATIONS_AMENDED,
    ),
    _check(
        Over.ALL,
        "项目名称即最近一次变更所述",
        "projects are called as they were amended last",
        store.PROJECTS_AMENDED,
    ),
    _check(
        Over.ALL,
        "核算期互不重叠，已撤回的无所依附",
        "periods do not overlap, and nothing rests on withdrawn ones",
        store.PERIODS,
    ),
    _check(
        Over.ALL,
        "清单的状态与日志相符",
        "inventories are where the log says",
        inventories.STATES,
    ),
    _check(
        Over.ALL,
        "草稿即最近一次修改所述",
        "inventories are as they were amended last",
        inventories.TERMS,
    ),
    _check(Over.ALL, "清单行与日志相符", "lines are as the log says", inventories.LINES),
    _check(
        Over.ALL,
        "核查意见和提醒属于其清单",
        "opinions and warnings are of their inventories",
        inventories.SAID_OF_THEM,
    ),
    _check(Over.POSITIONS, "计量点的变更与日志相符", "meters are where the log says", meters.SAID),
    _check(Over.ALL, "计量点与日志所述相符", "meters are as the log says", meters.METERS),
    _check(
        Over.POSITIONS, "读数与其日志的摘要相符", "readings have their entry's digest", meters.BATCHES
    ),
    _check(
        Over.ALL, "户号同时只属于一个计量点", "a supply point is one meter's", meters.SUPPLY_POINTS
    ),
    _check(
        Over.ALL,
        "计量点及其分表每日只计入一行",
        "a meter's day counts in one line",
        meters.COUNTED_TWICE,
    ),
    _check(Over.ALL, "用量不重复计入", "consumption is told once", meters.CONSUMPTION),
    _check(Over.ALL, "累计读数不倒退", "registers count on", meters.REGISTERS),
    _check(
        Over.ALL,
        "按日和按月的合计与读数相符",
        "sums of days and months are those of the readings",
        meters.ROLLUPS,
    ),
    _check(
        Over.ALL, "强度分母与日志相符", "denominators are as the log says", monitoring.DENOMINATORS
    ),
    _check(
        Over.ALL, "强度分母每日至多一个", "a day has one denominator of a kind", monitoring.ALONE
    ),
    _check(
        Over.ALL, "能源基准与日志相符", "energy baselines are as the log says", monitoring.BASELINES
    ),
    _check(Over.ALL, "告警与日志相符", "alerts are as the log says", monitoring.ALERTS),
    _check(Over.ALL, "目标与日志相符", "targets are as the log says", targets.LOGGED),
    _check(
        Over.ALL, "申报与日志相符", "applications are as the log says", applications.LOGGED
    ),
    _check(
        Over.ALL, "申报逐步推进，决定即终止", "applications go on step by step", applications.FOLLOWS
    ),
    _check(Over.ALL, "措施与日志相符", "measures are as the log says", measures.LOGGED),
    _check(
        Over.ALL, "对账与日志相符", "reconciliations are as the log says", reconciliations.LOGGED
    ),
    _check(Over.ALL, "融资与日志相符", "financings are as the log says", finance.LOGGED),
    _check(
        Over.ALL, "投资和节能收益只用一次", "costs and savings are financed once", finance.ONCE
    ),
    _check(
        Over.ALL,
        "岗位、责任、制度和维护与日志相符",
        "how pilots are managed is as the log says",
        management.LOGGED,
    ),
    _check(
        Over.ALL, "任职姓名与日志的承诺值相符", "names are those that the log is bound to", management.NAMED
    ),
    _check(Over.ALL, "建设方案与日志相符", "plans are as the log says", plans.LOGGED),
    _check(Over.ALL, "建设方案逐步推进", "plans go on step by step", plans.FOLLOWS),
    _check(Over.ALL, "建成前里程碑已实现", "what is built was reached before", plans.BUILT),
    _check(Over.ALL, "评价与日志相符", "evaluations are as the log says", evaluation.LOGGED),
    _check(Over.ALL, "通过的评价无未决事项", "nothing passed with what is open", evaluation.PASSED),
    _check(Over.ALL, "已删除的姓名不再存在", "names that were erased are gone", evaluation.ERASED),
    _check(
        Over.ALL, "webhook端点与日志相符", "webhook endpoints are as the log says", webhooks.LOGGED
    ),
    _check(
        Over.ALL, "webhook的进度与日志相符", "webhooks are told what the log has", webhooks.TOLD
    ),
    _check(Over.ALL, "文件与日志相符", "documents are as the log says", documents.LOGGED),
    _check(
        Over.ALL,
        "随行延续的文件出自前一版本",
        "documents of lines come from earlier versions",
        documents.CARRIED,
    ),
    _check(
        Over.ALL, "绿色电力只被主张一次", "green power is claimed once", certificates.CLAIMED_ONCE
    ),
    _check(
        Over.ALL, "目标逐步降至零", "targets fall from their baseline to zero", targets.FALLS
    ),
    _check(
        Over.ALL, "请求结果指向其日志", "outcomes point to their entries of the log", store.OUTCOMES
    ),
    _check(Over.POSITIONS, "变动与日志所述相符", "an entry moves what it says", store.ENTRY_MOVES),
    _check(
        Over.POSITIONS,
        "变动连接其批次的账户",
        "movements join accounts of their batch",
        store.MOVEMENT_JOINS,
    ),
    _check(Over.BATCHES, "签发完整", "a batch is issued whole", store.ISSUED_WHOLE),
    _check(
        Over.ALL, "批次属其机制的登记机构", "a batch is of its programme's registry", store.REGISTRY
    ),
    _check(Over.ALL, "序列号不重复签发", "a serial is issued once", store.ISSUED_ONCE),
    _check(Over.ALL, "相同场址均有记录", "what is at one site is recorded", store.SITES_MATCHED),
    _check(Over.ALL, "一次登记的各批不超过其总量", "an issuance has its parts", store.PARTS),
    _check(
        Over.BATCHES, "疑似重复签发均有记录", "what seems to be issued twice is suspected", store.SUSPECTED
    ),
    _check(
        Over.ALL, "林业与否取决于方法学", "forestry follows from the methodology", store.FORESTRY
    ),
    _check(
        Over.ALL,
        "监测期在计入期之内",
        "monitoring periods lie in crediting periods",
        store.CREDITED_FOR,
    ),
    _check(Over.ALL, "恢复的是试点自身的碳汇", "sinks go back to their own pilots", store.OWN_SINKS),
    _check(
        Over.ALL, "登记编号只指一笔", "a registry's number names one order", store.ONE_ORDER
    ),
    _check(
        Over.POSITIONS, "新区段恰好替代旧区段", "pieces tile what was spent", store.SPENT_IS_TILED
    ),
    _check(
        Over.POSITIONS,
        "变动转入即区段所在",
        "lots are where movements brought them",
        store.CREDITED,
    ),
    _check(
        Over.POSITIONS,
        "变动自序列号所在处转出",
        "movements take from where the serials were",
        store.DEBITED,
    ),
    _check(
        Over.POSITIONS, "剩余区段留在原处", "remainders stay where they were", store.REMAINDERS
    ),
    _check(Over.BATCHES, "现有区段恰好铺满批次", "current lots tile their batch", store.TILED),
    _check(Over.ALL, "不重复注销", "a serial is retired once", store.RETIRED_ONCE),
    _check(Over.POSITIONS, "余额等于变动之和", "balances equal movements", store.BALANCES),
    _check(Over.BATCHES, "区段等于余额", "lots equal balances", store.LOTS_ARE_BALANCES),
    _check(
        Over.ALL,
        "签发量＝持有＋待注销＋注销＋其他用途＋冻结＋失效",
        "issued = held + pending + retired + otherwise used + frozen + invalidated",
        store.CONSERVED,
    ),
    _check(
        Over.POSITIONS, "可用区段即持有区段", "available lots are the lots held", store.AVAILABLE
    ),
    _check(Over.ALL, "更正与原记录相反", "corrections mirror what they correct", store.CORRECTIONS),
    _check(Over.POSITIONS, "复核申请与日志相符", "proposals are as the log says", proposals.LOGGED),
    _check(
        Over.ALL,
        "复核申请由两人以各自的密钥办理",
        "proposals are made and approved by two keys of their registry",
        proposals.PERSONS,
    ),
    _check(
        Over.ALL, "复核后办理的即所申请的", "approvals carry out what was proposed", proposals.CARRIED_OUT
    ),
    _check(
        Over.ALL, "更正的是可更正的，撤回的签发均有更正", "what was corrected may be", store.CORRECTED
    ),
    _check(
        Over.ALL, "未结申请的减排量待注销", "what open requests ask for is pending", store.REQUESTS
    ),
    _check(
        Over.POSITIONS, "待注销者均属未结申请", "what is pending is of an open request", store.PENDING
    ),
)  # fmt: skip


async def audit(
    database: Database, progress: Progress = lambda done, total, check: None
) -> list[Broken]:
    """Check everything, on one snapshot: what is broken. The memory it takes does not grow with the
    ledger."""
    async with store.snapshots(database, min(SIDE_BY_SIDE, database.pool_size)) as ledgers:
        slices = await _slices(ledgers[0])
        work = [(check, piece) for check in CHECKS for piece in slices[check.over]]
        waiting = iter(enumerate(work))
        found: dict[Check, dict[Slice, list[dict[str, Any]]]] = {check: {} for check in CHECKS}

        async def look(ledger: Snapshot) -> None:
            for done, (check, piece) in waiting:
                progress(done, len(work), check)
                if sum(map(len, found[check].values())) < MOST_ROWS:
                    rows = await ledger.rows(check.query, MOST_ROWS, *piece)
                    if rows:
                        found[check][piece] = rows

        try:
            async with asyncio.TaskGroup() as group:
                for ledger in ledgers:
                    group.create_task(look(ledger))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None  # the others were only told to stop
        return [Broken(check, _in_order(broken)) for check, broken in found.items() if broken]


class Walk:
    """How far a check has come that runs through the log, a slice each time, round and round, and what it
    found. In memory: a process begins anew."""

    def __init__(self) -> None:
        self.reached = Position(0)
        self.broken: dict[int, list[Broken]] = {}

    def next_slice(self, head: int) -> Slice:
        """The positions that follow; from the first again, where it came to the end."""
        first = self.reached + 1 if self.reached < head else 1
        return first, min(first + WALKED_POSITIONS - 1, head)

    def found(self, piece: Slice, broken: list[Broken]) -> None:
        """Keep what is broken there, until it is found to be in order."""
        self.reached = Position(piece[1])
        self.broken = {
            first: was for first, was in self.broken.items() if not piece[0] <= first <= piece[1]
        }
        if broken:
            self.broken[piece[0]] = broken


async def audit_latest(database: Database, positions: int, walk: Walk) -> Health:
    """Check only what lies at the last so many positions and at the next that ``walk`` comes to, and what
    is asked of the head: cheap however long the log is."""
    async with store.snapshot(database) as ledger:
        head = await ledger.head()
        latest = max(head - positions, 0) + 1, head
        found = await _broken(ledger, {Over.NOW: (), Over.HEAD: (head,), Over.POSITIONS: latest})
        piece = walk.next_slice(head)
        walk.found(piece, await _broken(ledger, {Over.POSITIONS: piece}))
        return Health(head, walk.reached, _together([found, *walk.broken.values()]))


async def _broken(ledger: Snapshot, pieces: Mapping[Over, Slice]) -> list[Broken]:
    return [
        Broken(check, rows)
        for check in CHECKS
        if check.over in pieces
        and (rows := await ledger.rows(check.query, MOST_ROWS, *pieces[check.over]))
    ]


def _together(parts: Iterable[list[Broken]]) -> list[Broken]:
    """Each check with all its rows, once."""
    rows: dict[Check, list[dict[str, Any]]] = {}
    for broken in chain.from_iterable(parts):
        gathered = rows.setdefault(broken.check, [])
        gathered += [row for row in broken.rows if row not in gathered]
    return [Broken(check, rows[check][:MOST_ROWS]) for check in CHECKS if check in rows]


async def _slices(ledger: Snapshot) -> dict[Over, list[Slice]]:
    starts = await ledger.batch_starts(SLICE_BATCHES)
    ends = [start - 1 for start in starts[1:]] + [await ledger.head()]
    return {
        Over.NOW: [()],
        Over.HEAD: [(await ledger.head(),)],
        Over.ALL: [()],
        Over.POSITIONS: list(_runs(await ledger.head(), SLICE_POSITIONS)),
        Over.BATCHES: list(zip(starts, ends, strict=False)),
    }


def _in_order(found: dict[Slice, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """What slices found, in their order, up to the most that is told."""
    return [row for piece in sorted(found) for row in found[piece]][:MOST_ROWS]


def _runs(last: int, size: int) -> Iterator[Slice]:
    return ((first, min(first + size - 1, last)) for first in range(1, last + 1, size))
