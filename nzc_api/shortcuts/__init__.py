"""Short ways through graphql-core, Strawberry and uvicorn, which go further in than what they promise to keep.

Each ends where the long way does, is there for its processor time alone, and is switched off, with all others, by
``NZC_SHORTCUTS``. See decision 18.
"""
