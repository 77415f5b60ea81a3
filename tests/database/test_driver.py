"""Rows of statements that go to the driver itself."""

import asyncpg

from nzc_api.database.driver import DriverStatement
from nzc_api.database.engine import Database
from tests.conftest import TestDatabase


async def test_a_field_is_what_its_name_says_wherever_it_lies(database: TestDatabase) -> None:
    """Also where the tables have got other columns since the rows before."""
    asked = DriverStatement("SELECT * FROM fields WHERE one = :one")
    owner = await asyncpg.connect(database.owner_url)
    for order in ("1 AS one, 2 AS two", "0 AS new, 2 AS two, 1 AS one"):
        await owner.execute(
            f"DROP TABLE IF EXISTS fields; CREATE TABLE fields AS SELECT {order}; GRANT SELECT ON fields TO nzc_api"
        )
        nzc = Database(database.api_url, pool_size=1)
        for _ in range(3):
            async with nzc.read() as connection:
                (row,) = await asked.rows(connection, {"one": 1})
                assert (row.one, row.two, row["two"], len(row)) == (1, 2, 2, order.count("AS"))
                assert [row[place] for place in range(len(row))] == list(row)
        await nzc.close()
    await owner.close()
