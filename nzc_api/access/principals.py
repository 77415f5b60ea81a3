"""Who is calling, and what each role may do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from nzc_api.ids import ApiKeyId, OrganisationId
from nzc_api.log.requests import Actor
from nzc_api.refusal import LocalizedText


class Role(StrEnum):
    """What an organisation is to NZC. No role skips the ledger's rules."""

    ADMINISTRATOR = "ADMINISTRATOR"
    REGISTRY = "REGISTRY"
    PILOT_OPERATOR = "PILOT_OPERATOR"
    VERIFIER = "VERIFIER"
    CREDIT_HOLDER = "CREDIT_HOLDER"
    AUDITOR = "AUDITOR"
    REGULATOR = "REGULATOR"
    METER_GATEWAY = "METER_GATEWAY"


class Action(StrEnum):
    """What can be done by writing."""

    MANAGE_ORGANISATIONS = "MANAGE_ORGANISATIONS"
    REGISTER_PILOT = "REGISTER_PILOT"
    WRITE_INVENTORY = "WRITE_INVENTORY"
    VERIFY_INVENTORY = "VERIFY_INVENTORY"
    WRITE_METERS = "WRITE_METERS"
    RECORD_READINGS = "RECORD_READINGS"
    WRITE_TARGET = "WRITE_TARGET"
    WRITE_MEASURE = "WRITE_MEASURE"
    VERIFY_EFFECT = "VERIFY_EFFECT"
    WRITE_MANAGEMENT = "WRITE_MANAGEMENT"
    ERASE_NAME = "ERASE_NAME"
    WRITE_PLAN = "WRITE_PLAN"
    DECIDE_PLAN = "DECIDE_PLAN"
    EVALUATE = "EVALUATE"
    ANSWER_EVALUATION = "ANSWER_EVALUATION"
    WRITE_DOCUMENT = "WRITE_DOCUMENT"
    APPLY = "APPLY"
    DECIDE_APPLICATION = "DECIDE_APPLICATION"
    REGISTER_PROJECT = "REGISTER_PROJECT"
    POST_CREDITS = "POST_CREDITS"
    RESOLVE_DOUBLE_ISSUANCE = "RESOLVE_DOUBLE_ISSUANCE"
    RESOLVE_SAME_SITE = "RESOLVE_SAME_SITE"
    WRITE_WEBHOOK = "WRITE_WEBHOOK"
    RECONCILE = "RECONCILE"


MAY: dict[Action, frozenset[Role]] = {
    Action.MANAGE_ORGANISATIONS: frozenset({Role.ADMINISTRATOR}),
    Action.REGISTER_PILOT: frozenset({Role.PILOT_OPERATOR, Role.ADMINISTRATOR}),
    Action.WRITE_INVENTORY: frozenset({Role.PILOT_OPERATOR}),
    Action.VERIFY_INVENTORY: frozenset({Role.VERIFIER}),
    Action.WRITE_METERS: frozenset({Role.PILOT_OPERATOR}),
    Action.RECORD_READINGS: frozenset({Role.PILOT_OPERATOR, Role.METER_GATEWAY}),
    Action.WRITE_TARGET: frozenset({Role.PILOT_OPERATOR}),
    Action.WRITE_MEASURE: frozenset({Role.PILOT_OPERATOR}),
    Action.VERIFY_EFFECT: frozenset({Role.VERIFIER}),
    Action.WRITE_MANAGEMENT: frozenset({Role.PILOT_OPERATOR}),
    Action.ERASE_NAME: frozenset({Role.PILOT_OPERATOR, Role.ADMINISTRATOR}),
    Action.WRITE_PLAN: frozenset({Role.PILOT_OPERATOR}),
    Action.DECIDE_PLAN: frozenset({Role.REGULATOR}),
    Action.EVALUATE: frozenset({Role.REGULATOR}),
    Action.ANSWER_EVALUATION: frozenset({Role.PILOT_OPERATOR}),
    Action.WRITE_DOCUMENT: frozenset({Role.PILOT_OPERATOR, Role.VERIFIER, Role.REGULATOR}),
    Action.APPLY: frozenset({Role.PILOT_OPERATOR}),
    Action.DECIDE_APPLICATION: frozenset({Role.REGULATOR}),
    Action.REGISTER_PROJECT: frozenset({Role.REGISTRY, Role.ADMINISTRATOR}),
    Action.POST_CREDITS: frozenset({Role.REGISTRY}),
    Action.RESOLVE_DOUBLE_ISSUANCE: frozenset({Role.ADMINISTRATOR}),
    Action.RESOLVE_SAME_SITE: frozenset({Role.ADMINISTRATOR}),
    Action.WRITE_WEBHOOK: frozenset(Role),
    Action.RECONCILE: frozenset({Role.REGISTRY}),
}


