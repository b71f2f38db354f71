"""What each reading of a row means, in words, and what is to be done about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mxwalk.dmarcrpt.judge import Case
from mxwalk.language import noted, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A case in words: a title, what it means, and what to do."""

    title: str
    meaning: str
    act: str


_EXPLANATIONS: Mapping[Case, Explanation] = MappingProxyType(
    {
        Case.NOTHING: Explanation(
            title=noted("nothing passes: spoofed, or a sender of yours that is forgotten"),
            meaning=(
                noted(
                    "Neither SPF nor DKIM passes for any domain.  So looks mail that"
                    " strangers send in the domain's name, and so does a server of your own"
                    " that nobody has set up."
                )
            ),
            act=(
                noted(
                    "If the address is yours, add it to SPF and sign with DKIM; if it is not,"
                    " leave it: it is what p=reject is for."
                )
            ),
        ),
        Case.UNDECIDED: Explanation(
            title=noted("could not be decided: SPF or DKIM ended in an error"),
            meaning=(
                noted(
                    "The receiver met a temperror (the DNS did not answer) or a permerror"
                    " (the record cannot be used), so that the mail could not pass."
                )
            ),
            act=(
                noted(
                    "Check the SPF record and the DKIM keys, and how the DNS servers answer"
                    " for them."
                )
            ),
        ),
        Case.THIRD_PARTY: Explanation(
            title=noted("a sender that passes, but for another domain"),
            meaning=(
                noted(
                    "SPF or DKIM passes for a domain that is not the one in From.  So do"
                    " mailing and billing services that send for you, and forwarders that"
                    " rewrite the envelope; and so can anyone who owns a domain."
                )
            ),
            act=(
                noted(
                    "If you use the service, have it sign with a DKIM key of your domain"
                    " (best), or use a subdomain of yours in MAIL FROM."
                )
            ),
        ),
        Case.NOT_ALIGNED: Explanation(
            title=noted("passes for the domain's own organization, and is not aligned"),
            meaning=(
                noted(
                    "SPF or DKIM passes for a name of the same Organizational Domain, yet the"
                    " receiver counts it as not aligned: the policy asks for strict"
                    " alignment, or the receiver finds another Organizational Domain."
                )
            ),
            act=(
                noted(
                    "Sign with d= exactly as in From, or publish relaxed alignment (adkim=r,"
                    " aspf=r)."
                )
            ),
        ),
        Case.CHANGED: Explanation(
            title=noted("its own signature fails: changed on the way, or the key is wrong"),
            meaning=(
                noted(
                    "There is a DKIM signature of the domain that does not verify, and SPF"
                    " does not pass either.  Forwarders that change a message do this; so"
                    " does a wrong or removed key.  A signature that fails can be a"
                    " stranger's too."
                )
            ),
            act=(
                noted(
                    "If it comes from your own servers, check the selector's key; if from a"
                    " forwarder, nothing is to be done but to let receivers know (ARC)."
                )
            ),
        ),
        Case.MAILING_LIST: Explanation(
            title=noted("changed by a mailing list"),
            meaning=(
                noted(
                    "The domain's own signature no longer verifies while another domain"
                    " passes, or the receiver itself took it for a list: lists add footers"
                    " and subject tags, and send with an envelope of their own."
                )
            ),
            act=(
                noted(
                    "Nothing is wrong with the sender.  The list should rewrite From; think"
                    " of its members before p=reject."
                )
            ),
        ),
        Case.BROKEN_SIGNATURE: Explanation(
            title=noted("aligned by SPF, but the domain's signature fails"),
            meaning=(
                noted(
                    "The mail passes only because it came directly; its DKIM signature does"
                    " not verify."
                )
            ),
            act=(
                noted(
                    "Check the key of the selector, and whether something changes messages"
                    " after they are signed."
                )
            ),
        ),
        Case.SPF_ONLY: Explanation(
            title=noted("aligned by SPF alone"),
            meaning=(
                noted(
                    "There is no aligned DKIM signature.  The mail passes when it comes"
                    " directly and fails as soon as it is forwarded."
                )
            ),
            act=noted("Sign it with DKIM."),
        ),
        Case.FORWARDED: Explanation(
            title=noted("forwarded: the signature passes, SPF does not"),
            meaning=(
                noted(
                    "The message came through a server that SPF does not name, and its"
                    " signature survived: so does plain forwarding.  A server of yours that"
                    " SPF does not name looks the same."
                )
            ),
            act=noted("Nothing, if the address is a forwarder's; if it is yours, add it to SPF."),
        ),
        Case.DKIM_ONLY: Explanation(
            title=noted("aligned by DKIM alone"),
            meaning=(
                noted(
                    "SPF is about another domain or was not decided; the signature carries"
                    " it.  Services that sign for you do this."
                )
            ),
            act=noted("Nothing."),
        ),
        Case.BOTH: Explanation(
            title=noted("aligned by DKIM and by SPF"),
            meaning=noted("Both pass for the domain."),
            act=noted("Nothing."),
        ),
    }
)


def explain(case: Case) -> Explanation:
    """Return a case in words."""
    words = _EXPLANATIONS[case]
    return Explanation(title=say(words.title), meaning=say(words.meaning), act=say(words.act))
