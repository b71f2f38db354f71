"""From a survey to the facts that the roll-out advisor is given."""

from mxwalk.delivery.route import RouteKind, RoutePlan
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.identity.suffixes import organizational_domain
from mxwalk.mailauth.dkim.model import KeyRecord, Reason
from mxwalk.mailauth.dmarc.model import PolicyFrom
from mxwalk.mailauth.dmarc.policy import undecided
from mxwalk.mailauth.dmarc.remarks import Seen
from mxwalk.mailauth.published import NamePublished, Survey
from mxwalk.mailauth.rollout.model import Key, Published, Sender
from mxwalk.mailauth.spf.model import Term
from mxwalk.mailauth.spf.survey_model import Leaf, Surveyed

_ANSWERED = (DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN)
_WILDCARD = "*"


def facts(survey: Survey, route: RoutePlan) -> Published:
    """Return what a survey shows, as the advisor asks it; what was not looked up is unknown."""
    sends = Seen.NO if not survey.asked.sends or _denies(survey.main) else Seen.YES
    keys = tuple(key for key in survey.keys or () if _selector(key) != _WILDCARD)
    return _published(
        survey.main,
        sends,
        survey=survey,
        selectors_asked=bool(survey.asked.selectors or survey.asked.probe)
        and survey.keys is not None,
        keys=tuple(_key(key) for key in keys if key.tags is not None),
        wildcard_revoked=_wildcard(survey.keys),
        mx=_mx(route),
        null_mx=_null_mx(route),
    )


def _published(  # noqa: PLR0913 - what the main domain has besides
    name: NamePublished,
    sends: Seen,
    *,
    survey: Survey | None = None,
    selectors_asked: bool = False,
    keys: tuple[Key, ...] = (),
    wildcard_revoked: Seen = Seen.UNKNOWN,
    mx: Seen = Seen.UNKNOWN,
    null_mx: Seen = Seen.UNKNOWN,
) -> Published:
    root = name.spf.root if name.spf is not None else None
    record = root.record if root is not None else None
    every = _all(root)
    found = name.policy
    own = found is not None and found.source is PolicyFrom.AUTHOR_DOMAIN
    inherited = found is not None and found.source is PolicyFrom.ORGANIZATIONAL
    others = survey.subdomains if survey is not None else ()
    return Published(
        domain=name.domain,
        sends=sends,
        spf=_spf(root),
        spf_text=record.text if record else "",
        spf_all=every.qualifier if every else "",
        spf_problems=_problems(root),
        spf_lookups=name.spf.lookups if name.spf is not None else 0,
        selectors_asked=selectors_asked,
        keys=keys,
        wildcard_revoked=wildcard_revoked,
        dmarc=_dmarc(name),
        dmarc_record=found.record if found is not None and own else None,
        dmarc_records=_records(name),
        dmarc_inherited_from=name.dmarc.walk.organizational if inherited and name.dmarc else "",
        authorisations=survey.reporters if survey is not None else (),
        mx=mx,
        null_mx=null_mx,
        senders=_senders(name, root),
        subdomains=tuple(
            _published(
                one, _below(one, sends), mx=_mx_below(one.mx), null_mx=_null_mx_below(one.mx)
            )
            for one in others
        ),
    )


def _all(root: Surveyed | None) -> Term | None:
    """Return the ``all`` that counts: the record's own, or that of the one it redirects to (6.1)."""
    while root is not None and root.record is not None:
        own = next((term for term in root.record.terms if term.name == "all"), None)
        if own is not None:
            return own
        redirects = (leaf.child for leaf in root.leaves if leaf.term.name == "redirect")
        root = next(redirects, None)
    return None


def _denies(name: NamePublished) -> bool:
    """Say whether the SPF record itself says that nothing is sent (``v=spf1 -all``)."""
    record = name.spf.root.record if name.spf is not None else None
    terms = record.terms if record else ()
    return len(terms) == 1 and terms[0].name == "all" and terms[0].qualifier == "-"


def _below(name: NamePublished, sends: Seen) -> Seen:
    """Say whether a subdomain sends: no where its own SPF record says so, or where nothing sends.

    A name without an SPF record may send all the same.
    """
    seen = _spf(name.spf.root if name.spf is not None else None)
    if seen is Seen.YES:
        return Seen.NO if _denies(name) else Seen.YES
    return Seen.NO if seen is Seen.NO and sends is Seen.NO else Seen.UNKNOWN


def _spf(root: Surveyed | None) -> Seen:
    if root is None or any(one.status not in _ANSWERED for one in root.asked):
        return Seen.UNKNOWN
    return Seen.YES if root.record is not None or root.records else Seen.NO


def _problems(root: Surveyed | None) -> tuple[str, ...]:
    if root is None:
        return ()
    faults = tuple(one.what for one in root.record.faults) if root.record else ()
    return (*((root.why,) if root.problem is not None and root.why else ()), *faults)


def _dmarc(name: NamePublished) -> Seen:
    if name.dmarc is None or name.policy is None or undecided(name.dmarc.walk):
        return Seen.UNKNOWN
    return Seen.YES if name.policy.record is not None else Seen.NO


def _records(name: NamePublished) -> int:
    queries = name.dmarc.walk.queries if name.dmarc is not None else ()
    return queries[0].records if queries else 0


def _senders(name: NamePublished, root: Surveyed | None) -> tuple[Sender, ...]:
    """Return the outside names that the record lets send, one of each organization."""
    own = organizational_domain(name.domain)
    leaves: tuple[Leaf, ...] = root.leaves if root is not None else ()
    targets = dict.fromkeys(
        leaf.target for leaf in leaves if leaf.term.name == "include" and leaf.target
    )
    by_organization: dict[str, str] = {}
    for target in targets:
        by_organization.setdefault(organizational_domain(target), target)
    return tuple(
        Sender(name=target, spf=target)
        for organization, target in by_organization.items()
        if organization != own
    )


def _selector(key: KeyRecord) -> str:
    return key.name.partition("._domainkey.")[0]


def _key(key: KeyRecord) -> Key:
    return Key(
        selector=_selector(key),
        bits=key.bits,
        key_type=key.key_type or "rsa",
        testing=key.testing,
        revoked=key.revoked,
        problem="" if key.revoked else key.problem,
    )


def _wildcard(keys: tuple[KeyRecord, ...] | None) -> Seen:
    for key in keys or ():
        if _selector(key) == _WILDCARD:
            if key.status not in _ANSWERED:
                return Seen.UNKNOWN
            return Seen.YES if key.reason is Reason.KEY_REVOKED else Seen.NO
    return Seen.UNKNOWN


def _mx_below(answer: DnsAnswer | None) -> Seen:
    if answer is None or answer.status not in _ANSWERED:
        return Seen.UNKNOWN
    return Seen.YES if answer.status is DnsStatus.OK else Seen.NO


def _null_mx_below(answer: DnsAnswer | None) -> Seen:
    seen = _mx_below(answer)
    if seen is not Seen.YES or answer is None:
        return seen
    return Seen.YES if answer.records() == ("0 .",) else Seen.NO  # RFC 7505 3


def _mx(route: RoutePlan) -> Seen:
    match route.kind:
        case RouteKind.MX | RouteKind.NULL_MX:
            return Seen.YES
        case RouteKind.IMPLICIT | RouteKind.NO_DOMAIN:
            return Seen.NO
        case _:
            return Seen.UNKNOWN


def _null_mx(route: RoutePlan) -> Seen:
    if route.kind is RouteKind.NULL_MX:
        return Seen.YES
    return Seen.UNKNOWN if _mx(route) is Seen.UNKNOWN else Seen.NO
