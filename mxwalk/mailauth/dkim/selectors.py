"""Looking up keys at selectors of a domain: those that are known, and on demand the common ones.

Selectors cannot be listed in DNS (RFC 6376 3.1), so the common ones are guesswork: finding none of
them says nothing.
"""

from collections.abc import Iterable

from mxwalk.limits import SURVEY_SELECTORS
from mxwalk.mailauth.asking import Asking, Question
from mxwalk.mailauth.dkim.key import read_key
from mxwalk.mailauth.dkim.model import KeyRecord
from mxwalk.names import InvalidNameError, parse_name

# The defaults of signing programs and of services that sign for their customers.
COMMON_SELECTORS: tuple[str, ...] = (
    "default",
    "dkim",
    "mail",
    "email",
    "selector",
    "selector1",
    "selector2",
    "s1",
    "s2",
    "s1024",
    "s2048",
    "k1",
    "k2",
    "k3",
    "key1",
    "key2",
    "dkim1",
    "dkim2",
    "google",
    "20230601",
    "20210112",
    "20161025",
    "everlytickey1",
    "everlytickey2",
    "mxvault",
    "mandrill",
    "mailjet",
    "mailgun",
    "mg",
    "pic",
    "smtp",
    "smtpapi",
    "sendgrid",
    "sig1",
    "amazonses",
    "zendesk1",
    "zendesk2",
    "hs1",
    "hs2",
    "fm1",
    "fm2",
    "fm3",
    "protonmail",
    "protonmail2",
    "protonmail3",
    "zoho",
    "zmail",
    "turbo-smtp",
    "postmark",
    "pm",
    "cm",
    "ctct1",
    "ctct2",
    "scph",
    "sparkpost",
    "brevo1",
    "brevo2",
    "sib",
    "salesforce",
    "exacttarget",
    "200608",
    "responsys",
    "esa",
    "ironport",
    "proofpoint",
    "pps1",
    "mimecast",
    "mesmtp",
    "rsa",
    "ed25519",
    "rsa1",
    "ed1",
    "2024",
    "2025",
    "2026",
)


def key_questions(domain: str, selectors: Iterable[str]) -> Asking[tuple[KeyRecord, ...]]:
    """Ask for the keys at selectors of a domain, together; return them in the order of the selectors.

    What is no selector is left out; a selector counts once.  ``domain`` is in A-labels.
    """
    names: dict[str, None] = {}
    for selector in selectors:
        try:
            names[parse_name(f"{selector}._domainkey.{domain}").ascii] = None
        except InvalidNameError:
            continue
    wanted = list(names)[:SURVEY_SELECTORS]
    if not wanted:
        return ()
    answers = yield tuple(Question(name, "TXT") for name in wanted)
    return tuple(read_key(name, answer) for name, answer in zip(wanted, answers, strict=True))
