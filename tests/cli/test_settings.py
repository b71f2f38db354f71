"""The shared options: what they accept, and the sentence each refusal gives."""

import pytest

from mxwalk.commands.settings import (
    Given,
    apply,
    parse_helo,
    parse_mailbox,
    parse_resolver,
    parse_route,
    parse_time,
)
from mxwalk.errors import UsageError
from mxwalk.evidence.target import Family, Options, Route, Timeouts

ANCHOR = ". IN DS 20326 8 2 e06d44b80b8f1d39a95c0b0d7c65d08458e880409bbc683457104237c7f8ec8d"


def test_nothing_given_changes_nothing():
    base = Options(helo="probe.example.net", routes=(Route(destination="mx.example.com"),))
    assert apply(Given(), base) == base


def test_everything_given_is_taken(tmp_path):
    roots = tmp_path / "roots.pem"
    roots.touch()
    anchors = tmp_path / "anchors"
    anchors.write_text(f"; the root\n{ANCHOR}\n")
    options = apply(
        Given(
            sender="ESA:6",
            route=("mx9.example.net,5", "[2001:db8::1]:2525"),
            port=587,
            helo="[192.0.2.7]",
            mail_from="<>",
            rcpt_to="user@bücher.example",
            resolver="192.0.2.53",
            ca_file=str(roots),
            trust_anchor=str(anchors),
            at="2026-12-24",
            timeout=2.0,
            ipv6=True,
            first_host=True,
            both_leaves=True,
            without_sni=True,
            offline=True,
            private_urls=True,
        ),
        Options(),
    )
    assert options == Options(
        sender="esa:6",
        routes=(
            Route(destination="mx9.example.net", priority=5),
            Route(destination="2001:db8::1", port=2525),
        ),
        port=587,
        helo="[192.0.2.7]",
        mail_from="",
        rcpt_to="user@xn--bcher-kva.example",
        resolver="192.0.2.53:53",
        trust=str(roots),
        trust_anchor=ANCHOR,
        at="2026-12-24T00:00:00Z",
        family=Family.IPV6,
        first_host=True,
        both_leaves=True,
        without_sni=True,
        offline=True,
        private_urls=True,
        timeouts=Timeouts(dns_s=2, connect_s=2, greeting_s=2, command_s=2, tls_s=2, quit_s=2),
    )


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("mx.example.com", Route(destination="mx.example.com")),
        ("MX.Example.com.:26,3", Route(destination="mx.example.com", port=26, priority=3)),
        ("192.0.2.1:2525", Route(destination="192.0.2.1", port=2525)),
        ("[192.0.2.1]", Route(destination="192.0.2.1")),
        ("2001:DB8::1", Route(destination="2001:db8::1")),
        ("[2001:db8::1]:25,0", Route(destination="2001:db8::1", port=25)),
    ],
)
def test_routes(text, route):
    assert parse_route(text) == route


@pytest.mark.parametrize(
    "text",
    ["", ",", "a b", "mx.example.com:", "mx.example.com:0", "mx.example.com:65536", "mx,x", "mx,-1",
     "mx,99999", "[mx.example.com]", "[192.0.2.1", "[192.0.2.1]x", "mx:25:25x", "mx:²", "mx,٣"],
)  # fmt: skip
def test_bad_routes_are_refused_by_name(text):
    with pytest.raises(UsageError, match="--route"):
        parse_route(text)


@pytest.mark.parametrize(
    ("text", "resolver"),
    [
        ("192.0.2.53", "192.0.2.53:53"),
        ("192.0.2.53:5353", "192.0.2.53:5353"),
        ("2001:db8::53", "[2001:db8::53]:53"),
        ("[2001:db8::53]:5353", "[2001:db8::53]:5353"),
    ],
)
def test_resolvers(text, resolver):
    assert parse_resolver(text) == resolver


@pytest.mark.parametrize(
    "text", ["", "dns.example.com", "192.0.2.53:x", "192.0.2.53:99999", "[::1"]
)
def test_bad_resolvers_are_refused(text):
    with pytest.raises(UsageError, match="--resolver"):
        parse_resolver(text)


@pytest.mark.parametrize("text", ["probe.example.net", "[192.0.2.7]", "[IPv6:2001:db8::7]"])
def test_helo_names(text):
    assert parse_helo(text) == text


@pytest.mark.parametrize("text", ["", "a b", "a\r\nQUIT", "[mx]", "[999.0.2.1]", "a" * 300])
def test_bad_helo_names_are_refused(text):
    with pytest.raises(UsageError, match="--helo") as caught:
        parse_helo(text)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "text", ["user", "@example.com", "a b@example.com", "a@b c", "a\r\n@example.com", "x" * 400]
)
def test_bad_mailboxes_are_refused(text):
    with pytest.raises(UsageError, match="--rcpt-to") as caught:
        parse_mailbox(text, "--rcpt-to", may_be_null=False)
    assert str(caught.value).isprintable()


def test_the_null_reverse_path_and_postmaster():
    assert parse_mailbox("<>", "--mail-from", may_be_null=True) == ""
    assert parse_mailbox("Postmaster", "--rcpt-to", may_be_null=False) == "Postmaster"
    assert parse_mailbox("<a@[192.0.2.1]>", "--rcpt-to", may_be_null=False) == "a@[192.0.2.1]"
    with pytest.raises(UsageError, match="is empty"):
        parse_mailbox("<>", "--rcpt-to", may_be_null=False)


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", "", "0001-01-01T00:00:00+23:59"])
def test_bad_times_are_refused(text):
    with pytest.raises(UsageError, match="--at"):
        parse_time(text)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (Given(port=0), "--port: a port is"),
        (Given(timeout=0.0), "--timeout 0"),
        (Given(timeout=float("nan")), "--timeout nan"),
        (Given(ipv4=True, ipv6=True), "exclude each other"),
        (
            Given(ca_file="/nowhere/roots.pem"),
            "--ca-file /nowhere/roots.pem: there is no such file",
        ),
        (Given(trust_anchor="/nowhere"), "--trust-anchor"),
        (Given(trust_anchor="/dev/null"), "--trust-anchor"),
        (Given(sender="exchange-offline"), "known are esa:1"),
    ],
)
def test_values_that_cannot_be_used_are_refused(given, words):
    with pytest.raises(UsageError, match=words):
        apply(given, Options())


def test_the_built_in_stores_go_by_name():
    assert apply(Given(ca_file="certifi"), Options()).trust == "certifi"
