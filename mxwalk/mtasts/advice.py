"""What to publish: policy file and record for the MX hosts seen, testing first, then enforce.

The id tells senders whether to fetch again, so it changes whenever the file does and only then
(RFC 8461 3.1); the file is changed before the record (RFC 8461 8.1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mxwalk.dns.txt import txt_line
from mxwalk.mtasts.model import POLICY_PATH, Mode, Policy
from mxwalk.mtasts.patterns import matches
from mxwalk.mtasts.policy_values import WEEK_S
from mxwalk.mtasts.record import record_name

TESTING_AGE_S = 86_400  # short while it may have to be taken back
ENFORCE_AGE_S = 4 * WEEK_S
_MANY_HOSTS = 10
_TRIAL = timedelta(weeks=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One state to publish: the file (CRLF), where it is served, and the record's zone line."""

    mode: Mode
    text: str
    url: str
    id: str
    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to publish first and later, the TLS-RPT record that makes testing worth it, and how.

    ``new_id`` tells whether the file now published differs from ``first``; ``why`` says it in a
    sentence.
    """

    first: Publication
    then: Publication
    report: str
    steps: tuple[str, ...]
    new_id: bool
    why: str


def policy_url(domain: str) -> str:
    """Return where the policy is served (RFC 8461 3.3)."""
    return f"https://mta-sts.{domain}{POLICY_PATH}"


def policy_text(hosts: Sequence[str], mode: Mode, max_age_s: int) -> str:
    """Return the policy file for these MX hosts, with CRLF."""
    lines = ["version: STSv1", f"mode: {mode.value}"]
    lines += [f"mx: {pattern}" for pattern in patterns_for(hosts)]
    lines.append(f"max_age: {max_age_s}")
    return "".join(f"{line}\r\n" for line in lines)


def patterns_for(hosts: Sequence[str]) -> tuple[str, ...]:
    """Return the patterns for these hosts: their names, wildcards where very many share a parent."""
    plain = list(dict.fromkeys(host.rstrip(".").lower() for host in hosts))
    by_parent: dict[str, list[str]] = {}
    for host in plain:
        by_parent.setdefault(host.partition(".")[2], []).append(host)
    found: dict[str, None] = {}
    for host in plain:
        parent = host.partition(".")[2]
        many = "." in parent and len(by_parent[parent]) > _MANY_HOSTS
        found[f"*.{parent}" if many else host] = None
    return tuple(found)


def policy_id(now: datetime) -> str:
    """Return an id that grows with time: ``20261122T083000Z`` without punctuation."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def record_line(domain: str, policy_id: str) -> str:
    """Return the zone line of the record."""
    return txt_line(record_name(domain), f"v=STSv1; id={policy_id};".encode())


def advise(
    domain: str, hosts: Sequence[str], now: datetime, published: Policy | None = None
) -> Advice:
    """Return what to publish for ``domain`` with these MX hosts, given what is published now."""
    enforcing = published is not None and published.valid and published.mode is Mode.ENFORCE
    first = _publication(domain, hosts, Mode.ENFORCE if enforcing else Mode.TESTING, now)
    then = _publication(domain, hosts, Mode.ENFORCE, now if enforcing else now + _TRIAL)
    new_id, why = _change(first, hosts, published)
    return Advice(
        first=first,
        then=then,
        report=txt_line(
            f"_smtp._tls.{domain}", f"v=TLSRPTv1; rua=mailto:tls-reports@{domain}".encode()
        ),
        steps=_steps(first, then, new_id=new_id),
        new_id=new_id,
        why=why,
    )


def _publication(domain: str, hosts: Sequence[str], mode: Mode, at: datetime) -> Publication:
    stamp = policy_id(at)
    age_s = ENFORCE_AGE_S if mode is Mode.ENFORCE else TESTING_AGE_S
    return Publication(
        mode=mode,
        text=policy_text(hosts, mode, age_s),
        url=policy_url(domain),
        id=stamp,
        record=record_line(domain, stamp),
    )


def _change(first: Publication, hosts: Sequence[str], published: Policy | None) -> tuple[bool, str]:
    if published is None:
        return True, "no policy is published yet: any id will do, a time is easy to keep apart"
    if not published.valid:
        return True, "the file that is published is no valid policy: a new file needs a new id"
    if published.mode is not first.mode:
        was = published.mode.value if published.mode else "unknown"
        return True, f"the mode changes from {was} to {first.mode.value}: a new id"
    lacking = [h for h in hosts if not any(matches(one, h) for one in published.patterns)]
    unused = [one for one in published.patterns if not any(matches(one, h) for h in hosts)]
    if lacking or unused:
        more = f"{len(lacking)} to add, {len(unused)} to remove"
        return True, f"the mx lines change ({more}): a new id, or senders keep the old file"
    return False, "the published file says the same: the id stays as it is"


def _steps(first: Publication, then: Publication, *, new_id: bool) -> tuple[str, ...]:
    file = f"serve the file as text/plain at {first.url}, with a certificate for that very host"
    if first.mode is Mode.ENFORCE:
        if not new_id:
            return ("nothing to do: file and record fit the MX hosts",)
        return (file, "then publish the record with the new id (RFC 8461 8.1: file first)")
    return (
        "publish the TLS-RPT record, so that senders tell you what would fail",
        file,
        "publish the record",
        "read the reports for some weeks, until none names a failure",
        (
            f'then change "mode: {first.mode.value}" to "mode: {then.mode.value}" with a longer'
            " max_age, and after that the id in the record"
        ),
        "to take it back later, publish mode none with a new id and keep the file for the old max_age",
    )
