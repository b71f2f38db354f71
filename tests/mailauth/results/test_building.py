"""Evaluations, verdicts and assessments as a receiver writes them."""

from mxwalk.mailauth.dkim.model import DkimResult, Reason, Signature, SignatureVerdict
from mxwalk.mailauth.dmarc.assess import assess
from mxwalk.mailauth.dmarc.discovery import look_up
from mxwalk.mailauth.dmarc.model import Reading
from mxwalk.mailauth.results.building import dkim_of, dmarc_of, spf_of
from mxwalk.mailauth.results.writing import write
from mxwalk.mailauth.spf.model import Evaluation, SpfResult
from mxwalk.mailauth.tags import read_tags
from tests.mailauth.dmarc.zone import Zone


def field(one):
    return " ".join(write("mx.example.org", [one]).split()).partition("; ")[2]


def evaluation(result, domain="example.com", sender="a@example.com"):
    return Evaluation(
        result=result,
        why="",
        client_ip="192.0.2.1",
        domain=domain,
        sender=sender,
        helo="mx.example.com",
    )


def judged(text, spf, author="example.com", reading=Reading.RFC9989):
    zone = Zone({"_dmarc.example.com": text} if text else {})
    found = {author: zone.run(look_up(author, author=True))}
    return assess(reading, [author], spf, [], found)


def test_spf_names_the_identity_it_checked():
    assert field(spf_of(evaluation(SpfResult.PASS))) == "spf=pass smtp.mailfrom=a@example.com"
    assert field(spf_of(evaluation(SpfResult.NONE, "mx.example.com"), helo=True)) == (
        "spf=none smtp.helo=mx.example.com"
    )
    null = evaluation(SpfResult.SOFTFAIL, "mx.example.com", "postmaster@mx.example.com")
    assert field(spf_of(null)) == "spf=softfail smtp.mailfrom=postmaster@mx.example.com"


def test_a_signature_is_told_from_others():
    signature = Signature(
        number=1,
        tags=read_tags(b"v=1; b=AAAA\r\n BBBBCC"),
        raw=b"",
        algorithm="rsa-sha256",
        domain="example.com",
        selector="s1",
        identity="@example.com",
    )
    verdict = SignatureVerdict(
        signature=signature, result=DkimResult.FAIL, reason=Reason.BODY_HASH, sentence=""
    )
    assert field(dkim_of(verdict)) == (
        "dkim=fail (the body is not what was signed) header.d=example.com header.i=@example.com"
        " header.s=s1 header.a=rsa-sha256 header.b=AAAABBBB"
    )


def test_dmarc_tells_policy_and_disposition():
    found = judged("v=DMARC1; p=reject; sp=none; t=y", ("fail", "example.com"))
    assert field(dmarc_of(found)) == (
        "dmarc=fail (p=reject sp=none dis=quarantine) header.from=example.com policy.dmarc=reject"
    )
    found = judged("v=DMARC1; p=reject", ("pass", "example.com"))
    assert field(dmarc_of(found)) == (
        "dmarc=pass (p=reject dis=none) header.from=example.com policy.dmarc=reject"
    )
    assert (
        field(dmarc_of(judged("", ("pass", "example.com")))) == "dmarc=none header.from=example.com"
    )


def test_np_is_told_by_the_document_that_knows_it():
    text = "v=DMARC1; p=none; np=reject"
    bis = judged(text, ("fail", "gone.example.com"), "gone.example.com")
    assert bis.result.value == "fail"
    assert "np=reject dis=reject" in field(dmarc_of(bis))
    old = judged(text, ("fail", "gone.example.com"), "gone.example.com", Reading.RFC7489)
    assert "(p=none dis=none)" in field(dmarc_of(old))
