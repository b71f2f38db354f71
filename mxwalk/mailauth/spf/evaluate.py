"""``check_host()`` of RFC 7208 section 4 as a tree: every term, what it asked, and why it matched.

A generator of DNS questions, pure over their answers.  Errors of the record or of DNS are results,
never exceptions; loops end at the limit of ten.  It has no clock: the caller ends a slow evaluation
by answers that timed out (4.6.4).
"""

from datetime import UTC, datetime

from mxwalk.language import say
from mxwalk.mailauth.asking import Asking
from mxwalk.mailauth.spf.branches import run_branch
from mxwalk.mailauth.spf.checking import STANDARD, Check, Limits
from mxwalk.mailauth.spf.model import Evaluation, SpfResult
from mxwalk.mailauth.spf.names import client_address, to_a_labels
from mxwalk.text import visible

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
POSTMASTER = "postmaster"


def split_sender(sender: str, helo: str) -> tuple[str, str]:
    """Return local-part and domain of the sender in A-labels.

    A sender without local-part gets ``postmaster`` (RFC 7208 4.3); of an empty reverse-path the
    sender is ``postmaster`` at the HELO name (2.4).
    """
    plain = sender.strip().removeprefix("<").removesuffix(">").strip()
    if not plain:
        plain = helo
    local, _, domain = plain.rpartition("@")
    return local or POSTMASTER, to_a_labels(domain)


def evaluate(  # noqa: PLR0913 - the arguments of check_host(), RFC 7208 4.1
    client_ip: str,
    domain: str,
    sender: str,
    helo: str,
    *,
    receiver: str = "unknown",
    now: datetime = EPOCH,
    limits: Limits = STANDARD,
) -> Asking[Evaluation]:
    """Evaluate whether ``client_ip`` may send for ``domain``; ``now`` is for the macro ``%{t}``.

    ``sender`` is the MAIL FROM, or ``postmaster@`` the HELO name; a client that is no address, as a
    domain that is none, gives the result none.
    """
    local, sender_domain = split_sender(sender, helo)
    plain = to_a_labels(domain.strip()).removesuffix(".")
    full_sender = f"{local}@{sender_domain}"
    client = client_address(client_ip)
    if client is None:
        return Evaluation(
            result=SpfResult.NONE,
            why=say("{client_ip!r} is no IP address", client_ip=visible(client_ip, 80)),
            client_ip=client_ip,
            domain=plain,
            sender=full_sender,
            helo=helo,
        )
    check = Check(
        client=client,
        local=local,
        sender_domain=sender_domain,
        helo=to_a_labels(helo),
        receiver=receiver,
        now=now,
        limits=limits,
    )
    ran = yield from run_branch(check, plain, is_main=True)
    return Evaluation(
        result=ran.branch.result,
        why=ran.branch.why,
        client_ip=str(client),
        domain=plain,
        sender=full_sender,
        helo=helo,
        root=ran.branch,
        matched=ran.matched,
        lookups=check.lookups,
        voids=check.voids,
        explanation=ran.explanation,
        expansions=ran.expansions,
    )
