"""What an endpoint may be."""

import pytest

from nzc_api.feed.model import EVERYTHING
from nzc_api.ids import ApiKeyId
from nzc_api.refusal import InvalidInput
from nzc_api.webhooks.errors import WebhookEndpointsFull, WebhookSecretsFull
from nzc_api.webhooks.model import EndpointTerms
from nzc_api.webhooks.rules import (
    LONGEST_URL,
    MOST_ENDPOINTS,
    MOST_FORMER_SECRETS,
    check_former,
    check_overlap,
    check_room,
    check_terms,
    check_url,
)
from tests.webhooks.receiving import LOOPBACK

RIGHT = (
    "https://hooks.example/nzc", "https://hooks.example", "https://hooks.example:8443/a?b=c%20d", "HTTPS://hooks.example/",
    "https://xn--fiqs8s.example/", "https://8.8.8.8/x", "https://[2400:3200::1]:443/x", "https://a_b.example/",
    "https://1.example/", "https://0x7f.example/", "https://h00k5.example1/",
)  # fmt: skip
WRONG = (
    "", "hooks.example", "//hooks.example/", "http://hooks.example/", "ftp://hooks.example/", "https://",
    "https:///x", "https://me:secret@hooks.example/", "https://me@hooks.example/", "https://hooks.example/#x",
    "https://hooks.example/ x", "https://hooks.example/\n", "https://中国.example/", "https://hooks.example:0/",
    "https://hooks.example:99999/", "https://hooks.example:x/", "https://[::1/", "https://-x.example/",
    "https://hooks.example/\\x", "https://hooks.example/" + "x" * LONGEST_URL, "javascript:alert(1)",
    "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest/meta-data", "https://[::ffff:10.0.0.1]/",
    "https://192.168.0.1:8443/",
    "https://2130706433/", "https://0x7f.1/", "https://017700000001/", "https://0x7F000001/", "https://127.1/",
    "https://0177.0.0.1/", "https://hooks.0x/", "https://1.2.3.999/",
    "https://./", "https://a..example/", "https://hooks.example./", "https://127.0.0.1./",
    f"https://{'x' * 64}.example/",
)  # fmt: skip


@pytest.mark.parametrize("url", RIGHT)
def test_urls(url: str) -> None:
    assert check_url(url, ()) is None


@pytest.mark.parametrize("url", WRONG)
def test_urls_that_nothing_is_sent_to(url: str) -> None:
    refused = check_url(url, ())
    assert isinstance(refused, InvalidInput)
    assert (refused.path, refused.value) == (("url",), url[:80])


def test_http_only_where_the_operator_named_networks() -> None:
    assert check_url("http://127.0.0.1:8080/hook", LOOPBACK) is None
    assert check_url("http://localhost:8080/hook", LOOPBACK) is None
    assert check_url("http://127.0.0.1:8080/hook", ()) is not None
    # A public address is told nothing in plain.
    assert check_url("http://8.8.8.8/hook", LOOPBACK) is not None
    # Nor is one that is allowed written otherwise: it would not be found among the networks.
    assert check_url("http://0x7f.1:8080/hook", LOOPBACK) is not None


def test_labels_are_names() -> None:
    def of(label: str, url: str = RIGHT[0]) -> object:
        refused = check_terms(
            EndpointTerms(url=url, label=label, wanted=EVERYTHING, key_id=ApiKeyId(1)), ()
        )
        return refused and refused.path

    assert of("对账系统") is None
    assert of(" ") == ("label",)
    assert of("x" * 201) == ("label",)
    assert of("x", "http://x") == ("url",)


def test_an_organisation_has_so_many() -> None:
    assert check_room(MOST_ENDPOINTS - 1) is None
    assert check_room(MOST_ENDPOINTS) == WebhookEndpointsFull(most=MOST_ENDPOINTS)


def test_so_many_secrets_from_before_stay_good() -> None:
    full = WebhookSecretsFull(path=("overlap_hours",), most=MOST_FORMER_SECRETS)
    assert check_former(MOST_FORMER_SECRETS - 1, 1) is None
    assert check_former(MOST_FORMER_SECRETS, 1) == full
    assert check_former(MOST_FORMER_SECRETS, 0) is None


@pytest.mark.parametrize("hours", [-1, 169])
def test_an_overlap_is_bounded(hours: int) -> None:
    refused = check_overlap(hours)
    assert refused is not None
    assert refused.path == ("overlap_hours",)
    assert check_overlap(0) is check_overlap(168) is None
