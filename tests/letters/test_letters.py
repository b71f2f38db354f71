"""Letters of every lab walk: what they must hold, for whom, and what they must not say."""

import email
import email.policy
import re

import msgspec
import pytest

from mxwalk.delivery.build import build_delivery
from mxwalk.errors import UsageError
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.evidence.step import StepKind
from mxwalk.findings.model import Owner, Severity
from mxwalk.findings.registry import catalogue, check
from mxwalk.lab.scenario import scenario_names
from mxwalk.language import LANGUAGES, language, speaking, use_language
from mxwalk.letters.compose import addressed, compose, write_letters
from mxwalk.letters.eml import draft
from mxwalk.letters.layout import WIDTH
from mxwalk.letters.mailboxes import mailbox
from mxwalk.letters.model import KEYS, Contact, Source, key_of
from mxwalk.letters.template import load
from mxwalk.letters.topics import TOPICS, topic
from mxwalk.wrapping import cells
from tests.hostile import HOSTILE
from tests.letters.golden_text import GOLDEN, NAMES, current, letters_of
from tests.reports.samples import hostile_trace, lab_trace

ALL = scenario_names()


def squeezed(text: str) -> str:
    """The text without what wrapping and the forms of zone files and shells add."""
    return re.sub(r"[\s\\(),;.]", "", text)


def written(name, code="en", **options):
    trace = lab_trace(name)
    return write_letters(trace, trace.header.options.sender, code, **options)


@pytest.mark.parametrize("name", ALL)
def test_every_walk_has_a_letter_or_a_reason_for_none(name):
    for code in LANGUAGES:
        post = written(name, code)
        assert bool(post.letters) != bool(post.nothing)
        for letter in post.letters:
            body, plain = letter.body, squeezed(letter.body)
            for finding in letter.findings:
                assert finding.code in body
                assert squeezed(finding.sentence) in plain
                assert squeezed(finding.fix) in plain
                assert squeezed(finding.command) in plain
                if finding.address:
                    assert finding.address in body
            assert letter.subject.isprintable()
            assert letter.language == code
            assert all(to.mailbox == mailbox(to.mailbox) for to in letter.to)
            assert all(to.reason and to.source.value for to in letter.to)


@pytest.mark.parametrize("name", ALL)
def test_a_redacted_letter_names_neither_our_mailbox_nor_our_host(name):
    options = lab_trace(name).header.options
    for letter in written(name, redacted=True).letters:
        text = f"{letter.subject}\n{letter.body}\n{draft(letter)}"
        assert letter.redacted
        assert "user@example.com" not in text
        assert options.helo not in text


@pytest.mark.parametrize("name", ALL)
def test_prose_keeps_to_72_columns(name):
    for code in LANGUAGES:
        for letter in written(name, code).letters:
            for line in letter.body.split("\n"):
                # a longer line holds one word that cannot be broken, or is the peer's own
                words = line.split()
                is_literal = line.startswith("     ") or len(words) < 2
                assert cells(line) <= WIDTH or is_literal, line


@pytest.mark.parametrize("name", NAMES)
def test_letters_read_as_they_were_approved(name):
    expected = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert current(name) == expected, "after a wanted change: python -m tests.letters.golden_text"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pause_s", [0, 7])
def test_how_long_the_steps_took_changes_no_letter(name, pause_s):
    trace = lab_trace(name)
    steps = (
        msgspec.structs.replace(step, started_s=float(index * pause_s))
        for index, step in enumerate(trace.steps)
    )
    slower = msgspec.structs.replace(trace, steps=tuple(steps))
    assert letters_of(slower) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_templates_of_all_languages_have_the_same_blocks():
    english = list(load("en").blocks)
    for code in LANGUAGES:
        assert list(load(code).blocks) == english


def test_every_code_has_a_topic_and_every_topic_a_sentence_in_every_language():
    owned = [one for one in catalogue().values() if one.severity is not Severity.OK]
    for entry in owned:
        if entry.owner not in (Owner.YOU, Owner.NOBODY):
            assert topic(entry.code) in TOPICS, entry.code
    for code in LANGUAGES:
        source = load(code).environment.loader.get_source(
            load(code).environment, f"letter.{code}.txt.j2"
        )[0]
        for name in TOPICS:
            assert f'"{name}": "' in source, (code, name)


def test_the_language_of_the_letter_is_not_that_of_the_interface():
    use_language("ko")
    english = written("ehlo-1869", "en").letters[0]
    assert "Dear mail administrators" in english.body
    assert not re.search("[가-힣]", english.body)
    assert language() == "ko"
    use_language("en")
    assert "관리자님께" in written("ehlo-1869", "ko").letters[0].body


