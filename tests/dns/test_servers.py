import dns.resolver
import pytest

from mxwalk.dns.servers import parse_resolver, server_text, system_servers
from mxwalk.errors import UsageError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.0.2.53", ("192.0.2.53", 53)),
        (" 192.0.2.53:5353 ", ("192.0.2.53", 5353)),
        ("[192.0.2.53]:5353", ("192.0.2.53", 5353)),
        ("2001:db8::53", ("2001:db8::53", 53)),
        ("[2001:db8::53]", ("2001:db8::53", 53)),
        ("[2001:db8::53]:65535", ("2001:db8::53", 65535)),
        ("fe80::1%eth0", ("fe80::1%eth0", 53)),
    ],
)
def test_a_resolver_is_an_address_with_or_without_a_port(text, expected):
    assert parse_resolver(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "dns.example",
        "dns.example:53",
        "192.0.2.53:",
        "192.0.2.53:x",
        "192.0.2.53:0",
        "192.0.2.53:65536",
        "192.0.2.256",
        "[2001:db8::53",
        "[2001:db8::53]53",
        "[]:53",
        "192.0.2.53:٥٣",
        "\x1b[31m",
    ],
)
def test_anything_else_is_refused_in_one_printable_line(text):
    with pytest.raises(UsageError) as failure:
        parse_resolver(text)
    assert str(failure.value).isprintable()


def test_a_server_is_written_as_it_is_read():
    for server in (("192.0.2.53", 53), ("2001:db8::53", 5353)):
        assert parse_resolver(server_text(server)) == server


def configured(monkeypatch, path):
    real = dns.resolver.Resolver
    monkeypatch.setattr(dns.resolver, "Resolver", lambda: real(filename=str(path)))


def test_the_systems_resolvers_keep_their_order(monkeypatch, tmp_path):
    path = tmp_path / "resolv.conf"
    path.write_text("nameserver 192.0.2.53\nnameserver 2001:db8::53\n")
    configured(monkeypatch, path)
    assert system_servers() == (("192.0.2.53", 53), ("2001:db8::53", 53))


@pytest.mark.parametrize("content", ["", None])
def test_a_system_without_resolvers_is_told_how_to_name_one(monkeypatch, tmp_path, content):
    path = tmp_path / "resolv.conf"
    if content is not None:
        path.write_text(content)
    configured(monkeypatch, path)
    with pytest.raises(UsageError, match="--resolver"):
        system_servers()
