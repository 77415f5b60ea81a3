"""What each command does to the state, or why it does nothing: a file a verb, all pure."""
