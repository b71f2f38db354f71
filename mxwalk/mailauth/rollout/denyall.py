"""Domains and subdomains that send nothing: are they closed (RFC 7208 10.1.2, RFC 7505, RFC 9989)?

SPF is not inherited: each name needs its own record.  DMARC is, and one wildcard revokes every key.
A domain may receive mail without sending any: a null MX is only for names that do neither.
"""

from mxwalk.language import say
from mxwalk.mailauth.dmarc.model import Policy, Reading
from mxwalk.mailauth.dmarc.record import applied
from mxwalk.mailauth.dmarc.remarks import Seen
from mxwalk.mailauth.rollout.lines import DENY_SPF, deny_dmarc, deny_keys, deny_spf, null_mx
from mxwalk.mailauth.rollout.model import Check, Published, State, Subject


def deny_all(facts: Published, parent: Published | None = None) -> tuple[Check, ...]:
    """Return the checks of a name that sends nothing; ``parent`` is the domain whose policy counts."""
    checks = (_spf(facts), _dmarc(facts, parent), _mx(facts))
    return checks if parent is not None else (*checks, _keys(facts))


def _spf(facts: Published) -> Check:
    about = Subject.SPF
    line = (deny_spf(facts.domain, replaces=bool(facts.spf_text)),)
    if facts.spf is Seen.UNKNOWN:
        return _check(facts, about, State.UNKNOWN, say("The SPF record could not be looked up."))
    if facts.spf is Seen.NO:
        return Check(
            domain=facts.domain,
            about=about,
            state=State.CURRENT,
            shows=say("There is no SPF record: anybody may claim to send for the name."),
            publish=line,
        )
    if " ".join(facts.spf_text.lower().split()) == DENY_SPF.decode():
        return _check(facts, about, State.DONE, say("v=spf1 -all is published."))
    return Check(
        domain=facts.domain,
        about=about,
        state=State.CURRENT,
        shows=say("The SPF record allows hosts, though the name sends nothing."),
        publish=line,
    )


def _dmarc(facts: Published, parent: Published | None) -> Check:
    about = Subject.DMARC
    if facts.dmarc is Seen.UNKNOWN:
        return _check(facts, about, State.UNKNOWN, say("The DMARC record could not be looked up."))
    record = facts.dmarc_record
    line = (deny_dmarc(facts),)
    if record is not None:
        if record.usable and record.effective_policy is Policy.REJECT and not record.testing:
            return _check(facts, about, State.DONE, say("p=reject is published."))
        return Check(
            domain=facts.domain,
            about=about,
            state=State.CURRENT,
            shows=(
                say(
                    "The policy is {effective_policy}, only tested.",
                    effective_policy=record.effective_policy.value,
                )
                if record.testing
                else say(
                    "The policy is {effective_policy}.",
                    effective_policy=record.effective_policy.value,
                )
            ),
            publish=line,
        )
    above = parent.dmarc_record if parent is not None else None
    if parent is not None and above is not None and above.usable:
        counts = applied(above, Reading.RFC9989)
        asked = counts.subdomain or counts.policy
        if asked is Policy.REJECT and not above.testing:
            return _check(
                facts,
                about,
                State.DONE,
                say("It inherits reject from {domain}.", domain=parent.domain),
            )
        inherited = say(
            " It inherits {asked} from {domain}.", asked=asked.value, domain=parent.domain
        )
    elif parent is not None and parent.dmarc is Seen.UNKNOWN:
        return _check(facts, about, State.UNKNOWN, say("What it inherits could not be looked up."))
    else:
        inherited = ""
    return Check(
        domain=facts.domain,
        about=about,
        state=State.CURRENT,
        shows=say("There is no DMARC record.{inherited}", inherited=inherited),
        publish=line,
    )


def _mx(facts: Published) -> Check:
    about = Subject.MX
    if facts.null_mx is Seen.YES:
        return _check(facts, about, State.DONE, say("A null MX is published."))
    if facts.mx is Seen.YES:
        return _check(
            facts,
            about,
            State.DONE,
            say("The name receives mail, which does not mean that it sends any."),
        )
    if Seen.UNKNOWN in (facts.mx, facts.null_mx):
        return _check(facts, about, State.UNKNOWN, say("The MX records could not be looked up."))
    return Check(
        domain=facts.domain,
        about=about,
        state=State.CURRENT,
        shows=say(
            "There is no MX record: senders fall back on the address of the name (RFC 5321 5.1)."
        ),
        publish=(null_mx(facts.domain),),
    )


def _keys(facts: Published) -> Check:
    about = Subject.KEYS
    match facts.wildcard_revoked:
        case Seen.YES:
            return _check(facts, about, State.DONE, say("A wildcard revokes every selector."))
        case Seen.UNKNOWN:
            return Check(
                domain=facts.domain,
                about=about,
                state=State.UNKNOWN,
                shows=say("Whether a wildcard revokes every selector was not seen."),
                publish=(deny_keys(facts.domain),),
            )
        case Seen.NO:
            return Check(
                domain=facts.domain,
                about=about,
                state=State.CURRENT,
                shows=say("No wildcard revokes the selectors."),
                publish=(deny_keys(facts.domain),),
            )


def _check(facts: Published, about: Subject, state: State, shows: str) -> Check:
    return Check(domain=facts.domain, about=about, state=state, shows=shows)
