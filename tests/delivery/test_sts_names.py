"""The name of a host among very many names of its certificate (RFC 8461 4.2)."""

from mxwalk.delivery.sts import _names
from tests.tls.pki import issue


def test_the_host_may_be_the_last_of_thousands_of_names() -> None:
    others = tuple(f"mx{number}.example.net" for number in range(3_000))
    leaf = issue("many", dns=(*others, "mx.example.com")).der
    assert _names("mx.example.com", leaf).passed
    assert not _names("mail.example.com", leaf).passed
