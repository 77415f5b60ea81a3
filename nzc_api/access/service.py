"""Organisations and their keys: who they are, and who is calling."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from nzc_api.access import store
from nzc_api.access.principals import Action, Principal, Role, authorise
from nzc_api.access.store import ApiKey, Organisation
from nzc_api.log.kinds import EntryKind
from nzc_api.log.requests import Actor, Request
from nzc_api.log.service import Log, Transaction
from nzc_api.log.store import Outcome
from nzc_api.refusal import InvalidInput, LocalizedText, NotFound, Refused
from nzc_api.text import checked_name

SECRET_PREFIX = "nzc_"  # noqa: S105  (the public part of every key)
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class RegisterOrganisation:
    name: LocalizedText
    role: Role
    programmes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IssueApiKey:
    organisation_id: int
    label: str


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """The outcome of issuing a key; the secret is known only to the answer that made it."""

    outcome: Outcome
    secret: str | None


class AccessService:
    """What the access room can do. ``known_programmes`` are those a registry may be given."""

    def __init__(self, log: Log, known_programmes: Sequence[str]) -> None:
        self._log = log
        self._known_programmes = tuple(known_programmes)

    async def authenticate(self, secrets: Collection[str]) -> dict[str, Principal]:
        """Who holds each secret; absent are those that no key in force has."""
        hashes = {secret: _hash(secret) for secret in secrets}
        async with self._log.database.read() as connection:
            found = await store.find_principals(connection, hashes.values())
        return {secret: found[one] for secret, one in hashes.items() if one in found}

    async def register_organisation(
        self, principal: Principal | None, key: str, command: RegisterOrganisation
    ) -> Outcome:
        actor = authorise(principal, Action.MANAGE_ORGANISATIONS).actor
        return await self.register_organisation_as(actor, key, command)

    async def register_organisation_as(
        self, actor: Actor, key: str, command: RegisterOrganisation
    ) -> Outcome:
        """Register without a key: for the operator's command line, which has the database."""

        async def work(transaction: Transaction) -> int:
            self._check(command)
            body = {"role": command.role, "programmes": list(command.programmes)}
            position = transaction.append(actor, EntryKind.ORGANISATION_REGISTERED, body)
            organisation = Organisation(position, command.name, command.role, command.programmes)
            await store.insert_organisation(transaction.connection, organisation)
            return position

        return await self._log.once(actor, Request.of(key, "registerOrganisation", command), work)

    async def issue_api_key(
        self, principal: Principal | None, key: str, command: IssueApiKey
    ) -> IssuedKey:
        actor = authorise(principal, Action.MANAGE_ORGANISATIONS).actor
        return await self.issue_api_key_as(actor, key, command)

    async def issue_api_key_as(self, actor: Actor, key: str, command: IssueApiKey) -> IssuedKey:
        """Issue without a key: for the operator's command line, which has the database."""
        secret = SECRET_PREFIX + secrets.token_urlsafe(SECRET_BYTES)

        async def work(transaction: Transaction) -> int:
            checked_name(command.label, "input", "label")
            found = await store.read_organisations(
                transaction.connection, [command.organisation_id]
            )
            if not found:
                raise Refused(organisation_not_found(command.organisation_id, "organisation"))
            body = {"organisation": command.organisation_id}
            position = transaction.append(actor, EntryKind.API_KEY_ISSUED, body)
            api_key = ApiKey(position, command.organisation_id, command.label, revoked=False)
            await store.insert_api_key(transaction.connection, api_key, _hash(secret))
            return position

        outcome = await self._log.once(actor, Request.of(key, "issueApiKey", command), work)
        made_now = outcome.position is not None and not outcome.replayed
        return IssuedKey(outcome, secret if made_now else None)

    async def revoke_api_key(self, principal: Principal | None, key: str, key_id: int) -> Outcome:
        """Revoke a key; revoking it again changes nothing and succeeds."""
        actor = authorise(principal, Action.MANAGE_ORGANISATIONS).actor

        async def work(transaction: Transaction) -> int:
            found = await store.read_api_keys(transaction.connection, [key_id])
            if key_id not in found:
                raise Refused(NotFound.born_at(key_id, "API密钥", "API key", "input", "apiKey"))
            if not found[key_id].revoked:
                position = transaction.append(actor, EntryKind.API_KEY_REVOKED, {}, subject=key_id)
                await store.revoke_api_key(transaction.connection, key_id, position)
            return key_id

        return await self._log.once(actor, Request.of(key, "revokeApiKey", key_id), work)

    async def organisations(self, ids: Sequence[int]) -> dict[int, Organisation]:
        async with self._log.database.read() as connection:
            return await store.read_organisations(connection, ids)

    async def list_organisations(
        self, role: Role | None, after: int, limit: int
    ) -> list[Organisation]:
        async with self._log.database.read() as connection:
            return await store.list_organisations(connection, role, after, limit)

    async def api_keys(self, ids: Sequence[int]) -> dict[int, ApiKey]:
        async with self._log.database.read() as connection:
            return await store.read_api_keys(connection, ids)

    def _check(self, command: RegisterOrganisation) -> None:
        checked_name(command.name.zh, "input", "name", "zh")
        checked_name(command.name.en, "input", "name", "en")
        unknown = [name for name in command.programmes if name not in self._known_programmes]
        needed = command.role is Role.REGISTRY
        if unknown or needed != bool(command.programmes):
            known = ", ".join(self._known_programmes)
            raise Refused(
                InvalidInput(
                    path=("input", "programmes"),
                    value=", ".join(command.programmes),
                    expected_zh=f"登记机构须列出其机制（{known}），其他角色不得列出",
                    expected_en=f"a registry names its programmes ({known}), other roles name none",
                )
            )


def organisation_not_found(organisation_id: int, *path: str) -> NotFound:
    return NotFound.born_at(organisation_id, "组织", "organisation", "input", *path)


def _hash(secret: str) -> bytes:
    # A secret of 256 random bits needs no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode()).digest()
