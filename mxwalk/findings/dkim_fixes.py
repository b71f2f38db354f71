"""What mends a DKIM signature that does not pass, by the part that failed."""

from collections.abc import Mapping

from mxwalk.findings.raising import show
from mxwalk.language import noted, say
from mxwalk.mailauth.dkim.model import Reason, SignatureVerdict

_CHANGED = noted(
    "let nothing change the message behind the signer: sign last, at the outermost"
    " gateway, with c=relaxed/relaxed; what lists and forwarders change, only they can"
    " leave alone"
)
_FIXES: Mapping[Reason, str] = {
    Reason.VALID: noted("nothing to do"),
    Reason.BODY_HASH: _CHANGED,
    Reason.HEADER: _CHANGED,
    Reason.KEY_MISSING: noted(
        'publish {name}. IN TXT "v=DKIM1; k={type}; p=<public key>", or'
        " have the signer use a selector that is published"
    ),
    Reason.KEY_UNREACHABLE: noted(
        "make all name servers of the zone answer {name} TXT, then walk again"
    ),
    Reason.KEY_REVOKED: noted(
        "sign with a new key under a new selector; the empty p= says that this one is withdrawn"
    ),
    Reason.KEY_SMALL: noted("make a key of 2048 bits under a new selector: mxwalk dkim-key"),
    Reason.ALGORITHM: noted(
        "have the signer use a=rsa-sha256 with a key of 2048 bits, if"
        " wanted with a=ed25519-sha256 beside it"
    ),
    Reason.EXPIRED: noted(
        "let x= lie at least a week behind t=, as long as mail may wait in queues, or leave it out"
    ),
    Reason.FUTURE: noted("set the signer's clock (NTP)"),
    Reason.NO_FROM: noted(
        "have the signer put From into h=; without it the signature is worth nothing"
    ),
    Reason.IDENTITY: noted(
        "have the signer leave i= out, or write a domain that is d= or below it"
    ),
    Reason.SYNTAX: noted("have the signer write the field as RFC 6376 3.5 has it"),
}
_PUBLISH = noted("publish {name}. IN TXT anew, as the signer's program prints it")


def fix_of(one: SignatureVerdict) -> str:
    """Return what mends a signature, with the name of its key record where that is what to mend."""
    key_type = "ed25519" if one.signature.algorithm.startswith("ed25519") else "rsa"
    words = _FIXES.get(one.reason, _PUBLISH)
    name = show(one.signature.key_name, 200)
    return say(words, name=name, type=key_type)
