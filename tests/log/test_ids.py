"""Ids: a log and a position in a UUID, both to be had back, and neither mistaken for another's."""

from uuid import RFC_4122, UUID, uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nzc_api.log.ids import LOG_ID_BITS, POSITION_BITS, entity_uuid, position_of

LOGS = st.integers(0, (1 << LOG_ID_BITS) - 1)
POSITIONS = st.integers(1, (1 << POSITION_BITS) - 1)


@given(LOGS, POSITIONS)
def test_an_id_gives_its_position_back(log_id: int, position: int) -> None:
    assert position_of(log_id, UUID(entity_uuid(log_id, position))) == position


@given(LOGS, LOGS, POSITIONS)
def test_an_id_of_another_log_names_nothing(ours: int, foreign: int, position: int) -> None:
    assume(ours != foreign)
    assert position_of(ours, UUID(entity_uuid(foreign, position))) is None


@given(LOGS, POSITIONS)
def test_an_id_is_a_uuid_of_version_8(log_id: int, position: int) -> None:
    """RFC 9562: the version in bits 48 to 51, the variant 0b10 in bits 64 and 65."""
    uuid = UUID(entity_uuid(log_id, position))
    bits = f"{uuid.int:0128b}"
    assert bits[48:52] == "1000"
    assert bits[64:66] == "10"
    assert (uuid.version, uuid.variant) == (8, RFC_4122)


@given(LOGS, POSITIONS, POSITIONS)
def test_ids_of_one_log_are_in_the_order_of_their_births(log_id: int, one: int, other: int) -> None:
    assert (entity_uuid(log_id, one) < entity_uuid(log_id, other)) is (one < other)


@given(LOGS, st.uuids())
def test_a_uuid_that_nobody_here_made_names_nothing(log_id: int, uuid: UUID) -> None:
    position = position_of(log_id, uuid)
    assert position is None or entity_uuid(log_id, position) == str(uuid)


@given(LOGS)
def test_random_uuids_and_position_0_name_nothing(log_id: int) -> None:
    """Nothing is born before the first entry of the log."""
    before = UUID(int=UUID(entity_uuid(log_id, 1)).int - 1)
    assert position_of(log_id, before) is None
    assert position_of(log_id, uuid4()) is None
    assert position_of(log_id, UUID(int=0)) is None


@pytest.mark.parametrize(
    ("log_id", "position"),
    [(-1, 1), (1 << LOG_ID_BITS, 1), (1, 0), (1, -1), (1, 1 << POSITION_BITS)],
)
def test_what_does_not_fit_is_a_bug(log_id: int, position: int) -> None:
    with pytest.raises(AssertionError):
        entity_uuid(log_id, position)


def test_an_id_is_written_the_same_for_ever() -> None:
    """Clients and certificates keep ids."""
    assert entity_uuid(0xFEDCBA987654321, 42) == "fedcba98-7654-8321-8000-00000000002a"
