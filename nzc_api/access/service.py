"""Organisations and their keys: who they are, and who is calling."""

import hashlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Collection, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access import amendment_store, store
from nzc_api.access.credit_code import check_credit_code
from nzc_api.access.errors import CreditCodeTaken, organisation_not_found
from nzc_api.access.model import (
    AmendOrganisation,
    ApiKey,
    IssueApiKey,
    ListedKey,
    Organisation,
    OrganisationAmendment,
    OrganisationFacts,
    OrganisationFilter,
    RegisterOrganisation,
)
from nzc_api.access.principals import Action, Principal, Role, authorise
from nzc_api.database.looks import Looks
from nzc_api.database.paging import Page
from nzc_api.grounds import check_grounds
from nzc_api.ids import ApiKeyId, OrganisationId, Position
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Head, Outcome
from nzc_api.log.requests import Actor, Request
from nzc_api.log.service import Log, Transaction
from nzc_api.refusal import InvalidInput, LocalizedText, NotFound, Refused, refuse
from nzc_api.text import checked_name

SECRET_PREFIX = "nzc_"  # noqa: S105  (the public part of every key)
SECRET_BYTES = 32

KEYS_A_PAGE = 500


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """The outcome of issuing a key; the secret is known only to the answer that made it."""

    outcome: Outcome
    secret: str | None


class KeyUses:
    """When keys were last used, since that was written last; threads may share it. What was taken and
    could not be written is lost: a key that is used is soon used again."""

    def __init__(self) -> None:
        self._at: dict[int, datetime] = {}

    def note(self, key_ids: Iterable[ApiKeyId]) -> None:
        now = datetime.now(UTC)
        for key_id in key_ids:
            self._at[key_id] = now

    def take(self) -> dict[int, datetime]:
        taken, self._at = self._at, {}
        return taken


