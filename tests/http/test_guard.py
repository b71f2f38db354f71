import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.http.guard import AnyAddress, Only, PublicOnly, not_public

NOT_PUBLIC = (
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.0.3",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250",
    "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "::", "::1", "fd00:ec2::254", "fc00::1", "fe80::1", "fec0::1", "ff02::1", "100::1",
    "2001:db8::1", "3fff::1", "2001:2::1", "2001:10::1", "64:ff9b:1::1", "5f00::1", "4000::1",
    "fe80::1%eth0", "2000::1%eth0",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::10.0.0.1",
    "::8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::1",
    "2001:0:7f00:1::", "2001:0:4136:e378:8000:63bf:f5ff:fffe", "2a00::5efe:10.0.0.1",
    "4000::5efe:8.8.8.8", "not an address", "",
)  # fmt: skip
PUBLIC = (
    "8.8.8.8", "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
    "172.15.255.255", "172.32.0.0", "192.0.1.0", "223.255.255.255",
    "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
)  # fmt: skip


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_what_is_not_on_the_public_internet_is_not_asked(address):
    assert PublicOnly().objection(address, 80)
    assert PublicOnly().objection(address, 80).isprintable()


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_asked(address):
    assert PublicOnly().objection(address, 80) == ""
    assert PublicOnly().objection(address, 8080) == ""


@pytest.mark.parametrize("port", [22, 25, 53, 110, 445, 1023])
def test_the_ports_of_other_system_services_are_not_asked(port):
    assert "another service" in PublicOnly().objection("8.8.8.8", port)


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_is_permitted_that_python_knows_not_to_be_global(address):
    if not address.is_global or address.is_multicast:
        assert not_public(str(address))


@given(st.ip_addresses(v=6))
def test_no_ipv6_address_is_permitted_that_python_knows_not_to_be_global(address):
    if address.is_multicast or (not address.is_global and address.ipv4_mapped is None):
        assert not_public(str(address)) or address.sixtofour


@given(
    st.sampled_from([text for text in NOT_PUBLIC if text.count(".") == 3 and ":" not in text]),
    st.sampled_from(["::ffff:0:0", "64:ff9b::"]),
)
def test_an_ipv4_address_in_another_form_is_what_it_is(inner, prefix):
    number = int(ipaddress.IPv6Address(prefix)) + int(ipaddress.IPv4Address(inner))
    assert "another form" in not_public(str(ipaddress.IPv6Address(number)))


def test_what_the_user_allowed_is_asked():
    assert AnyAddress().objection("127.0.0.1", 25) == ""


def test_only_the_addresses_named_are_asked():
    permit = Only(frozenset({"192.0.2.80", "2001:db8::80"}))
    assert permit.objection("192.0.2.80", 80) == ""
    assert permit.objection("2001:0db8::0080", 443) == ""
    assert "not among" in permit.objection("192.0.2.81", 80)
    assert "not among" in permit.objection("nonsense\x1b", 80)
