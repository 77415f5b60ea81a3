"""The rules against double counting: a file a case of the design's table, each a pure function.

Case 3 (a tonne used twice) is in ``used_once``; case 8 (a purchase booked as a sink) has no rule,
because there is no path: sinks are lines of inventories, credits are movements, and the two rooms
do not know each other.
"""
