"""To which addresses something is sent: public ones, and those that the operator named."""

from ipaddress import ip_address, ip_network

import pytest

from nzc_api.outbound.addresses import check_addresses

REFUSED = (
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "169.254.170.2", "100.64.0.1", "100.100.100.200", "192.0.0.192", "168.63.129.16",
    "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1",
    # The same in other clothes: mapped, compatible, 6to4, Teredo, NAT64.
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "::127.0.0.1", "::169.254.169.254",
    "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:4136:e378:8000:63bf:5601:5601", "64:ff9b::169.254.169.254",
    "64:ff9b::7f00:1", "64:ff9b:1::a9fe:a9fe", "::ffff:8.8.8.8", "64:ff9b::808:808",
)  # fmt: skip
ALLOWED = (
    "8.8.8.8",
    "1.1.1.1",
    "223.5.5.5",
    "2001:4860:4860::8888",
    "2400:3200::1",
)


@pytest.mark.parametrize("text", REFUSED)
def test_nothing_is_sent_there(text: str) -> None:
    address = ip_address(text)
    assert check_addresses([address], (), public=True) == address


@pytest.mark.parametrize("text", ALLOWED)
def test_public_addresses(text: str) -> None:
    address = ip_address(text)
    assert check_addresses([address], (), public=True) is None
    # Where public ones may not be, nothing is but what was named.
    assert check_addresses([address], (), public=False) == address


def test_networks_that_the_operator_named() -> None:
    own = (ip_network("10.1.0.0/16"), ip_network("::1/128"))
    for text in ("10.1.2.3", "::1"):
        assert check_addresses([ip_address(text)], own, public=False) is None
    for text in ("10.2.0.1", "127.0.0.1", "169.254.169.254", "::ffff:10.1.2.3"):
        assert check_addresses([ip_address(text)], own, public=True) is not None


def test_one_of_many_is_enough() -> None:
    good, bad = ip_address("8.8.8.8"), ip_address("10.0.0.1")
    assert check_addresses([good, bad], (), public=True) == bad
    assert check_addresses([], (), public=True) is None
