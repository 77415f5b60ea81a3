"""Posting to servers outside, to addresses that were looked up and checked by us. It knows no room."""