def test_findings_are_told_in_the_letters_language():
    trace = lab_trace("ehlo-1869")
    with speaking("ko"):
        korean = {one.code: one.sentence for one in check(build_delivery(trace))}
    letter = written("ehlo-1869", "ko").letters[0]
    assert squeezed(korean["EHLO003"]) in squeezed(letter.body)


def test_owners_get_letters_of_their_own():
    post = written("mx-ip", codes=["ROUTE007", "ROUTE021"])
    assert {one.party.key for one in post.letters} == {"dns"}
    both = written("sts-two-records", codes=None)
    assert [one.party.key for one in both.letters] == ["dns"]
    parties = [one.party.key for one in written("spf-ptr").letters]
    assert sorted(parties) == ["domain", "domain-dns"]


def test_what_is_ours_is_never_written_about():
    for name in ALL:
        for letter in written(name).letters:
            assert all(key_of(one.actor) in KEYS for one in letter.findings)


def test_a_walk_in_order_says_why_there_is_no_letter():
    post = written("pkix-good")
    assert post.letters == ()
    assert "nothing for the other side" in post.nothing
    with pytest.raises(UsageError, match="nothing for the other side"):
        compose(lab_trace("pkix-good"), "esa:5", "en")


def test_a_fault_of_our_own_resolver_is_told_beside():
    post = written("dnssec-stripping-resolver")
    assert not post.letters
    assert "you" in post.nothing or "own side" in post.nothing


def test_a_code_that_was_not_found_is_refused_and_the_known_ones_named():
    with pytest.raises(UsageError, match="EHLO003"):
        written("ehlo-1869", codes=["DANE002"])


def test_a_party_without_letter_is_refused_and_the_known_ones_named():
    with pytest.raises(UsageError, match="receiver"):
        addressed(written("ehlo-1869"), "ca")


def test_an_unknown_language_is_refused():
    with pytest.raises(UsageError, match="en, ko"):
        written("ehlo-1869", "tlh")


def test_chosen_codes_alone_are_written_about():
    letter = written("ehlo-1869", codes=["ehlo004"]).letters[0]
    assert letter.codes == ("EHLO004",)


def test_the_soa_of_the_zone_names_the_first_address():
    letter = written("sts-two-records").letters[0]
    assert letter.to[0].mailbox == "hostmaster@lab.test"
    assert letter.to[0].source is Source.SOA
    assert [one.mailbox for one in letter.to[1:]] == [
        "hostmaster@example.com",
        "postmaster@example.com",
    ]


def test_an_soa_that_was_asked_for_besides_counts():
    asked = DnsAnswer(
        qname="example.com",
        rtype="SOA",
        status=DnsStatus.OK,
        answer=(
            RRset(
                name="example.com",
                rtype="SOA",
                ttl_s=300,
                records=(r"ns.example.net. dns\.team.example.net. 1 2 3 4 5",),
            ),
        ),
    )
    plain = written("dnssec-stale-ds").letters[0]
    more = written("dnssec-stale-ds", more=(asked,)).letters[0]
    assert "dns.team@example.net" not in {one.mailbox for one in plain.to}
    assert more.to[0].mailbox == "dns.team@example.net"


def test_tls_reports_and_the_operator_of_the_host_are_suggested_behind_the_postmaster():
    letter = written("sts-mx-mismatch").letters[0]
    assert [(one.mailbox, one.source) for one in letter.to] == [
        ("postmaster@example.com", Source.POSTMASTER),
        ("postmaster@provider.test", Source.HOST_POSTMASTER),
        ("tls-reports@example.com", Source.TLS_RPT),
    ]


def test_a_revoked_certificate_is_a_matter_of_security():
    assert Source.SECURITY in {one.source for one in written("revoked-crl").letters[0].to}


def test_the_decisive_evidence_is_quoted():
    ehlo = written("ehlo-1869").letters[0].body
    assert "250-STARTTLS" in ehlo
    dane = written("dane-mismatch").letters[0].body
    assert dane.count("IN TLSA 3 1 1") >= 3  # published, what would match, the fix
    assert "SHA-256" in dane
    assert re.search(r"\d\d:\d\d:\d\d UTC", dane)
    dnssec = written("dnssec-stale-ds").letters[0].body
    assert "bogus" in dnssec


def test_places_to_fill_in_are_filled_by_the_contact():
    who = Contact(
        name="Anna Berger", phone="+49 30 555", mailbox="anna@example.net", since="Monday"
    )
    blank = written("ehlo-1869").letters[0].body
    filled = written("ehlo-1869", contact=who).letters[0].body
    assert "[your name]" in blank
    assert "[date and time" in blank
    assert "[your name]" not in filled
    for value in ("Anna Berger", "+49 30 555", "anna@example.net", "Monday"):
        assert value in filled


