"""Our signatures and verdicts against a real OpenDKIM: it signs and we verify, we sign and it verifies."""

import itertools
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from mxwalk.mailauth.dkim.make import KeyKind, KeyPair, make_key
from mxwalk.mailauth.dkim.model import DkimResult, Reason
from mxwalk.mailauth.dkim.sign import Signing, sign
from tests.mailauth.dkim.signing import verdicts
from tests.peers import opendkim

pytestmark = pytest.mark.peers
NEEDS = ("opendkim", "opendkim-testmsg")
NAME = "sel._domainkey.example.com"
NOW = int(time.time())
HEAD = (
    b"From: Ann <ann@example.com>\r\nTo: b@example.net\r\nSubject: Hi   there\r\n again\r\n"
    b"Date: Sun, 15 Jun 2025 15:00:00 +0000\r\nMessage-ID: <1@example.com>\r\n\r\n"
)
MESSAGE = HEAD + b"Hello  there. \r\n\r\n.dots and\ttabs\r\n\r\n\r\n"
CANONS = ["/".join(pair) for pair in itertools.product(("simple", "relaxed"), repeat=2)]
RSA, ED25519, SMALL = make_key(), make_key(KeyKind.ED25519), make_key(bits=1024)
PAIRS = {"rsa-sha256": RSA, "ed25519-sha256": ED25519}
MORE = {
    "plain": "",
    "over-signed, expiring, with copies": (
        "OversignHeaders From\nSignatureTTL 3600\nDiagnostics yes\n"
    ),
    "every field": "SignHeaders *\n",
}


def keys(record: bytes) -> Mapping[str, bytes]:
    return {NAME: record} if record else {}


def ours(raw: bytes, record: bytes) -> list[DkimResult]:
    return [one.result for one in verdicts(raw, keys(record), now=int(time.time()))]


@pytest.mark.parametrize("more", MORE.values(), ids=MORE)
@pytest.mark.parametrize("canon", CANONS)
@pytest.mark.parametrize("algorithm", PAIRS)
def test_what_opendkim_signs_verifies_here(
    algorithm: str, canon: str, more: str, tmp_path: Path
) -> None:
    """OpenDKIM 2.11 refuses its own Ed25519 signatures over simple header fields; so do we."""
    pair = PAIRS[algorithm]
    how = f"SignatureAlgorithm {algorithm}\n{more}"
    raw = opendkim.sign(tmp_path, MESSAGE, pair.private_pem, canon, how)
    record = pair.record.encode()
    theirs = opendkim.verify(tmp_path, raw, keys(record))
    assert [one.value for one in ours(raw, record)] == theirs
    if algorithm == "rsa-sha256" or canon.startswith("relaxed"):
        assert theirs == ["pass"]


@pytest.mark.parametrize("canon", CANONS)
@pytest.mark.parametrize("length", [None, -1, 5], ids=["whole", "l= of all", "l=5"])
@pytest.mark.parametrize("algorithm", PAIRS)
def test_what_we_sign_verifies_at_opendkim(
    algorithm: str, length: int | None, canon: str, tmp_path: Path
) -> None:
    header, body = canon.split("/")
    pair = PAIRS[algorithm]
    how = Signing(
        domain="example.com",
        selector="sel",
        header_canon=header,
        body_canon=body,
        length=length,
        expires=NOW + 3600,
        identity="ann@news.example.com",
        headers=("from", "from", "to", "subject", "date", "message-id"),
        copies=True,
    )
    raw = sign(MESSAGE, pair.private_pem, how)
    assert opendkim.verify(tmp_path, raw, keys(pair.record.encode())) == ["pass"]


def signed(raw: bytes = MESSAGE, pair: KeyPair = RSA, **how: object) -> bytes:
    return sign(raw, pair.private_pem, Signing(domain="example.com", selector="sel", **how))  # type: ignore[arg-type]


def swap(before: bytes, after: bytes, **how: object) -> bytes:
    raw = signed(**how)  # type: ignore[arg-type]
    assert before in raw
    return raw.replace(before, after, 1)


