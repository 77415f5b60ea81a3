"""``nzc pack``: all that is known of a pilot's year in one file, of which anybody can see that nothing was changed."""
