"""The dearest legal documents that a search finds: each is answered, or ends in a typed way, and others are
answered beside it. What they wait is measured by `make bench-fairness`."""

import asyncio
import os

import pytest

from bench.documents import Documents
from bench.fairness import arguments, demo
from tests.served import INSIDES

DOCUMENTS = 300

# How an operation within the limits may still end.
ENDS = {"TIMED_OUT", "ANSWER_TOO_LARGE", "INVALID_INPUT"}


@pytest.mark.slow
async def test_dear_documents_stop_nobody() -> None:
    seed = int(os.environ.get("BENCH_SEED", "1"))
    async with demo() as client:
        documents = Documents(await arguments(client), seed)
        for _ in range(DOCUMENTS):
            query, cost = documents.dear()
            asking = asyncio.create_task(client.post("/graphql", json={"query": query}))
            beside = await client.post("/graphql", json={"query": "{ log { position } }"})
            assert beside.json()["data"]["log"]
            answer = await asking
            assert not INSIDES.search(answer.text[:5_000]), query
            codes = {error["extensions"]["code"] for error in answer.json().get("errors", [])}
            assert codes <= ENDS, (codes, cost, query)