R = RSA.record.encode()
EVE = b"From: eve@example.net\r\n"
CASES: dict[str, tuple[Callable[[], bytes], bytes]] = {
    "as signed": (signed, R),
    "a word changed": (lambda: swap(b"Hello", b"Hallo"), R),
    "subject changed": (lambda: swap(b"Subject: Hi", b"Subject: Ho"), R),
    "white space at a line's end, relaxed": (lambda: swap(b"there. ", b"there."), R),
    "white space at a line's end, simple": (
        lambda: swap(b"there. ", b"there.", body_canon="simple"),
        R,
    ),
    "empty lines at the end": (lambda: signed(body_canon="simple") + b"\r\n\r\n", R),
    "footer": (lambda: signed() + b"footer\r\n", R),
    "footer behind l=": (lambda: signed(length=-1) + b"footer\r\n", R),
    "body shorter than l=": (lambda: signed(length=-1)[:-20], R),
    "empty body": (lambda: signed(HEAD), R),
    "empty body, simple": (lambda: signed(HEAD, body_canon="simple"), R),
    "expired": (lambda: signed(timestamp=NOW - 7200, expires=NOW - 3600), R),
    "from the future": (lambda: signed(timestamp=NOW + 86_400), R),
    "two signatures": (lambda: signed(signed()), R),
    "field name's case, relaxed": (lambda: swap(b"Subject:", b"SUBJECT:"), R),
    "field name's case, simple": (lambda: swap(b"Subject:", b"SUBJECT:", header_canon="simple"), R),
    "folding, relaxed": (lambda: swap(b"Subject: Hi", b"Subject:\r\n Hi"), R),
    "unsigned From on top": (lambda: EVE + signed(), R),
    "From on top, over-signed": (lambda: EVE + signed(headers=("from", "from", "subject")), R),
    "Subject on top": (lambda: b"Subject: x\r\n" + signed(), R),
    "Subject on top, over-signed": (
        lambda: b"Subject: x\r\n" + signed(headers=("from", "subject", "subject")),
        R,
    ),
    "Subject below": (lambda: swap(b"Date:", b"Subject: x\r\nDate:"), R),
    "i= outside d=": (lambda: swap(b"s=sel", b"i=a@example.net; s=sel"), R),
    "From not in h=": (lambda: swap(b"h=from : ", b"h="), R),
    "no bh=": (lambda: swap(b" bh=", b" yh="), R),
    "v=2": (lambda: swap(b"v=1", b"v=2"), R),
    "tag twice": (lambda: swap(b"s=sel", b"s=sel; s=sel"), R),
    "unknown q=": (lambda: swap(b"s=sel;", b"s=sel; q=http;"), R),
    "rsa-sha1": (lambda: signed(algorithm="rsa-sha1"), R),
    "1024 bits": (lambda: signed(pair=SMALL), SMALL.record.encode()),
    "revoked": (signed, b"v=DKIM1; p="),
    "no key": (signed, b""),
    "another key": (signed, SMALL.record.encode()),
    "key of another type": (signed, ED25519.record.encode()),
    "key of another version": (signed, R.replace(b"DKIM1", b"DKIM2")),
    "key without v=": (signed, R.replace(b"v=DKIM1; ", b"")),
    "key with v= last": (signed, R.replace(b"v=DKIM1; ", b"") + b"; v=DKIM1"),
    "key without p=": (signed, R.replace(b"p=", b"q=")),
    "key for sha1": (signed, R + b"; h=sha1"),
    "key for TLS reports": (signed, R + b"; s=tlsrpt"),
    "testing key": (signed, R + b"; t=y"),
    "strict key, i= in d=": (lambda: signed(identity="a@example.com"), R + b"; t=s"),
    "strict key, i= below d=": (lambda: signed(identity="a@n.example.com"), R + b"; t=s"),
    "key with g= and unknown tags": (signed, R + b"; g=x; u=1"),
}
# Where OpenDKIM 2.11 lets pass what we do not, and why we do not.
DIFFERENCES = {
    "rsa-sha1": "RFC 8301 3.1: signatures with rsa-sha1 have permanently failed evaluation",
    "unsigned From on top": "RFC 6376 8.15: an added From is an attack; dkimpy counts it as signed",
}


@pytest.mark.parametrize("case", CASES)
def test_both_say_pass_or_both_do_not(case: str, tmp_path: Path) -> None:
    make, record = CASES[case]
    raw = make()
    theirs = [one == "pass" for one in opendkim.verify(tmp_path, raw, keys(record))] or [False]
    here = [one is DkimResult.PASS for one in ours(raw, record)]
    if case in DIFFERENCES:
        assert (here, theirs) == ([False], [True]), DIFFERENCES[case]
    else:
        assert here == theirs


def test_what_opendkim_testmsg_signs_by_default_is_refused_for_its_algorithm(
    tmp_path: Path,
) -> None:
    """The program still signs with rsa-sha1; the signature agrees and is not acceptable."""
    (tmp_path / "key.pem").write_bytes(RSA.private_pem)
    command = [
        "opendkim-testmsg",
        "-C",
        "-d",
        "example.com",
        "-s",
        "sel",
        "-k",
        tmp_path / "key.pem",
    ]
    done = subprocess.run(
        command, input=MESSAGE, capture_output=True, timeout=30, check=True, cwd=tmp_path
    )
    raw = done.stdout.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    (verdict,) = verdicts(raw, keys(R), now=int(time.time()))
    assert (verdict.result, verdict.reason) == (DkimResult.POLICY, Reason.ALGORITHM)
    assert verdict.body_hash == verdict.signature.body_hash