class AccessService:
    """What the access room can do. ``programmes`` are those a registry may be given."""

    def __init__(self, log: Log, programmes: Sequence[str], uses: KeyUses | None = None) -> None:
        self._log = log
        self._programmes = tuple(programmes)
        self.uses = uses or KeyUses()
        self._looks = Looks(log.database, self._look)

    async def authenticate(self, secrets: Collection[str]) -> dict[str, Principal]:
        """Who holds each secret; absent are those that no key in force has."""
        async with self._log.database.read() as connection:
            return await self._authenticate_by(connection, secrets)

    def head_and_principal(self, secret: str | None) -> Awaitable[tuple[Head, Principal | None]]:
        """Where the log stands, and who holds a secret, None where no key in force has it; outside of what is read as
        of one moment, by a look that begins afterwards, which all share who ask while another is under way."""
        return self._looks.answer(secret)

    async def close(self) -> None:
        """Look no more."""
        await self._looks.stop()

    async def _look(
        self, connection: AsyncConnection, secrets: list[str | None]
    ) -> list[tuple[Head, Principal | None]]:
        head = await self._log.look_by(connection)
        given = {secret for secret in secrets if secret is not None}
        found = await self._authenticate_by(connection, given) if given else {}
        return [(head, None if secret is None else found.get(secret)) for secret in secrets]

    async def _authenticate_by(
        self, connection: AsyncConnection, secrets: Collection[str]
    ) -> dict[str, Principal]:
        hashes = {secret: _hash(secret) for secret in secrets}
        found = await store.find_principals(connection, hashes.values())
        self.uses.note(caller.api_key_id for caller in found.values() if not caller.expired_at)
        return {secret: found[one] for secret, one in hashes.items() if one in found}

    async def holders(self, key_ids: Collection[ApiKeyId]) -> dict[int, Principal]:
        """Who holds each key; absent are those that are not in force any more."""
        async with self._log.database.read() as connection:
            return await store.read_principals(connection, key_ids)

    async def note_uses(self) -> None:
        """Write when keys were last used, if any were: beside the log, and not while anybody waits. Raises
        ``HistoryDiverged`` where they were used in another history."""
        uses = self.uses.take()
        if uses:
            await self._log.recent()
            async with self._log.database.write() as connection:
                await store.note_uses(connection, uses)

    async def register_organisation(
        self, principal: Principal | None, key: str, command: RegisterOrganisation
    ) -> Outcome:
        """Register an organisation, in one role. By an administrator. Refused: a credit code that another one has
        (`CreditCodeTaken`), or that is none by GB 32100-2015, and programmes of what is no registry, or none
        of a registry (`InvalidInput`).
        """
        actor = authorise(principal, Action.MANAGE_ORGANISATIONS).actor
        return await self.register_organisation_as(actor, key, command)

    async def register_organisation_as(
        self, actor: Actor, key: str, command: RegisterOrganisation
    ) -> Outcome:
        """Register without a key: for the operator's command line, which has the database."""

        async def work(transaction: Transaction) -> int:
            self._check(command)
            await _check_credit_code(transaction.connection, command.credit_code)
            body = {"role": command.role, "programmes": list(command.programmes)}
            position = transaction.append(actor, EntryKind.ORGANISATION_REGISTERED, body)
            organisation = Organisation(
                id=OrganisationId(position),
                name=command.name,
                role=command.role,
                programmes=command.programmes,
                credit_code=command.credit_code,
            )
            await store.insert_organisation(transaction.connection, organisation)
            return position

        return await self._log.once(
            actor, Request.of(key, "registerOrganisation", _asked(command)), work
        )

    async def amend_organisation(
        self, principal: Principal | None, key: str, command: AmendOrganisation
    ) -> Outcome:
        """Change facts of an organisation from now on; where they are so already, nothing changes, and it
        succeeds. By an administrator. Refused: a credit code that another one has (`CreditCodeTaken`)."""
        actor = authorise(principal, Action.MANAGE_ORGANISATIONS).actor

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            refuse(check_grounds(command.grounds))
            found = await store.read_organisations(connection, [command.organisation_id])
            if not found:
                raise Refused(organisation_not_found(command.organisation_id, "organisation"))
            now = found[command.organisation_id]
            before = OrganisationFacts(now.name, now.credit_code)
            after = replace(before, **command.changes)
            _check_name(after.name)
            if after.credit_code != before.credit_code:
                await _check_credit_code(connection, after.credit_code)
            if after != before:
                position = transaction.append(actor, EntryKind.ORGANISATION_AMENDED, {}, now.id)
                amendment = OrganisationAmendment(
                    id=position,
                    organisation_id=now.id,
                    before=before,
                    after=after,
                    grounds=command.grounds,
                )
                await amendment_store.amend_organisation(connection, amendment)
            return now.id

        return await self._log.once(actor, Request.of(key, "amendOrganisation", command), work)

    async def issue_api_key(
        self, principal: Principal | None, key: str, command: IssueApiKey
    ) -> IssuedKey:
        """Give an organisation an API key; its secret is told once, to who asks first. By an administrator. Refused: an
        organisation that there is not (`NotFound`), and a time of expiry that is past (`InvalidInput`)."""
        actor = authorise(principal, Action.MANAGE_ORGANISATIONS).actor
        return await self.issue_api_key_as(actor, key, command)

    async def issue_api_key_as(self, actor: Actor, key: str, command: IssueApiKey) -> IssuedKey:
        """Issue without a key: for the operator's command line, which has the database."""
        secret = SECRET_PREFIX + secrets.token_urlsafe(SECRET_BYTES)

        async def work(transaction: Transaction) -> int:
            checked_name(command.label, "label")
            found = await store.read_organisations(
                transaction.connection, [command.organisation_id]
            )
            if not found:
                raise Refused(organisation_not_found(command.organisation_id, "organisation"))
            if command.expires_at is not None and command.expires_at <= transaction.head.at:
                raise Refused(_past(command.expires_at))
            body = {"organisation": command.organisation_id} | _expiry(command.expires_at)
            position = transaction.append(actor, EntryKind.API_KEY_ISSUED, body)
            api_key = ApiKey(
                id=ApiKeyId(position),
                organisation_id=command.organisation_id,
                label=command.label,
                revoked=False,
            )
            await store.insert_api_key(transaction.connection, api_key, _hash(secret))
            if command.expires_at is not None:
                await store.insert_expiry(
                    transaction.connection, api_key.id, position, command.expires_at
                )
            return position

        request = Request.of(key, "issueApiKey", command.content)
        outcome = await self._log.once(actor, request, work)
        made_now = outcome.position is not None and not outcome.replayed
        return IssuedKey(outcome, secret if made_now else None)

    async def revoke_api_key(
        self, principal: Principal | None, key: str, key_id: ApiKeyId
    ) -> Outcome:
        """Revoke a key; revoking it again changes nothing and succeeds. Refused: whoever is no administrator; a key
        that there is not."""
        actor = authorise(principal, Action.MANAGE_ORGANISATIONS).actor
        return await self.revoke_api_key_as(actor, key, key_id)

    async def revoke_api_key_as(self, actor: Actor, key: str, key_id: ApiKeyId) -> Outcome:
        """Revoke without a key: for the operator's command line, which has the database."""

        async def work(transaction: Transaction) -> int:
            found = await _read_key(transaction, key_id)
            if not found.revoked:
                position = transaction.append(actor, EntryKind.API_KEY_REVOKED, {}, subject=key_id)
                await store.revoke_api_key(transaction.connection, key_id, position)
            return key_id

        return await self._log.once(actor, Request.of(key, "revokeApiKey", key_id), work)

    async def expire_api_key_as(
        self, actor: Actor, key: str, key_id: ApiKeyId, at: datetime | None
    ) -> Outcome:
        """Say when a key expires, None being now: for the operator's command line. What was said last
        holds; a key that expired comes back by a later time, one that was revoked never does."""

        async def work(transaction: Transaction) -> int:
            await _read_key(transaction, key_id)
            expires_at = at or transaction.head.at
            position = transaction.append(
                actor, EntryKind.API_KEY_EXPIRY_SET, _expiry(expires_at), subject=key_id
            )
            await store.insert_expiry(transaction.connection, key_id, position, expires_at)
            return key_id

        content = [key_id, at and at.astimezone(UTC)]
        return await self._log.once(actor, Request.of(key, "expireApiKey", content), work)

    async def all_api_keys(self) -> AsyncIterator[ListedKey]:
        """All keys as an operator sees them, oldest first, read page by page."""
        after, full = 0, True
        while full:
            async with self._log.database.read() as connection:
                page = await store.list_api_keys(connection, after, KEYS_A_PAGE)
            for listed in page:
                yield listed
                after = listed.key.id
            full = len(page) == KEYS_A_PAGE

    async def organisations(
        self, ids: Sequence[OrganisationId]
    ) -> dict[OrganisationId, Organisation]:
        """The organisations of these ids as they are; an id of none is left out."""
        async with self._log.database.read() as connection:
            return await store.read_organisations(connection, ids)

    async def organisations_then(
        self, keys: Sequence[tuple[OrganisationId, Position]]
    ) -> dict[tuple[OrganisationId, Position], Organisation]:
        """The organisations as they stood, by (organisation, position)."""
        async with self._log.database.read() as connection:
            return await amendment_store.read_organisations_then(connection, keys)

    async def page_amendments_of(
        self, organisations: Sequence[OrganisationId], page: Page
    ) -> dict[OrganisationId, list[OrganisationAmendment]]:
        """For each organisation a page of what was amended of it, and one more."""
        async with self._log.database.read() as connection:
            return await amendment_store.page_amendments_of(connection, organisations, page)

    async def count_amendments_of(
        self, organisations: Sequence[OrganisationId]
    ) -> dict[OrganisationId, int]:
        """How often each organisation was amended; none that never was."""
        async with self._log.database.read() as connection:
            return await amendment_store.count_amendments_of(connection, organisations)

    async def list_organisations(
        self, narrowed: OrganisationFilter, page: Page
    ) -> list[Organisation]:
        """A page of the organisations that are meant, and one more."""
        async with self._log.database.read() as connection:
            return await store.list_organisations(connection, narrowed, page)

    async def count_organisations(self, narrowed: OrganisationFilter) -> int:
        """How many organisations are meant."""
        async with self._log.database.read() as connection:
            return await store.count_organisations(connection, narrowed)

    async def api_keys(self, ids: Sequence[int]) -> dict[int, ApiKey]:
        """The keys of these ids, without their secrets; an id of none is left out."""
        async with self._log.database.read() as connection:
            return await store.read_api_keys(connection, ids)

    def _check(self, command: RegisterOrganisation) -> None:
        _check_name(command.name)
        unknown = [name for name in command.programmes if name not in self._programmes]
        needed = command.role is Role.REGISTRY
        if unknown or needed != bool(command.programmes):
            programmes = ", ".join(self._programmes)
            raise Refused(
                InvalidInput(
                    path=("programmes",),
                    value=", ".join(command.programmes),
                    expected_zh=f"登记机构须列出其机制（{programmes}），其他角色不得列出",
                    expected_en=f"a registry names its programmes ({programmes}), other roles name none",
                )
            )


