"""What events of API keys and webhook endpoints carry, for who has them and for administrators. Pure.

No secret is in any entry. Labels are left out, which may name persons, and URLs, which may hold a receiver's secret.
"""

from nzc_api.feed.payloads.shapes import (
    BIG,
    MOMENT,
    TEXT,
    TRUTH,
    Fact,
    Facts,
    Id,
    Listed,
    word,
)
from nzc_api.log.kinds import EntryKind

WHOSE = {"organisation": Fact(Id("Organisation"), "whose it is")}

KEY = {"api_key": Fact(Id("ApiKey"), "which one", source="subject"), **WHOSE}

EXPIRING = Facts(
    KEY | {"expires_at": Fact(MOMENT, "until when it is good; null: it has no end", optional=True)}
)

ENDPOINT = {
    "webhook_endpoint": Fact(Id("WebhookEndpoint"), "which one", source="subject"),
    **WHOSE,
}

WANTED = Facts(
    {
        "kinds": Fact(Listed(word(EntryKind)), "events of which kinds; null: all", optional=True),
        "pilots": Fact(Listed(Id("Pilot")), "about which pilots; null: any", optional=True),
        "inside": Fact(TRUTH, "and about those inside them"),
        "programmes": Fact(Listed(TEXT), "of which programmes; null: any", optional=True),
        "organisations": Fact(
            Listed(Id("Organisation")), "about or by which organisations; null: any", optional=True
        ),
    }
)

TERMS = Facts(
    {
        **ENDPOINT,
        "url_sha256": Fact(TEXT, "the SHA-256 of its URL, in hex", source="url"),
        "wanted": Fact(WANTED, "which events it is told"),
        "key": Fact(Id("ApiKey"), "it is told what this key sees"),
        "state": Fact(TEXT, "whether events are posted to it, a word of the API"),
        "reason": Fact(TEXT, "why not, a word of the API", optional=True),
    }
)

REPLAYED = Facts(
    ENDPOINT | {"after": Fact(BIG, "the position after which it is told everything once more")}
)

OF_KEYS = {
    EntryKind.API_KEY_ISSUED: EXPIRING,
    EntryKind.API_KEY_REVOKED: Facts(KEY),
    EntryKind.API_KEY_EXPIRY_SET: EXPIRING,
    EntryKind.WEBHOOK_CREATED: TERMS,
    EntryKind.WEBHOOK_UPDATED: TERMS,
    EntryKind.WEBHOOK_ENABLED: TERMS,
    EntryKind.WEBHOOK_DISABLED: TERMS,
    EntryKind.WEBHOOK_SECRET_ROTATED: Facts(ENDPOINT),
    EntryKind.WEBHOOK_REPLAYED: REPLAYED,
    EntryKind.WEBHOOK_DELETED: TERMS,
}
