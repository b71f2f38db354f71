"""What stands beside each other in a text is not joined: people, connections, options, sessions."""

import shlex
import ssl

import pytest

from mxwalk.clues.labels import command
from mxwalk.clues.model import Clue, Lead, Standing
from mxwalk.clues.reading import understand
from mxwalk.evidence.connection import Handshaken
from mxwalk.evidence.step import StepKind
from tests.reports.samples import lab_trace
from tests.timing import within


def signed_by_another() -> str:
    """Return a leaf of a chain in PEM, as swaks prints it alone."""
    for step in lab_trace("esa-hosted").steps:
        if isinstance(step.evidence, Handshaken) and step.evidence.presented:
            return ssl.DER_cert_to_PEM_cert(step.evidence.presented[0])
    raise AssertionError("no handshake")


def told(text: str, words: str) -> Clue:
    """Return the clue that quotes these words."""
    return next(one for one in understand(text).clues if words in one.quoted)


def test_a_fault_of_one_connection_of_an_esa_is_not_joined_to_the_recipient_of_another() -> None:
    text = (
        "Sun Nov 22 10:00:00 2026 Info: New SMTP DCID 5 interface 192.0.2.1 address 198.51.100.5 port 25\n"
        "Sun Nov 22 10:00:01 2026 Info: DCID 5 STARTTLS command not supported\n"
        "Sun Nov 22 10:00:02 2026 Info: New SMTP DCID 6 interface 192.0.2.1 address 198.51.100.6 port 25\n"
        "Sun Nov 22 10:00:03 2026 Info: MID 61 ICID 9 RID 0 To: <bob@b.example>\n"
        "Sun Nov 22 10:00:04 2026 Info: Delivery start DCID 6 MID 61 to RID [0]\n"
        "Sun Nov 22 10:00:05 2026 Info: Bounced: DCID 7 MID 50 to RID 0 - 5.1.0 ('550', ['x'])\n"
    )
    assert told(text, "not supported").recipients == ()
    assert told(text, "MID 50").recipients == ()


def test_a_tls_error_of_exim_is_joined_to_the_recipient_of_that_host() -> None:
    text = (
        "2026-11-22 10:00:00 1vMabc-000001-0A H=mx.b.example [198.51.100.6] TLS error on connection"
        " (certificate verification failed)\n"
        "2026-11-22 10:00:01 1vMabc-000001-0A == ann@a.example R=dnslookup T=remote_smtp"
        " H=mx.a.example [198.51.100.5] defer (-44): SMTP error from remote mail server after RCPT TO:"
        "<ann@a.example>: 450 later\n"
        "2026-11-22 10:00:02 1vMabc-000001-0A == bob@b.example R=dnslookup T=remote_smtp"
        " H=mx.b.example [198.51.100.6] defer (-37): TLS session is required\n"
    )
    assert told(text, "verification failed").recipients == ("bob@b.example",)
    elsewhere = text.replace("mx.b.example [198.51.100.6] TLS", "mx.c.example [198.51.100.7] TLS")
    assert told(elsewhere, "verification failed").recipients == ()


def test_processes_of_two_machines_with_one_number_are_two() -> None:
    text = (
        "Nov 22 10:00:00 out1 postfix/smtp[77]: Untrusted TLS connection established to"
        " mx.a.example[198.51.100.5]:25: TLSv1.3\n"
        "Nov 22 10:00:01 out2 postfix/smtp[77]: 4AB: to=<bob@b.example>,"
        " relay=mx.b.example[198.51.100.6]:25, dsn=4.0.0, status=deferred (conversation timed out)\n"
    )
    assert told(text, "Untrusted").recipients == ()


@pytest.mark.parametrize(
    "text",
    [
        "550 5.1.8 <me@own.example>: Sender address rejected: Domain not found",
        "550 5.1.7 <me@own.example>: Sender address rejected: user unknown",
        "host mx.b.example said: 550 5.7.27 me@own.example: Sender address has null MX",
    ],
)
def test_a_sender_that_is_refused_is_nobody_to_walk_to(text: str) -> None:
    found = understand(text)
    assert found.clues[0].standing is Standing.BOUNCED
    assert not any("own.example" in one.target for one in found.leads)


def test_a_recipient_that_looks_like_an_option_is_none_in_the_command() -> None:
    lead = understand("550 5.1.1 <--save=/tmp/x@example.com>: unknown").leads[0]
    words = shlex.split(command(lead, "esa:3"))
    assert words[-2:] == ["--", "--save=/tmp/x@example.com"]
    plain = shlex.split(command(Lead(target="a@example.com", reason="", helo="-x"), ""))
    assert plain == ["mxwalk", "a@example.com", "--helo=-x"]


def test_fields_of_a_mail_are_read_up_to_a_bound() -> None:
    text = (
        'From: a\nContent-Type: text/plain; x="' + "; " * 500_000 + "\n\n550 5.1.1 <a@example.com>"
    )
    with within(5):
        understand(text)


def test_a_second_session_of_s_client_lends_the_first_no_certificates() -> None:
    block = "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n"
    first = "$ openssl s_client -starttls smtp -connect mx.a.example:25\nCONNECTED(00000003)\n---\nNew, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\n---\n250 CHUNKING\nQUIT\n221 bye\n"
    second = f"CONNECTED(00000003)\n---\nCertificate chain\n 0 s:CN=x\n{block}---\nNew, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\n---\nMAIL FROM:<a@b.example>\n250 ok\n"
    alone, both = understand(first).trace, understand(first + second).trace
    assert alone is not None
    assert both is not None
    shaken = [one.evidence for one in both.steps if isinstance(one.evidence, Handshaken)]
    assert shaken[0].unseen
    assert [one.kind for one in both.steps] == [one.kind for one in alone.steps]


def test_a_number_is_no_name_of_a_host() -> None:
    assert not understand("EHLO a.example\n250-5.1.1 foo\n250 SIZE").leads


def test_a_certificate_alone_is_no_chain_where_the_tool_does_not_count() -> None:
    text = (
        "=== Trying mx.example.com:25...\n=== Connected to mx.example.com.\n<-  220 mx\n"
        " -> EHLO a.example\n<-  250-mx\n<-  250 STARTTLS\n -> STARTTLS\n<-  220 go\n"
        "=== TLS started with cipher TLSv1.3:TLS_AES_256_GCM_SHA384:256\n"
        + signed_by_another()
        + " ~> EHLO a\n<~  250 mx\n ~> QUIT\n<~  221 bye\n"
    )
    trace = understand(text).trace
    assert trace is not None
    assert StepKind.HANDSHAKE in [one.kind for one in trace.steps]
    assert StepKind.CHAIN not in [one.kind for one in trace.steps]
    assert not any("Of 0" in one.meaning for one in understand(text).clues)
