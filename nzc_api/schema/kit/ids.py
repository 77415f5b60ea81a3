"""Relay ids: base64url of ``Type:uuid``, canonical or refused."""

import base64
import binascii
from collections.abc import Callable, Sequence
from functools import cache, lru_cache, partial
from uuid import UUID

import strawberry

from nzc_api.log.ids import entity_uuid, log_name, position_of
from nzc_api.refusal import InvalidInput, LocalizedText, NotFound, Refused
from nzc_api.schema.kit.kinds import Kind, T
from nzc_api.schema.kit.told import told

LONGEST_SHOWN = 80
LONGEST_ID = 128

REPLACED = LocalizedText(
    "此处的日志是{log_id}，不是“{expected}”：数据库由备份恢复后已另起新的日志，或是另一个数据库。其位置的含义不同，"
    "请从0重新读取",
    "The log here is {log_id}, not “{expected}”: the database was restored and goes on by itself, or is another "
    "one. Its positions mean something else: read it from 0",
)

_KINDS_ZH = {
    "Organisation": "组织",
    "ApiKey": "API密钥",
    "WebhookEndpoint": "webhook端点",
    "Pilot": "试点",
    "AccountingPeriod": "核算期",
    "Inventory": "清单",
    "Meter": "计量点",
    "ReadingBatch": "读数批次",
    "EmissionSource": "排放源",
    "Sink": "碳汇",
    "Target": "目标",
    "Document": "文件",
    "Application": "申报",
    "Measure": "措施",
    "Plan": "建设方案",
    "PotentialAnalysis": "潜力分析",
    "Financing": "融资",
    "Post": "岗位",
    "Appointment": "任职记录",
    "Duty": "年度责任目标",
    "ManagementRule": "管理制度",
    "Upkeep": "维护记录",
    "Evaluation": "评价",
    "EvaluationFinding": "问题",
    "EmissionFactor": "排放因子",
    "FactorList": "因子列表",
    "Project": "项目",
    "CreditBatch": "减排量批次",
    "Retirement": "注销记录",
    "CreditTransfer": "转让记录",
    "CreditUse": "其他用途记录",
    "RetirementRequest": "注销申请",
    "LedgerPosting": "账本记录",
    "Proposal": "复核申请",
}


def encode_id(kind: str, uuid: UUID | str) -> strawberry.ID:
    return strawberry.ID(_base64(f"{kind}:{uuid}"))


def _base64(text: str) -> str:
    # What a kind and a UUID have comes to no + and no /, which base64url writes otherwise.
    return binascii.b2a_base64(text.encode(), newline=False).decode().rstrip("=")


def decode_id(text: str) -> tuple[str, UUID] | None:
    """The type and the UUID that an id names; None unless it is written as ``encode_id`` would."""
    return _decoded(text) if len(text) <= LONGEST_ID else None


def _id_of(log_id: int, kind: str, position: int) -> strawberry.ID:
    return _namer(log_id, kind)(position)


@lru_cache(maxsize=256)
def _namer(log_id: int, kind: str) -> Callable[[int], strawberry.ID]:
    """What makes ids of a kind. Those of neighbours differ in their last letters alone, and an export names millions:
    what ids of so many positions begin with is encoded once for all of them."""
    # Base64 encodes three bytes at a time: beyond the last whole three are one to three digits of the position.
    digits = len(f"{kind}:{entity_uuid(log_id, 1)}") % 3 or 3
    bits = 4 * digits
    last = (1 << bits) - 1
    ends = _ends(digits)

    @lru_cache(maxsize=512)
    def beginning(block: int) -> str:
        return _base64(f"{kind}:{entity_uuid(log_id, block << bits | last)}"[:-digits])

    def name(position: int) -> strawberry.ID:
        assert position > 0
        return strawberry.ID(beginning(position >> bits) + ends[position & last])

    return name


@cache
def _ends(digits: int) -> Sequence[str]:
    """What ids end with, by their last digits."""
    return [_base64(f"{number:0{digits}x}") for number in range(16**digits)]


@lru_cache(maxsize=4096)
def _decoded(text: str) -> tuple[str, UUID] | None:
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        kind, _, name = (
            base64.b64decode(padded, altchars=b"-_", validate=True).decode().partition(":")
        )
        uuid = UUID(name)
    except (ValueError, binascii.Error):
        return None
    return (kind, uuid) if encode_id(kind, uuid) == text else None


class Ids:
    """Ids of the things of one log, in one operation."""

    def __init__(self, log_id: int) -> None:
        self._log_id = log_id
        # The id of what was born at a position, by the name of its type.
        self.of: Callable[[str, int], strawberry.ID] = partial(_id_of, log_id)
        self._given: dict[int, str] = {}

    def check_log(self, expected: str | None) -> None:
        """Raise LOG_REPLACED where the caller knows another log than this one."""
        log_id = log_name(self._log_id)
        if expected not in {None, log_id}:
            assert expected is not None
            facts = {"log_id": log_id, "expected": expected[:LONGEST_SHOWN]}
            message = LocalizedText(REPLACED.zh.format(**facts), REPLACED.en.format(**facts))
            raise told("LOG_REPLACED", message, logId=log_id)

    def given(self, position: int) -> str | None:
        """The id that the caller gave for a position, if one did."""
        return self._given.get(position)

    def find(self, text: str) -> tuple[str, int | UUID] | None:
        """The type that an id names, with a position of this log or a UUID of product data."""
        decoded = decode_id(text)
        if decoded is None:
            return None
        kind, uuid = decoded
        position = position_of(self._log_id, uuid)
        return kind, uuid if position is None else position

    def position(self, text: str, *path: str, kinds: tuple[str, ...]) -> int:
        """The position that an id of one of ``kinds`` names; raises ``Refused`` for any other."""
        decoded = decode_id(text)
        if decoded is None or decoded[0] not in kinds:
            raise Refused(_not_an_id(text, kinds, path))
        position = position_of(self._log_id, decoded[1])
        if position is None:
            raise Refused(
                NotFound(
                    path=path,
                    value=text[:LONGEST_SHOWN],
                    kind_zh=_KINDS_ZH[kinds[0]],
                    kind_en=kinds[0],
                )
            )
        self._given[position] = text
        return position

    def read(self, text: str, *path: str, kind: Kind[T]) -> T:
        """The id of a ``kind`` of thing that ``text`` is; raises ``Refused`` for any other."""
        return kind.id(self.position(text, *path, kinds=kind.names))

    def optional(self, text: str | None, *path: str, kind: Kind[T]) -> T | None:
        """The same where there is a ``text``; else None."""
        return None if text is None else self.read(text, *path, kind=kind)

    def product(self, text: str, *path: str, kind: str) -> UUID:
        """The UUID of a piece of product data; raises ``Refused`` where ``text`` names none."""
        decoded = decode_id(text)
        if decoded is None or decoded[0] != kind:
            raise Refused(_not_an_id(text, (kind,), path))
        return decoded[1]


def _not_an_id(text: str, kinds: tuple[str, ...], path: tuple[str, ...]) -> InvalidInput:
    zh = "、".join(_KINDS_ZH[kind] for kind in kinds)
    return InvalidInput(
        path=path,
        value=text[:LONGEST_SHOWN],
        expected_zh=f"本系统给出的{zh}的id，原样传入",
        expected_en=f"an id of {' or '.join(kinds)}, exactly as this API gave it",
    )