class AccessDenied(Exception):
    """The caller may not do this. ``code`` is UNAUTHENTICATED or FORBIDDEN."""

    def __init__(self, code: str, message: LocalizedText) -> None:
        super().__init__(message.en)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Principal:
    """An organisation that called with one of its keys; ``expired_at``: since when it may not."""

    organisation_id: OrganisationId
    api_key_id: ApiKeyId
    role: Role
    programmes: frozenset[str] = frozenset()
    expired_at: datetime | None = None

    @property
    def actor(self) -> Actor:
        return Actor(self.organisation_id, self.api_key_id)


def authorise(principal: Principal | None, action: Action) -> Principal:
    """The caller, if its role may do ``action``; raises ``AccessDenied`` otherwise."""
    if principal is None:
        raise unauthenticated()
    if principal.role not in MAY[action]:
        roles = ", ".join(sorted(MAY[action]))
        raise forbidden(
            f"该操作需要以下角色之一的密钥：{roles}；此密钥的角色是{principal.role}",
            f"This needs a key of one of the roles {roles}; this key's role is {principal.role}",
        )
    return principal


def authorise_programme(principal: Principal, programme: str) -> None:
    """A registry posts for its own programmes only."""
    if programme not in principal.programmes:
        own = ", ".join(sorted(principal.programmes))
        raise forbidden(
            f"该登记机构只能登记其自身机制（{own}）的减排量，不能登记{programme}",
            f"This registry posts for its own programmes ({own}) only, not for {programme}",
        )


def authorise_owner(principal: Principal, operator_id: OrganisationId) -> None:
    """A pilot operator writes its own pilots only; an administrator may stand in for it."""
    if principal.role is not Role.ADMINISTRATOR and principal.organisation_id != operator_id:
        raise forbidden(
            "该试点属于另一运营单位，只有其运营单位可以写入",
            "This pilot belongs to another operator; only its own operator may write it",
        )


def may_see_keys_of(principal: Principal | None, organisation_id: OrganisationId) -> bool:
    """Whether the caller may see an organisation's keys: its own, and as an administrator all."""
    return principal is not None and (
        principal.role is Role.ADMINISTRATOR or principal.organisation_id == organisation_id
    )


def unauthenticated() -> AccessDenied:
    return _unauthenticated(
        "写入需要有效的API密钥：请在请求头中提供“Authorization: Bearer <密钥>”",
        "Writing needs a valid API key: send “Authorization: Bearer <key>”",
    )


def expired(at: datetime) -> AccessDenied:
    when = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return _unauthenticated(
        f"该API密钥已于{when}（协调世界时）过期，请向管理员申请新的密钥",
        f"This API key expired at {when}; ask an administrator for a new one",
    )


def no_bearer() -> AccessDenied:
    return _unauthenticated(
        "请求头Authorization须为“Bearer <密钥>”；公开的内容无需密钥，可不带此请求头",
        "The header Authorization must be “Bearer <key>”; what is public needs no key, and then no such header",
    )


def unknown_key() -> AccessDenied:
    return _unauthenticated(
        "该API密钥未知或已被吊销；请核对，或向管理员申请新的密钥",
        "The API key is unknown or revoked: check it, or ask an administrator for a new one",
    )


def _unauthenticated(zh: str, en: str) -> AccessDenied:
    return AccessDenied("UNAUTHENTICATED", LocalizedText(zh, en))


def forbidden(zh: str, en: str) -> AccessDenied:
    return AccessDenied("FORBIDDEN", LocalizedText(zh, en))