def _check_name(name: LocalizedText) -> None:
    checked_name(name.zh, "name", "zh")
    checked_name(name.en, "name", "en")


async def _read_key(transaction: Transaction, key_id: ApiKeyId) -> ApiKey:
    found = await store.read_api_keys(transaction.connection, [key_id])
    if key_id not in found:
        raise Refused(NotFound.born_at(key_id, "API密钥", "API key", "api_key"))
    return found[key_id]


def _expiry(at: datetime | None) -> dict[str, str]:
    """An expiry as a fact of the log."""
    return {} if at is None else {"expires_at": at.astimezone(UTC).isoformat()}


def _past(at: datetime) -> InvalidInput:
    return InvalidInput(
        path=("expires_at",),
        value=at.isoformat(),
        expected_zh="将来的时间",
        expected_en="a time to come",
    )


def _hash(secret: str) -> bytes:
    # A secret of 256 random bits needs no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode()).digest()


def _asked(command: RegisterOrganisation) -> dict[str, object]:
    """What makes two requests the same: without a credit code, what it was before there were any."""
    asked = {field.name: getattr(command, field.name) for field in fields(command)}
    return {name: value for name, value in asked.items() if (name, value) != ("credit_code", None)}


async def _check_credit_code(connection: AsyncConnection, code: str | None) -> None:
    if code is None:
        return
    refuse(check_credit_code(code))
    taken = await store.find_organisation(connection, code)
    if taken is not None:
        raise Refused(
            CreditCodeTaken(path=("credit_code",), credit_code=code, organisation_id=taken.id)
        )
