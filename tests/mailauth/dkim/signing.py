"""What the DKIM tests share: answers with key records, and the whole way from octets to a verdict."""

from collections.abc import Mapping

from mxwalk.dns.txt import txt_line
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.evidence.mailauth import DkimChecked
from mxwalk.mailauth.dkim.judge import judge
from mxwalk.mailauth.dkim.key import read_key
from mxwalk.mailauth.dkim.model import SignatureVerdict
from mxwalk.mailauth.dkim.signature import read_signatures
from mxwalk.mailauth.dkim.verify import key_type, verify
from mxwalk.mailauth.message import read_message

NOW = 1_750_000_000.0  # 2025-06-15


def txt_answer(name: str, *records: bytes) -> DnsAnswer:
    """An answer with TXT records; without any there is no such name."""
    if not records:
        return DnsAnswer(qname=name, rtype="TXT", status=DnsStatus.NXDOMAIN)
    texts = tuple(txt_line(name, record).partition(" IN TXT ")[2] for record in records)
    rrset = RRset(name=name, rtype="TXT", ttl_s=300, records=texts)
    return DnsAnswer(qname=name, rtype="TXT", status=DnsStatus.OK, answer=(rrset,))


def failed_answer(name: str, status: DnsStatus) -> DnsAnswer:
    """An answer that is none."""
    return DnsAnswer(qname=name, rtype="TXT", status=status, error="timed out")


def verdicts(
    raw: bytes,
    keys: Mapping[str, bytes | DnsAnswer],
    *,
    now: float = NOW,
    limit: int = 0,
    whole: bool = True,
) -> list[SignatureVerdict]:
    """The verdict on every signature of a message, its keys being those given by their names."""
    message = read_message(raw, whole=whole)
    found = []
    for signature in read_signatures(message):
        given = keys.get(signature.key_name, ())
        if isinstance(given, DnsAnswer):
            answer = given
        else:
            answer = txt_answer(signature.key_name, *([given] if given else []))
        checked = verify(message, signature, answer)
        evidence = DkimChecked(
            number=signature.number,
            key=answer,
            verified=checked.verified,
            body_hash=checked.body_hash,
            body_bytes=checked.body_bytes,
            detail=checked.detail,
        )
        key = read_key(signature.key_name, answer, key_type(signature))
        found.append(judge(message, signature, key, evidence, now, limit))
    return found
