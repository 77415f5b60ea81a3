"""Looking for garbage seldom. What is loaded stays to the end, and to look through it again and again takes a third
of the time that loading takes; what a request makes dies with it, mostly without the collector."""

import gc

# How many more objects are made than freed before the collector looks for rings among them.
YOUNG_OBJECTS = 50_000


def look_seldom() -> None:
    """From now on, before what is many is loaded."""
    gc.set_threshold(YOUNG_OBJECTS)


def spare_the_collector() -> None:
    """Look seldom, and never again at what is there by now: what was made at start lives for ever."""
    look_seldom()
    gc.freeze()
