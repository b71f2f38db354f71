"""The result types of RFC 8460 4.3: what each means, who must act, and what to look at.

The registry is closed here; a type it does not know is explained as such.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from mxwalk.language import noted, say
from mxwalk.text import visible


class Actor(enum.Enum):
    """Who must act, in the words the findings use."""

    RECEIVER = noted("receiver")
    RECEIVER_DNS = noted("receiver's DNS")
    RECEIVER_CA = noted("receiver's CA")
    SENDER = noted("the sender that reports")


class Family(enum.Enum):
    """What kind of check it is that failed."""

    NEGOTIATION = noted("negotiation")
    DANE = "DANE"
    STS = "MTA-STS"
    OTHER = noted("unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultType:
    """One result type; the receiver is whoever runs the policy domain and its MX hosts."""

    name: str
    rfc: str
    family: Family
    title: str
    meaning: str
    actor: Actor
    look: str


def _type(name: str, rfc: str, family: Family, title: str, *texts: str, actor: Actor) -> ResultType:
    meaning, look = texts
    return ResultType(
        name=name,
        rfc=f"RFC 8460 {rfc}",
        family=family,
        title=title,
        meaning=meaning,
        actor=actor,
        look=look,
    )


_TYPES = (
    _type(
        "starttls-not-supported",
        "4.3.1",
        Family.NEGOTIATION,
        noted("no STARTTLS"),
        noted(
            "The MX host did not offer STARTTLS, or refused it. A sender under a DANE or an"
            " enforced MTA-STS policy does not deliver there; others delivered in clear."
        ),
        noted(
            "Walk the host: is STARTTLS in the response to EHLO, and what is the reply to it?"
            " If it is there from your network only, something on the way of the sender takes"
            " it out."
        ),
        actor=Actor.RECEIVER,
    ),
    _type(
        "certificate-host-mismatch",
        "4.3.1",
        Family.NEGOTIATION,
        noted("the certificate names another host"),
        noted(
            "The certificate did not hold the name the sender looked for: under MTA-STS the"
            " MX host's, under DANE-TA also the recipient domain's."
        ),
        noted(
            "Walk the host and look at its certificate's names; is the same one sent with and"
            " without SNI, and at every address?"
        ),
        actor=Actor.RECEIVER,
    ),
    _type(
        "certificate-expired",
        "4.3.1",
        Family.NEGOTIATION,
        noted("the certificate has expired"),
        noted(
            "A certificate of the chain was past its end, most often the host's own after a"
            " renewal that failed or that was not loaded."
        ),
        noted(
            "Walk the host and look at the chain's dates at every address; restart what still"
            " serves the old file."
        ),
        actor=Actor.RECEIVER,
    ),
    _type(
        "certificate-not-trusted",
        "4.3.1",
        Family.NEGOTIATION,
        noted("the certificate leads to no trusted root"),
        noted(
            "The sender found no path to a root it trusts: a self-signed certificate, a"
            " private CA, a missing intermediate, or a root the sender's store does not hold."
        ),
        noted(
            "Walk the host and look at the chain: is the intermediate sent, and is the root"
            " in the common stores?"
        ),
        actor=Actor.RECEIVER,
    ),
    _type(
        "validation-failure",
        "4.3.1",
        Family.NEGOTIATION,
        noted("a failure without a type of its own"),
        noted(
            "The session failed at TLS for a reason that has no type: no common protocol"
            " version or cipher suite, a broken handshake, a revoked or malformed"
            " certificate. The failure-reason-code, if there is one, says which."
        ),
        noted("Read the reason code beside it; walk the host and look at the handshake."),
        actor=Actor.RECEIVER,
    ),
    _type(
        "tlsa-invalid",
        "4.3.2.1",
        Family.DANE,
        noted("no TLSA record matches"),
        noted(
            "The TLSA records did not go with the certificate, or none was usable: nearly"
            " always a certificate that was renewed before its record was published."
        ),
        noted(
            "Walk the host and look at the TLSA view: which record matches which certificate;"
            " publish the record printed there."
        ),
        actor=Actor.RECEIVER,
    ),
    _type(
        "dnssec-invalid",
        "4.3.2.1",
        Family.DANE,
        noted("DNSSEC does not validate"),
        noted(
            "The sender's resolver gave no valid answer for the MX, address or TLSA records:"
            " signatures that have expired, a DS without a key, or a name server that fails"
            " on TLSA questions."
        ),
        noted(
            "Walk the domain and look at the DNSSEC view: the link that breaks, and the zone"
            " it is in."
        ),
        actor=Actor.RECEIVER_DNS,
    ),
    _type(
        "dane-required",
        "4.3.2.1",
        Family.DANE,
        noted("the sender insists on DANE"),
        noted(
            "The sender is set to deliver to this domain only with DANE, and found no usable"
            " TLSA records. That is its own rule, not a fault of the published records."
        ),
        noted(
            "Were TLSA records withdrawn that a partner relies on? If not, the sender must"
            " change its setting."
        ),
        actor=Actor.SENDER,
    ),
    _type(
        "sts-policy-fetch-error",
        "4.3.2.2",
        Family.STS,
        noted("the MTA-STS policy could not be fetched"),
        noted(
            "The record announces a policy, but the policy host did not give it: no address,"
            " no connection, a status other than 200, or a redirect."
        ),
        noted(
            "Fetch https://mta-sts.<domain>/.well-known/mta-sts.txt from outside, over IPv4"
            " and IPv6."
        ),
        actor=Actor.RECEIVER,
    ),
    _type(
        "sts-policy-invalid",
        "4.3.2.2",
        Family.STS,
        noted("the MTA-STS policy is not valid"),
        noted(
            "The policy was fetched and could not be read: a missing key, a mode or max_age"
            " that is none, or another media type than text/plain."
        ),
        noted("Look at the policy's lines in the policy view."),
        actor=Actor.RECEIVER,
    ),
    _type(
        "sts-webpki-invalid",
        "4.3.2.2",
        Family.STS,
        noted("the policy host's certificate is not valid"),
        noted(
            "The certificate of the policy host (mta-sts.<domain>) did not verify. Some"
            " reporters use it for the certificate of an MX host too, so look at both."
        ),
        noted("Look at the certificate of the policy host: names, dates, intermediate."),
        actor=Actor.RECEIVER,
    ),
)

RESULT_TYPES: Mapping[str, ResultType] = MappingProxyType({each.name: each for each in _TYPES})


def explain(name: str) -> ResultType:
    """Return the result type of this name; for an unknown one, an entry that says so."""
    known = RESULT_TYPES.get(name)
    if known is not None:
        return replace(
            known, title=say(known.title), meaning=say(known.meaning), look=say(known.look)
        )
    shown = visible(name, 80) or say("(none)")
    return ResultType(
        name=shown,
        rfc="RFC 8460 4.3",
        family=Family.OTHER,
        title=say("a result type RFC 8460 does not define"),
        meaning=say(
            "{shown} is none of the types of RFC 8460 4.3; what it stands for only"
            " the organisation that reports can say.",
            shown=shown,
        ),
        actor=Actor.SENDER,
        look=say("Ask at the report's contact-info; the reason code beside it may help."),
    )
