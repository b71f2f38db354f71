"""The first lines of the chain view: does it chain, until when, whose fault."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.revocation.papers import Entry, by_crl, by_ocsp, checked, crl, world
from tests.tls.pki import DAY, NOW, issue, pki
from tests.widgets.chains import Seen, chain_trace

FAR = {"begins": NOW - 900 * DAY, "ends": NOW + 900 * DAY}


async def test_a_trusted_chain_says_by_whom_until_when_and_which_certificate_ends_first() -> None:
    async with Seen(chain_trace(tuple(pki().chain), (pki().root.der,))) as seen:
        assert seen.first == "✓ TRUSTED by the lab store until 2026-08-14 (60 more days: the leaf)"
        assert "judged at 2026-06-15 12:00 UTC" in seen.text


async def test_a_chain_that_an_intermediate_ends_names_that() -> None:
    root = issue("R", ca=True, **FAR)
    ca = issue("Short CA", root, ca=True, ends=NOW + 12 * DAY)
    leaf = issue("mx.example.net", ca)
    async with Seen(chain_trace((leaf.der, ca.der), (root.der,))) as seen:
        assert "(12 more days: the CA certificate at depth 1)" in seen.first


async def test_a_missing_intermediate_is_the_receivers_fault_and_the_issuer_is_named() -> None:
    async with Seen(chain_trace((pki().leaf.der,), (pki().root.der,))) as seen:
        assert seen.first.startswith(
            '✗ NOT TRUSTED: the issuer "Test Intermediate" was not sent, and the store'
        )
        assert "→ the receiver must act: append the missing CA certificate" in seen.text
        assert "✗ missing Test Intermediate: neither sent nor in the store" in seen.text


async def test_an_empty_store_is_ones_own_fault() -> None:
    trace = chain_trace(tuple(pki().chain), (), kind="empty")
    async with Seen(trace) as seen:
        assert seen.first.startswith("✗ NOT TRUSTED: the empty store holds no root")
        assert "→ you must act: name a trust store" in seen.text


async def test_a_ca_that_may_not_certify_the_name_is_the_cas_fault() -> None:
    limits = x509.NameConstraints(
        permitted_subtrees=[x509.DNSName("example.org")], excluded_subtrees=None
    )
    root = issue("R", ca=True, **FAR)
    ca = issue("Narrow CA", root, ca=True, extensions=((limits, True),))
    leaf = issue("mx.example.net", ca)
    async with Seen(chain_trace((leaf.der, ca.der), (root.der,))) as seen:
        assert seen.first.startswith("✗ NOT TRUSTED: ")
        assert "→ the receiver's CA must act" in seen.text
        names = await seen.press("l")
        assert "✗ not permitted at depth 1 (permitted DNS example.org)" in names


async def test_an_expired_certificate_of_ones_own_store_is_ones_own_fault() -> None:
    root = issue("Old Root", ca=True, begins=NOW - 900 * DAY, ends=NOW - DAY)
    leaf = issue("mx.example.net", root)
    async with Seen(chain_trace((leaf.der,), (root.der,))) as seen:
        assert 'the root "Old Root" expired' in seen.first
        assert "→ you must act" in seen.text


async def test_a_revoked_certificate_stands_first_although_the_chain_is_trusted() -> None:
    one = world()
    gone = Entry(one.leaf.certificate.serial_number, reason=x509.ReasonFlags.key_compromise)
    asked = checked(by_crl(crl(gone), one.leaf))
    trace = chain_trace((one.leaf.der, one.ca.der), (one.root.der,), revocation=asked)
    async with Seen(trace) as seen:
        assert seen.first.startswith("✗ REVOKED, though TRUSTED by the lab store")
        assert "the leaf was revoked on 2026-06-12 12:00 UTC (keyCompromise" in seen.text
        row = next(line for line in seen.text.splitlines() if "leaf mx.example.net" in line)
        assert row.startswith("✗ ")
        assert row.endswith("✗ revoked")


async def test_what_was_sent_too_much_or_in_wrong_order_is_said_plainly() -> None:
    one, other = pki(), issue("Printer", ca=True)
    sent = (one.leaf.der, one.root.der, one.intermediate.der, one.intermediate.der, other.der)
    async with Seen(chain_trace(sent, (one.root.der,))) as seen:
        assert "! the chain was sent out of order" in seen.text
        assert "sent again" in seen.text
        assert "sent, but not used" in seen.text
        lines = seen.text.splitlines()
        assert any("CA Test Intermediate" in line and "sent 3" in line for line in lines)
        assert any("CA Test Intermediate" in line and "sent 4" in line for line in lines)
        assert any("root Printer" in line and "sent 5" in line for line in lines)


async def test_a_fetched_issuer_is_shown_as_fetched_and_changes_no_verdict() -> None:
    one = pki()
    trace = chain_trace((one.leaf.der,), (one.root.der,), fetched=(one.intermediate.der,))
    async with Seen(trace) as seen:
        assert seen.first.startswith("✗ NOT TRUSTED")
        assert "fetched from the CA to explain; mail servers do not fetch" in seen.text
        row = next(line for line in seen.text.splitlines() if "• CA Test Intermediate" in line)
        assert "fetched" in row
        paths = await seen.press("h", "h")
        assert "✓ holds  another path, with a fetched issuer" in paths
        assert "Windows (Exchange): ✓ trusts" in paths


async def test_a_chain_that_only_a_legacy_handshake_brought_says_so() -> None:
    trace = chain_trace(tuple(pki().chain), (pki().root.der,), legacy=True)
    async with Seen(trace) as seen:
        assert seen.first.startswith("✓ TRUSTED")
        assert "! seen by a legacy handshake: the modern one failed" in seen.text


async def test_a_handshake_without_certificates_and_one_that_failed_have_their_own_words() -> None:
    async with Seen(chain_trace((), ())) as seen:
        assert "sent no certificate" in seen.text
    async with Seen(chain_trace((), (), legacy=True)) as seen:
        assert "The handshake failed before a certificate came" in seen.text


@pytest.mark.parametrize("stapled", [True, False])
async def test_an_unreachable_source_is_tolerated_softly_and_refused_strictly(
    stapled: bool,
) -> None:
    one = world()
    asked = checked(by_ocsp(b"no response" if stapled else None, stapled=stapled))
    trace = chain_trace((one.leaf.der, one.ca.der), (one.root.der,), revocation=asked)
    async with Seen(trace, size=(140, 60)) as seen:
        text = await seen.press("l", "l", "l")
        assert "[revocation]" in text
        heads = next(line for line in text.splitlines() if "soft-fail" in line)
        assert "hard-fail" in heads
        both = text.splitlines()[text.splitlines().index(heads) + 1]
        assert "! tolerated" in both
        assert "✗ refused" in both
        assert "Postfix: ! tolerated" in text
        assert "Exchange Online: ? not known" in text


async def test_a_weak_key_that_passed_is_marked_in_the_tree_and_said_first() -> None:
    small = rsa.generate_private_key(65537, 1024)
    leaf = issue("mx.example.net", pki().intermediate, key=small)
    trace = chain_trace((leaf.der, pki().intermediate.der), (pki().root.der,))
    async with Seen(trace) as seen:
        assert seen.first.startswith("✓ TRUSTED")
        assert any(line.startswith("! ▸ leaf") for line in seen.text.splitlines())
        lines = seen.text.splitlines()
        bar = next(at for at, line in enumerate(lines) if "[summary]" in line)
        assert lines[bar + 1].startswith("! its RSA key has 1024 bits")
