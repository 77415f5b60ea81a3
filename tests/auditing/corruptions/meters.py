"""Meters, their readings and sums, and what is made of these."""

CORRUPTIONS = {
    "a meter of which nothing is logged": (
        "UPDATE meter SET id = {retired} WHERE code = 'ALONE'",
        "meters are where the log says",
    ),
    "a place taken out": ("DELETE FROM meter_placement", "meters are where the log says"),
    "a gateway taken away": ("DELETE FROM meter_gateway", "meters are where the log says"),
    "a device taken out": (
        "DELETE FROM meter_device WHERE number = 2",
        "meters are where the log says",
    ),
    "a meter's end taken back": (
        "UPDATE meter SET ends_on = NULL, ended_position = NULL WHERE code = 'ALONE'",
        "meters are where the log says",
    ),
    "a meter that ended on another day": (
        "UPDATE meter SET ends_on = '2024-06-29' WHERE code = 'ALONE'",
        "meters are as the log says",
    ),
    "a meter of another supply point": (
        "UPDATE meter SET supply_point = 'OTHER' WHERE code = 'ALONE'",
        "meters are as the log says",
    ),
    "a reading changed": (
        "UPDATE register_reading SET value = value - 1 WHERE value = 100",
        "readings have their entry's digest",
    ),
    "a reading taken out": (
        "DELETE FROM register_reading WHERE value = 100",
        "readings have their entry's digest",
    ),
    "a reading added": (
        "INSERT INTO register_reading SELECT meter_id, at + interval '1 hour', position, number + 9, "
        "device, turns, estimated, value FROM register_reading WHERE value = 100",
        "readings have their entry's digest",
    ),
    "a bill's cost changed": (
        "UPDATE consumption SET cost = 1",
        "readings have their entry's digest",
    ),
    "an estimate called measured": (
        "UPDATE consumption SET estimated = NOT estimated",
        "readings have their entry's digest",
    ),
    **{
        f"a block of intervals {what}": (deed, "readings have their entry's digest")
        for what, deed in {
            "with another quantity": "UPDATE interval_block SET quantities[6] = 0.5 WHERE cardinality(quantities) = 24",
            "with an interval more": "UPDATE interval_block SET quantities = quantities || 1.0",
            "without its last interval": "UPDATE interval_block SET quantities = trim_array(quantities, 1) "
            "WHERE cardinality(quantities) = 24",
            "called estimated": "UPDATE interval_block SET estimated = NOT estimated",
            "with another number": "UPDATE interval_block SET number = number + 1",
            "with another stride": "UPDATE interval_block SET stride = 0 WHERE stride = 1",
            "of half-hours": "UPDATE interval_block SET seconds = 1800",
            "of another meter": "UPDATE interval_block SET meter_id = (SELECT min(id) FROM meter)",
            "an hour later": "UPDATE interval_block SET starts_at = starts_at + interval '1 hour'",
            "of which nothing is told after all": "UPDATE interval_block SET quantities = '{{NULL}}' "
            "WHERE cardinality(quantities) = 1",
            "taken out": "DELETE FROM interval_block WHERE cardinality(quantities) = 1",
            "added": "INSERT INTO interval_block SELECT meter_id, starts_on + 7, starts_at + interval '7 days', "
            "ends_at + interval '7 days', position, seconds, number + 500, stride, estimated, quantities "
            "FROM interval_block",
        }.items()
    },
    "a batch taken out": ("DELETE FROM reading_batch", "readings have their entry's digest"),
    "another alert": (
        "UPDATE monitoring_alert SET kind = 'SPIKE'",
        "alerts are as the log says",
    ),
    "an alert that ended, open": (
        "DELETE FROM monitoring_alert_end",
        "alerts are as the log says",
    ),
    "another floor area": (
        "UPDATE denominator SET value = 1 WHERE value = 1300",
        "denominators are as the log says",
    ),
    "a denominator taken out": (
        "DELETE FROM denominator WHERE value = 1100",
        "denominators are as the log says",
    ),
    "an energy baseline that explains more": (
        "UPDATE energy_baseline SET r_squared = 0.5",
        "energy baselines are as the log says",
    ),
    "a slope changed": (
        "UPDATE energy_baseline_variable SET slope = 3",
        "energy baselines are as the log says",
    ),
    "two floor areas on a day": (
        "UPDATE denominator SET starts_on = '2024-12-31' WHERE value = 1300",
        "a day has one denominator of a kind",
    ),
    "a month's sum changed": (
        "UPDATE meter_rollup SET millionths = millionths + 1 WHERE step = 'MONTH' AND known > 0",
        "sums of days and months are those of the readings",
    ),
    "a month's cost invented": (
        "UPDATE meter_rollup SET costed = known WHERE step = 'MONTH' AND known > 0",
        "sums of days and months are those of the readings",
    ),
    **{
        f"an hour of a month's sum, {what}": (
            deed,
            "sums of days and months are those of the readings",
        )
        for what, deed in {
            "with another quantity": "UPDATE interval_block SET quantities[6] = 0.5 WHERE cardinality(quantities) = 24",
            "called estimated": "UPDATE interval_block SET estimated = NOT estimated",
            "as it was before it was corrected": "DELETE FROM interval_block WHERE cardinality(quantities) = 1",
            "that is not there": "UPDATE interval_block SET quantities = trim_array(quantities, 1) "
            "WHERE cardinality(quantities) = 24",
        }.items()
    },
    "sums taken out": (
        "DELETE FROM meter_rollup",
        "sums of days and months are those of the readings",
    ),
    "a supply point of two meters": (
        "UPDATE meter SET supply_point = 'SP-M-1'",
        "a supply point is one meter's",
    ),
    "a meter handed in that is inside another one": (
        """INSERT INTO meter_placement (position, meter_id, parent_id)
           SELECT (SELECT max(position) + 1 FROM meter_placement), min(meter_id), max(meter_id) FROM line_meter""",
        "a meter's day counts in one line",
    ),
    "a bill that overlaps another": (
        "UPDATE consumption SET ends_at = ends_at + interval '1 day'",
        "consumption is told once",
    ),
    "a block of intervals that overlaps another": (
        "UPDATE interval_block SET starts_at = starts_at - interval '1 minute' WHERE cardinality(quantities) = 24",
        "consumption is told once",
    ),
    "a block of longer intervals": (
        "UPDATE interval_block SET seconds = 3601 WHERE cardinality(quantities) = 24",
        "consumption is told once",
    ),
    "an interval over another one": (
        "INSERT INTO interval_block SELECT meter_id, starts_on, starts_at + interval '30 minutes', "
        "ends_at + interval '30 minutes', position, seconds, 500, 0, false, quantities FROM interval_block "
        "WHERE cardinality(quantities) = 1",
        "consumption is told once",
    ),
    "a register that runs backwards": (
        "UPDATE register_reading SET value = 99999 WHERE value = 100",
        "registers count on",
    ),
}
