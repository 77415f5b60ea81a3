"""The SQL of organisations' amendments: what they are called, and were called as of positions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.model import Organisation, OrganisationAmendment, OrganisationFacts
from nzc_api.access.store import organisation_in
from nzc_api.access.tables import organisation, organisation_amendment
from nzc_api.database.metadata import columns_of
from nzc_api.database.paging import Page, count_for_each, paged_for_each
from nzc_api.grounds import Grounds
from nzc_api.ids import OrganisationId, Position
from nzc_api.refusal import LocalizedText

# Each organisation, and what its facts were before the first amendment after a position, if there was one.
THEN = text(f"""
    SELECT k.as_of, {columns_of(organisation, "o")}, next.before
      FROM unnest(CAST(:organisations AS bigint[]), CAST(:as_ofs AS bigint[])) AS k (id, as_of)
      JOIN organisation AS o ON o.id = k.id AND o.id <= k.as_of
      LEFT JOIN LATERAL (
            SELECT before FROM organisation_amendment AS a
             WHERE a.organisation_id = k.id AND a.position > k.as_of
             ORDER BY a.position LIMIT 1) AS next ON true
""")  # noqa: S608  (our own names)


async def amend_organisation(connection: AsyncConnection, item: OrganisationAmendment) -> None:
    """Write an amendment, and the organisation as it is from then on."""
    row = {
        "position": item.id, "organisation_id": item.organisation_id, "before": _columns(item.before),
        "after": _columns(item.after), "document": item.grounds.document, "reason": item.grounds.reason,
    }  # fmt: skip
    await connection.execute(insert(organisation_amendment).values(row))
    changed = update(organisation).where(organisation.c.id == item.organisation_id)
    await connection.execute(changed.values(_columns(item.after)))


async def read_organisations_then(
    connection: AsyncConnection, keys: Sequence[tuple[OrganisationId, Position]]
) -> dict[tuple[OrganisationId, Position], Organisation]:
    """For each (organisation, position) what it was then; none where it was not registered by then."""
    given = {
        "organisations": [organisation for organisation, _ in keys],
        "as_ofs": [as_of for _, as_of in keys],
    }
    found: dict[tuple[OrganisationId, Position], Organisation] = {}
    for row in await connection.execute(THEN, given):
        now = organisation_in(row)
        if row.before is not None:
            was = _facts(row.before)
            now = replace(now, name=was.name, credit_code=was.credit_code)
        found[row.id, row.as_of] = now
    return found


async def page_amendments_of(
    connection: AsyncConnection, organisations: Sequence[OrganisationId], page: Page
) -> dict[OrganisationId, list[OrganisationAmendment]]:
    """For each organisation a page of its amendments and one more, in order."""
    parent, key = organisation_amendment.c.organisation_id, organisation_amendment.c.position
    query = paged_for_each(select(organisation_amendment), parent, key, organisations, page)
    found: dict[OrganisationId, list[OrganisationAmendment]] = defaultdict(list)
    for row in await connection.execute(query):
        before, after = _facts(row.before), _facts(row.after)
        grounds = Grounds(row.document, row.reason)
        made = OrganisationAmendment(
            id=row.position,
            organisation_id=row.organisation_id,
            before=before,
            after=after,
            grounds=grounds,
        )
        found[row.parent].append(made)
    return found


async def count_amendments_of(
    connection: AsyncConnection, organisations: Sequence[OrganisationId]
) -> dict[OrganisationId, int]:
    """How many amendments each organisation has."""
    parent = organisation_amendment.c.organisation_id
    return await count_for_each(connection, select(organisation_amendment), parent, organisations)


def _columns(facts: OrganisationFacts) -> dict[str, str | None]:
    return {
        "name_zh": facts.name.zh,
        "name_en": facts.name.en,
        "credit_code": facts.credit_code,
    }


def _facts(columns: Mapping[str, Any]) -> OrganisationFacts:
    name = LocalizedText(columns["name_zh"], columns["name_en"])
    return OrganisationFacts(name, columns["credit_code"])