def test_the_same_evidence_gives_the_same_letter():
    first = written("dane-mismatch", "ko")
    assert written("dane-mismatch", "ko") == first


def test_a_secret_local_part_does_not_pass_redaction():
    trace = lab_trace("ehlo-1869")
    header = msgspec.structs.replace(
        trace.header,
        target=msgspec.structs.replace(
            trace.header.target, text="zaphod.b@example.com", local_part="zaphod.b"
        ),
        options=msgspec.structs.replace(trace.header.options, rcpt_to="zaphod.b@example.com"),
    )
    secret = msgspec.structs.replace(trace, header=header)
    for code in LANGUAGES:
        for letter in write_letters(secret, "esa:5", code, redacted=True).letters:
            assert "zaphod" not in letter.body + letter.subject + draft(letter)


# -- drafts --------------------------------------------------------------------------------------

HEADERS = {
    "x-unsent",
    "from",
    "to",
    "subject",
    "content-type",
    "content-transfer-encoding",
    "content-language",
    "mime-version",
}


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_draft_opens_as_the_letter_it_was(code):
    letter = written("dane-mismatch", code).letters[0]
    text = draft(letter, sender="Anna Berger <anna@example.net>")
    read = email.message_from_bytes(text.encode("ascii"), policy=email.policy.default)
    assert {name.lower() for name in read} == HEADERS
    assert read["X-Unsent"] == "1"
    assert read["To"] == letter.to[0].mailbox
    assert read["From"] == "Anna Berger <anna@example.net>"
    assert read["Subject"] == letter.subject
    assert read["Content-Language"] == code
    assert read.get_content().replace("\r\n", "\n") == letter.body


def test_a_draft_has_no_sender_unless_one_is_given():
    read = email.message_from_string(draft(written("ehlo-1869").letters[0]))
    assert read["From"] is None
    assert read["Date"] is None


@pytest.mark.parametrize("sender", ["nobody", "a@b\r\nBcc: c@example.com", "a b@example.com"])
def test_a_sender_that_is_no_mailbox_is_refused(sender):
    letter = written("ehlo-1869").letters[0]
    with pytest.raises(UsageError):
        draft(letter, sender=sender)


@pytest.mark.parametrize("base", ["sts-mx-mismatch", "dane-mismatch", "dmarc-fail-reject"])
@pytest.mark.parametrize("payload", [item[:300] for item in HOSTILE], ids=range(len(HOSTILE)))
def test_hostile_evidence_cannot_inject_a_field_or_act(payload, base):
    trace = hostile_trace(payload, base)
    found = check(build_delivery(trace))
    codes = {one.code for one in found if key_of(one.actor) and one.level is not Severity.OK}
    for wanted in (None, codes):
        try:
            post = write_letters(trace, trace.header.options.sender, "ko", codes=wanted)
        except UsageError:  # of a message, what is the receiver's is our own
            continue
        for letter in post.letters:
            assert letter.subject.isprintable()
            assert all(line.isprintable() for line in letter.body.split("\n"))
            read = email.message_from_bytes(draft(letter).encode("ascii"))
            assert {name.lower() for name in read} <= HEADERS
            assert len(read.get_all("To", [])) <= 1
            assert all(to.mailbox == mailbox(to.mailbox) for to in letter.to)


# -- what the server's product has to do ----------------------------------------------------------


def greeted(name, banner):
    """The walk of a scenario whose server greets with another banner."""
    trace = lab_trace(name)
    steps = tuple(
        msgspec.structs.replace(
            step, evidence=msgspec.structs.replace(step.evidence, reply=banner + b"\r\n")
        )
        if step.kind is StepKind.GREETING
        else step
        for step in trace.steps
    )
    return msgspec.structs.replace(trace, steps=steps)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(
    ("banner", "product", "literal"),
    [
        (b"220 mx1.example.com ESMTP Postfix", "Postfix", "postfix reload"),
        (b"220 mx1.example.com ESMTP Exim 4.98", "Exim", "exim -bP tls_certificate"),
        (b"220 mx1.example.com Microsoft ESMTP MAIL Service ready", "Exchange Server", "-Services"),
    ],
)
def test_the_product_that_the_greeting_names_has_its_own_fix(code, banner, product, literal):
    letter = compose(greeted("pkix-expired", banner), "esa:5", code)
    assert product in letter.body
    assert literal in letter.body


def test_a_greeting_without_a_product_has_none():
    letter = compose(greeted("pkix-expired", b"220 mx1.example.com ESMTP"), "esa:5", "en")
    assert "which your greeting names" not in letter.body
