"""``mxwalk tlsa``: zone lines, the check before installing, refused files."""

from datetime import timedelta

import pytest
from click.testing import CliRunner

from mxwalk.cli import cli
from mxwalk.clock import SystemClock
from mxwalk.dane.matching import association_data
from tests.tls.pki import Issued, issue

NOW = SystemClock().now()
DAY = timedelta(days=1)


def leaf(ca: Issued, *names: str) -> Issued:
    return issue(names[0], ca, begins=NOW - DAY, ends=NOW + 60 * DAY, dns=names)


@pytest.fixture(scope="module")
def ca() -> Issued:
    return issue("Test CA", ca=True, begins=NOW - DAY, ends=NOW + 90 * DAY)


@pytest.fixture
def files(tmp_path, ca):
    current, following = leaf(ca, "mx.example.net"), leaf(ca, "mx.example.net")
    (tmp_path / "now.pem").write_bytes(current.pem + ca.pem)
    (tmp_path / "next.pem").write_bytes(following.pem + ca.pem)
    (tmp_path / "now.der").write_bytes(current.der)
    return tmp_path, current, following


def digest(one: Issued) -> str:
    return association_data(one.der, 1, 1).hex()


def ask(*words: object):
    return CliRunner().invoke(cli, ["tlsa", *(str(word) for word in words)])


def test_the_records_of_leaf_and_issuer_are_printed_as_zone_lines(files, ca) -> None:
    where, current, _ = files
    done = ask(where / "now.pem")
    assert done.exit_code == 0, done.output
    assert f"_25._tcp.mx.example.net. IN TLSA 3 1 1 {digest(current)}" in done.output
    assert f"_25._tcp.mx.example.net. IN TLSA 2 1 1 {digest(ca)}" in done.output


def test_a_der_file_host_and_port_are_taken(files) -> None:
    where, current, _ = files
    done = ask(where / "now.der", "--host", "MX2.Example.ORG", "--port", 587)
    assert f"_587._tcp.mx2.example.org. IN TLSA 3 1 1 {digest(current)}" in done.output
    assert "no 2 1 1" in done.output


def test_installing_a_next_certificate_no_record_covers_stops_mail(files) -> None:
    where, current, following = files
    done = ask(
        where / "now.pem", "--next", where / "next.pem", "--record", f"3 1 1 {digest(current)}"
    )
    assert done.exit_code == 3
    assert "next certificate: install this and mail stops" in done.output
    assert "current: matches the certificate in use; remove it after the change" in done.output
    assert digest(following) in done.output


def test_a_prepared_next_certificate_is_safe(files) -> None:
    where, current, following = files
    done = ask(
        where / "now.pem", "--next", where / "next.pem",
        "--record", f"3 1 1 {digest(current)}", "--record", f"3 1 1 {digest(following)}",
        "--record", "3 1 1 " + "ab" * 31, "--record", "3 1 1 " + "cd" * 32,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    for state in ("current", "prepared", "malformed", "stale"):
        assert f" {state}: " in done.output


@pytest.mark.parametrize(
    ("content", "words", "hint"),
    [
        (b"nothing", (), "holds no certificate"),
        (None, (), "cannot be read"),
        (b"", ("--port", 0), "between 1 and 65535"),
    ],
)
def test_what_cannot_be_used_is_refused_with_one_line(tmp_path, content, words, hint) -> None:
    file = tmp_path / "file.pem"
    if content is not None:
        file.write_bytes(content)
    done = ask(file, *words)
    assert done.exit_code == 2
    assert hint in done.output


def test_a_certificate_without_host_name_needs_one(tmp_path, ca) -> None:
    wild = leaf(ca, "*.example.net")
    (tmp_path / "wild.pem").write_bytes(wild.pem)
    assert "--host NAME" in ask(tmp_path / "wild.pem").output
    assert ask(tmp_path / "wild.pem", "--host", "mx.example.net").exit_code == 0
    assert ask(tmp_path / "wild.pem", "--host", "-bad-").exit_code == 2


def test_a_resolver_that_is_not_there_says_nothing_of_the_records(files) -> None:
    where, _, _ = files
    done = ask(where / "now.pem", "--published", "--resolver", "127.0.0.1:1")
    assert done.exit_code == 4
    assert "nothing can be said of the records" in done.output
    assert "do not deliver" not in done.output


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", 2), (b"\xef\xbb\xbf. IN DS 20326 8 2 " + b"e0" * 32 + b"\r\n", 4)],
)
def test_an_empty_anchor_file_is_no_wish_for_the_public_root(files, content, code) -> None:
    where, _, _ = files
    (where / "anchor.key").write_bytes(content)
    done = ask(
        where / "now.pem", "--published", "--resolver", "127.0.0.1:1",
        "--trust-anchor", where / "anchor.key",
    )  # fmt: skip
    assert done.exit_code == code, done.output
