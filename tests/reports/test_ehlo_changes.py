"""What a report says TLS changed about the extensions."""

import pytest

from mxwalk.reports.pages import ehlo_changes
from mxwalk.reports.view import build_view
from tests.findings.builders import in_tls

BEFORE = b"250-mx01.example.com\r\n250-8BITMIME\r\n250-SIZE 33554432\r\n250 STARTTLS\r\n"


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        (
            b"250-mx01.example.com\r\n250-8BITMIME\r\n250-AUTH PLAIN\r\n250 SIZE 1000\r\n",
            [
                "added inside TLS: AUTH",
                "no longer offered inside TLS: STARTTLS",
                "changed inside TLS: SIZE 33554432 is now SIZE 1000",
            ],
        ),
        (BEFORE, ["the same extensions before and inside TLS"]),
    ],
)
def test_what_tls_added_removed_and_changed_is_told(inside: bytes, said: list[str]) -> None:
    trail = in_tls().handshake().chain().identity().ehlo_tls(inside)
    report = build_view(trail.delivery().trace, sender="esa:2").report
    (connection,) = report.hosts[0].addresses[0].connections
    assert ehlo_changes(connection) == said
