"""What is kept between batches of commands is found only where it is the answer."""

from datetime import date

import pytest

from nzc_api.ids import AccountId, BatchId, OrganisationId, PeriodId, PilotId, ProjectId
from nzc_api.ledger.model import Account, AccountKey, AccountKind, CreditBatch
from nzc_api.ledger.posting.cache import Cache
from nzc_api.ledger.serials import SerialRange

DAY = date(2022, 1, 1)

HOLDER, PILOT, PERIOD, NEXT = OrganisationId(7), PilotId(1), PeriodId(2), PeriodId(3)


def batch(number: int, registry: str, prefix: str, first: int, last: int) -> CreditBatch:
    serials = SerialRange(registry=registry, prefix=prefix, first=first, last=last)
    return CreditBatch(
        id=BatchId(number),
        project_id=ProjectId(1),
        programme="CCER",
        forestry=False,
        vintage=2022,
        produced_from=DAY,
        produced_to=DAY,
        reductions_registered_on=DAY,
        serials=serials,
    )


BATCHES = [
    batch(1, "CCER", "A", 1, 10),
    batch(2, "CCER", "A", 11, 20),
    batch(3, "CCER", "A", 31, 40),
    batch(4, "CCER", "B", 1, 50),
    batch(5, "CAR", "A", 1, 15),
]


@pytest.mark.parametrize(
    ("serials", "found"),
    [
        (SerialRange("CCER", "A", 1, 10), 1),
        (SerialRange("CCER", "A", 10, 10), 1),
        (SerialRange("CCER", "A", 11, 12), 2),
        (SerialRange("CCER", "A", 31, 40), 3),
        (SerialRange("CCER", "B", 7, 8), 4),
        (SerialRange("CAR", "A", 11, 15), 5),
        (SerialRange("CCER", "A", 10, 11), None),  # of two
        (SerialRange("CCER", "A", 20, 21), None),  # of one, and beyond
        (SerialRange("CCER", "A", 21, 30), None),  # between
        (SerialRange("CCER", "A", 30, 31), None),
        (SerialRange("CCER", "A", 0, 1), None),
        (SerialRange("CCER", "A", 41, 41), None),
        (SerialRange("CAR", "A", 16, 16), None),
        (SerialRange("CAR", "B", 1, 1), None),
    ],
)
def test_a_range_is_in_the_batch_that_holds_all_of_it(
    serials: SerialRange, found: int | None
) -> None:
    cache = Cache()
    cache.keep_batches(reversed(BATCHES))
    cache.keep_batches(BATCHES)
    batch = cache.batch_of(serials)
    assert (None if batch is None else batch.id) == found


def test_a_retirement_account_is_that_of_the_pilots_period() -> None:
    cache = Cache()
    keys = [
        AccountKey(AccountKind.HOLDING, "CCER", HOLDER),
        AccountKey(AccountKind.PENDING, "CCER", HOLDER, pilot_id=PILOT, period_id=PERIOD),
        AccountKey(AccountKind.RETIREMENT, pilot_id=PILOT, period_id=PERIOD),
        AccountKey(AccountKind.RETIREMENT, pilot_id=PILOT, period_id=NEXT),
    ]
    cache.keep_accounts(Account(AccountId(number), key) for number, key in enumerate(keys))
    assert cache.retirement_account(PILOT, PERIOD) == Account(AccountId(2), keys[2])
    assert cache.retirement_account(PILOT, NEXT) == Account(AccountId(3), keys[3])
    assert cache.retirement_account(PilotId(2), PERIOD) is None


def test_only_so_much_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nzc_api.ledger.posting.cache.MOST_KEPT", len(BATCHES))
    cache = Cache()
    cache.keep_batches(BATCHES)
    assert not cache.is_full
    cache.keep_accounts([Account(AccountId(1), AccountKey(AccountKind.HOLDING, "CCER", HOLDER))])
    assert cache.is_full
