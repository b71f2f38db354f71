"""Whether an outside address has agreed to receive a domain's reports (RFC 9990 4; RFC 7489 7.1).

The consumer says so with a record at ``<domain>._report._dmarc.<host>``, or at ``*._report._dmarc``
for every domain.  Without it a receiver must leave the address out, so that nobody can be flooded
with reports by a stranger's record.
"""

from collections.abc import Sequence

from mxwalk.dns.txt import txt_line, txt_records
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.identity.suffixes import organizational_domain
from mxwalk.language import say
from mxwalk.limits import DMARC_REPORT_HOSTS
from mxwalk.mailauth.asking import Asking, Question
from mxwalk.mailauth.dmarc.discovery import discover, domain_key
from mxwalk.mailauth.dmarc.model import Authorisation, Discovery, ReportUri
from mxwalk.mailauth.dmarc.record import is_record, read_record

_NAME_OCTETS = 253
_ANSWERED = (DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN)


def authorise(
    domain: str, organizational: str, uris: Sequence[ReportUri]
) -> Asking[tuple[Authorisation, ...]]:
    """Ask each outside address's domain for its consent.

    ``domain`` is where the policy record was found, ``organizational`` its Organizational Domain.
    Consent is asked for where either reading needs it: RFC 9990 compares Organizational Domains by the
    tree walk, RFC 7489 by the public suffix list.  ``needed`` follows RFC 9990.
    """
    domain, organizational = domain_key(domain), domain_key(organizational)
    usable = tuple(uri for uri in uris if not uri.problem and uri.host)
    hosts = tuple(dict.fromkeys(uri.host for uri in usable))[:DMARC_REPORT_HOSTS]
    walks: dict[str, Discovery] = {}
    for host in hosts:
        if host not in (domain, organizational):
            walks[host] = yield from discover(host)
    asked = tuple(host for host in hosts if _outside(domain, organizational, host, walks))
    fitting = tuple(host for host in asked if len(record_name(domain, host)) <= _NAME_OCTETS)
    answers: dict[str, DnsAnswer] = {}
    if fitting:
        questions = tuple(Question(record_name(domain, host), "TXT") for host in fitting)
        answers = dict(zip(fitting, (yield questions), strict=True))
    return tuple(
        _judge(uri, domain, organizational, walks.get(uri.host), answers.get(uri.host))
        if uri.host in hosts
        else Authorisation(
            uri=uri,
            needed=True,
            why=say("Only {max_hosts} domains are looked up.", max_hosts=DMARC_REPORT_HOSTS),
        )
        for uri in usable
    )


def record_name(domain: str, host: str) -> str:
    """Return where the consent of ``host`` to reports about ``domain`` stands (steps 2 and 3)."""
    return f"{domain}._report._dmarc.{host}"


def consent_line(domain: str, host: str) -> str:
    """Return the zone line by which ``host`` agrees to reports about ``domain``."""
    return txt_line(record_name(domain, host), b"v=DMARC1;")


def _outside(domain: str, organizational: str, host: str, walks: dict[str, Discovery]) -> bool:
    if host in (domain, organizational):
        return False
    by_walk = walks[host].failed or walks[host].organizational != organizational
    return by_walk or organizational_domain(host) != organizational_domain(domain)


def _judge(
    uri: ReportUri,
    domain: str,
    organizational: str,
    walk: Discovery | None,
    answer: DnsAnswer | None,
) -> Authorisation:
    name = record_name(domain, uri.host)
    if walk is None or (not walk.failed and walk.organizational == organizational):
        why = say("The address is within the domain itself.")
        if answer is not None and not _consents(answer):
            why += say(
                " By the public suffix list it is not: receivers that follow RFC 7489"
                " look for consent at {name}.",
                name=name,
            )
        return Authorisation(uri=uri, needed=False, name=name if answer else "", why=why)
    if answer is None:
        return Authorisation(
            uri=uri,
            needed=True,
            name=name,
            agreed=False,
            why=say("The name of the consent would be too long for the DNS (RFC 9990 4, step 4)."),
        )
    if answer.status not in _ANSWERED:
        return Authorisation(
            uri=uri,
            needed=True,
            name=name,
            status=answer.status,
            why=say(
                "Whether {host} agrees is not known: {status} for {name}.",
                host=uri.host,
                status=answer.status.value,
                name=name,
            ),
        )
    texts = _consents(answer)
    if not texts:
        return Authorisation(
            uri=uri,
            needed=True,
            name=name,
            status=answer.status,
            agreed=False,
            why=say(
                "{host} does not agree: there is no DMARC record at {name}.",
                host=uri.host,
                name=name,
            ),
        )
    return _overridden(uri, name, answer, texts)


def _consents(answer: DnsAnswer) -> list[bytes]:
    """Steps 6 and 7: the records that begin with v=DMARC1."""
    texts = (b"".join(strings) for strings in txt_records(answer))
    return [text for text in texts if is_record(text)]


def _overridden(uri: ReportUri, name: str, answer: DnsAnswer, texts: list[bytes]) -> Authorisation:
    record = read_record(name, texts[0])
    instead = record.aggregate if uri.tag == "rua" else record.failure
    if any(other.host != uri.host for other in instead):  # step 9: no report to either
        agreed, why = (
            False,
            say("{host} sends the reports on to another host: none may be sent.", host=uri.host),
        )
    elif instead:
        agreed, why = True, say("{host} agrees and names an address of its own.", host=uri.host)
    else:
        agreed, why = True, say("{host} agrees.", host=uri.host)
    return Authorisation(
        uri=uri,
        needed=True,
        name=name,
        status=answer.status,
        agreed=agreed,
        why=why,
        override=instead,
    )
