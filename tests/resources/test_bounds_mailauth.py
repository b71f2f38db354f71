"""Bounds of messages and of what DNS says of them: fields, addresses, DKIM, ARC, DMARC, SPF, results."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mxwalk.mailauth.arc.chain import read_chain
from mxwalk.mailauth.dkim.judge import _of_its_time
from mxwalk.mailauth.dkim.key import _size, read_key_text, read_keys
from mxwalk.mailauth.dkim.make import make_key
from mxwalk.mailauth.dkim.selectors import key_questions
from mxwalk.mailauth.dkim.sign import Signing, sign
from mxwalk.mailauth.dkim.signature import read_signatures
from mxwalk.mailauth.dmarc.assess import assess
from mxwalk.mailauth.dmarc.model import Reading
from mxwalk.mailauth.dmarc.queries import ask_records
from mxwalk.mailauth.dmarc.uris import read_uris
from mxwalk.mailauth.envelope import _received_spf
from mxwalk.mailauth.message import read_message
from mxwalk.mailauth.message_addresses import read_addresses
from mxwalk.mailauth.message_oddities import body_oddities
from mxwalk.mailauth.message_received import read_received
from mxwalk.mailauth.results.reading import read as read_results
from mxwalk.mailauth.spf.record import read_record
from mxwalk.mailauth.spf.survey import expand
from tests.mailauth.dkim.signing import NOW, txt_answer
from tests.mailauth.dmarc.zone import Zone as DmarcZone
from tests.mailauth.spf.zone import Zone, run, spf
from tests.resources.lowering import Probe, check

_FROM = b"From: Ann <ann@example.com>\r\n"
_PAIR = make_key()


def _fields(count: int) -> int:
    return len(read_message(_FROM + b"X: y\r\n" * count + b"\r\n").fields)


def _authors(count: int) -> int:
    raw = b"".join(b"From: u%d@example.com\r\n" % one for one in range(count))
    return len(read_message(raw + b"\r\n").author.mailboxes)


def _header_octets(count: int) -> int:
    found = read_message(_FROM + b"X: " + b"y" * 70 + b"\r\n" + b"Z: y\r\n" * count + b"\r\n")
    return sum(len(field.value) for field in found.fields)


def _long_line(octets: int) -> int:
    return 0 if body_oddities(b"x" * octets + b"\r\n", 1) else octets


def _addresses(count: int) -> int:
    return len(read_addresses(", ".join(f"u{one}@example.com" for one in range(count))).mailboxes)


def _comments(count: int) -> int:
    return count if read_addresses("(c) " * count + "u@example.com").mailboxes else 0


def _received(chars: int) -> int:
    text = "from a.example.com " + "x" * chars + " by b.example.com; Mon, 1 Jun 2026 00:00:00 +0000"
    return chars if read_received(text, 1, 1).by else 0


def _signed(**more: object) -> bytes:
    how = Signing(domain="example.com", selector="sel", timestamp=int(NOW), **more)  # type: ignore[arg-type]
    return sign(_FROM + b"Subject: x\r\n\r\nHello.\r\n", _PAIR.private_pem, how)


def _signature(change: Callable[[bytes], bytes] = lambda raw: raw) -> bool:
    return not read_signatures(read_message(change(_signed())))[0].problem


def _long_signature(octets: int) -> int:
    taken = _signature(
        lambda raw: raw.replace(
            b"DKIM-Signature: ", b"DKIM-Signature: n=" + b"x" * octets + b"; ", 1
        )
    )
    return octets if taken else 0


def _names(count: int) -> int:
    def more(raw: bytes) -> bytes:
        return raw.replace(b" h=", b" h=" + b"x:" * count, 1)

    return count if _signature(more) else 0


def _signatures(count: int) -> int:
    raw = _signed()
    end = raw.lower().index(b"from:")
    return len(read_signatures(read_message(raw[:end] * count + raw[end:])))


def _key(octets: int) -> int:
    record = _PAIR.record.encode() if isinstance(_PAIR.record, str) else _PAIR.record
    key = read_key_text(record + b"; n=" + b"x" * octets)
    return 0 if key.problem else octets


def _keys(count: int) -> int:
    records = [b"v=DKIM1; p=%d" % one for one in range(count)]
    return len(
        read_keys("s._domainkey.example.com", txt_answer("s._domainkey.example.com", *records))
    )


def _rsa(bits: int, exponent: int = 65_537) -> bytes:
    """A public key of so many bits, which nobody has the primes of: for its size alone."""
    numbers = rsa.RSAPublicNumbers(e=exponent, n=(1 << bits) - 1)
    return numbers.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _bits(bits: int, exponent: int = 65_537) -> int:
    return 0 if _size("rsa", _rsa(bits, exponent))[1] else bits


def _exponent_bits(bits: int) -> int:
    return 0 if _size("rsa", _rsa(4_096, (1 << bits) - 1))[1] else bits


def _skew(seconds: int) -> int:
    (signature,) = read_signatures(read_message(_signed()))
    return 0 if _of_its_time(signature, NOW - seconds) else seconds


def _instance(number: int) -> int:
    raw = b"".join(
        b"ARC-%s: i=%d; a=rsa-sha256; cv=none; d=example.com; s=s; b=AAAA\r\n" % (name, number)
        for name in (b"Seal",)
    )
    chain = read_chain(read_message(raw + _FROM + b"\r\n"))
    return max((one.instance for one in chain.sets), default=0)


def _selectors(count: int) -> int:
    asking = key_questions("example.com", [f"s{one}" for one in range(count)])
    return len(next(asking))


def _records_seen(count: int) -> int:
    texts = [f"text {one}" for one in range(count)]
    return len(DmarcZone({"_dmarc.example.com": texts}).run(ask_records("example.com")).seen)


def _domains(count: int) -> int:
    names = [f"d{one}.example.com" for one in range(count)]
    return 0 if "are not judged" in str(assess(Reading.RFC7489, names, None, (), {})) else count


def _results(text: str) -> int:
    return len(read_results(text).results)


def _terms(count: int) -> int:
    return len(read_record("example.com", b"v=spf1 " + b"ip4:192.0.2.1 " * count + b"-all").terms)


def _networks(count: int) -> int:
    terms = " ".join(f"ip4:192.0.2.{one}" for one in range(count))
    return len(
        run(expand("example.com"), Zone({"example.com": spf(f"v=spf1 {terms} -all")})).reaches
    )


def _surveyed(count: int) -> int:
    """Records read of so many that one record includes."""
    names = {f"i{one}.test": spf("v=spf1 -all") for one in range(count)}
    names["example.com"] = spf("v=spf1 " + " ".join(f"include:{one}" for one in names) + " -all")
    zone = Zone(names)
    run(expand("example.com"), zone)
    return len({question.qname for question in zone.asked if question.rtype == "TXT"})


def _received_spf_chars(chars: int) -> int:
    value = b"pass (" + b"x" * chars + b") client-ip=192.0.2.1;"
    found = _received_spf(read_message(b"Received-SPF: " + value + b"\r\n" + _FROM + b"\r\n"))
    return chars if found.pairs.get("client-ip") else 0


PROBES = (
    Probe("MESSAGE_FIELDS", 5, lambda: _fields(20)),
    Probe("MESSAGE_FROM_FIELDS", 2, lambda: _authors(4)),
    Probe("MESSAGE_HEADER_BYTES", 110, lambda: _header_octets(30)),
    Probe("MESSAGE_LINE_BYTES", 50, lambda: _long_line(100)),
    Probe(
        "MESSAGE_ADDRESS_CHARS",
        10,
        lambda: 60 * len(read_addresses("u@" + "x" * 60 + ".example").mailboxes),
    ),
    Probe("MESSAGE_ADDRESSES", 3, lambda: _addresses(8)),
    Probe("MESSAGE_COMMENT_DEPTH", 3, lambda: _comments(8)),
    Probe("MESSAGE_RECEIVED_CHARS", 60, lambda: _received(100)),
    Probe("MESSAGE_RECEIVED_CHARS", 60, lambda: _received_spf_chars(100)),
    Probe("DKIM_SIGNATURE_BYTES", 800, lambda: _long_signature(1_000)),
    Probe("DKIM_SIGNED_NAMES", 15, lambda: _names(30)),
    Probe("DKIM_SIGNATURES", 3, lambda: _signatures(8)),
    Probe("DKIM_KEY_BYTES", 900, lambda: _key(1_000)),
    Probe("DKIM_KEY_RECORDS", 3, lambda: _keys(8)),
    Probe("DKIM_RSA_BITS", 3_500, lambda: _bits(4_096)),
    Probe("DKIM_RSA_EXPONENT_BITS", 20, lambda: _exponent_bits(40)),
    Probe("DKIM_CLOCK_SKEW_S", 100, lambda: _skew(200)),
    Probe("ARC_SETS", 3, lambda: _instance(8)),
    Probe("SURVEY_SELECTORS", 3, lambda: _selectors(8)),
    Probe("DMARC_REPORT_ADDRESSES", 3, lambda: len(read_uris("rua", "mailto:u@example.com," * 8))),
    Probe("DMARC_RECORDS_SHOWN", 3, lambda: _records_seen(8)),
    Probe("DMARC_AUTHOR_DOMAINS", 3, lambda: _domains(8)),
    Probe("AUTHRES_BYTES", 30, lambda: 40 * _results("mx.example.com; " + " " * 40 + "spf=pass")),
    Probe("AUTHRES_RESULTS", 3, lambda: _results("mx.example.com" + "; spf=pass" * 8)),
    Probe(
        "AUTHRES_PROPERTIES",
        3,
        lambda: len(
            read_results("mx.example.com; spf=pass" + " smtp.helo=a.test" * 8).results[0].properties
        ),
    ),
    Probe("SPF_TERMS", 3, lambda: _terms(8)),
    Probe("SPF_SURVEY_RECORDS", 3, lambda: _surveyed(8)),
    Probe("SPF_SURVEY_NETWORKS", 3, lambda: _networks(8)),
)


@pytest.mark.parametrize("probe", PROBES, ids=str)
async def test_no_more_gets_through_than_the_limit(
    probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    await check(probe, monkeypatch)
