"""What to publish: policy file and record for the MX hosts seen, testing first, then enforce.

The id tells senders whether to fetch again, so it changes whenever the file does and only then
(RFC 8461 3.1); the file is changed before the record (RFC 8461 8.1).  What is published and valid
stays as it is but for the mx lines that lack; what stands behind a redirect was not seen, so that no
other file is proposed in its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from mxwalk.dns.txt import txt_line
from mxwalk.language import noted, say, say_many
from mxwalk.mtasts.fetch import FetchFault
from mxwalk.mtasts.model import POLICY_PATH, Mode, Policy
from mxwalk.mtasts.patterns import coverage
from mxwalk.mtasts.policy_values import WEEK_S
from mxwalk.mtasts.record import record_name
from mxwalk.mtasts.state import StsState
from mxwalk.text import visible

TESTING_AGE_S = 86_400  # short while it may have to be taken back
ENFORCE_AGE_S = 2 * WEEK_S
REPORT_STEP = noted("publish the TLS-RPT record, so that senders tell you what would fail")
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

    ``new_id`` tells whether the file now published differs from ``first``, which else is that very
    file with the record's own id; ``why`` says it in a sentence.  With ``redirected``, ``first`` is
    only what would fit: the file behind the redirect was not seen and is not to be replaced.
    """

    first: Publication
    then: Publication
    report: str
    steps: tuple[str, ...]
    new_id: bool
    why: str
    redirected: bool = False

    @property
    def publications(self) -> tuple[Publication, ...]:
        """What is to be shown: one stage or two, none where the file was not seen."""
        if self.redirected:
            return ()
        same = self.first.mode is self.then.mode
        return (self.first,) if same else (self.first, self.then)


def policy_url(domain: str) -> str:
    """Return where the policy is served (RFC 8461 3.3)."""
    return f"https://mta-sts.{domain}{POLICY_PATH}"


def policy_text(hosts: Sequence[str], mode: Mode, max_age_s: int) -> str:
    """Return the policy file for these MX hosts, with CRLF."""
    return _file(patterns_for(hosts), mode, max_age_s)


def _file(patterns: Sequence[str], mode: Mode, max_age_s: int, more: Sequence[str] = ()) -> str:
    lines = ["version: STSv1", f"mode: {mode.value}"]
    lines += [f"mx: {pattern}" for pattern in patterns]
    lines += [f"max_age: {max_age_s}", *more]
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


def advise_on(state: StsState, hosts: Sequence[str], now: datetime) -> Advice:
    """Return what to publish for a domain that stands like this, with these MX hosts."""
    if state.fault is FetchFault.REDIRECT:
        return _redirected(advise(state.domain, hosts, now), state.id)
    published = state.policy if state.policy and state.policy.lines else None
    return advise(state.domain, hosts, now, published, state.id)


def advise(
    domain: str,
    hosts: Sequence[str],
    now: datetime,
    published: Policy | None = None,
    present_id: str = "",
) -> Advice:
    """Return what to publish for ``domain`` with these MX hosts, given what is published now."""
    kept = published if published is not None and published.valid else None
    enforcing = kept is not None and kept.mode is Mode.ENFORCE
    new_id, why = _change(hosts, published)
    mode = Mode.ENFORCE if enforcing else Mode.TESTING
    stamp = policy_id(now)
    if kept is not None and not new_id:
        present = "".join(f"{visible(line.raw)}\r\n" for line in kept.lines)
        first = _publication(domain, mode, present, present_id or stamp)
    else:
        first = _publication(domain, mode, _text(hosts, mode, kept), stamp)
    then = first
    if not enforcing:
        later = policy_id(now + _TRIAL)
        then = _publication(domain, Mode.ENFORCE, _text(hosts, Mode.ENFORCE, kept), later)
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


def _redirected(advice: Advice, present_id: str) -> Advice:
    url = advice.first.url
    file = say(
        "serve the file that now stands behind the redirect at {url} itself, and no other file",
        url=url,
    )
    record = say(
        "leave the record as it is (id {present_id}) if the file stays the same to the octet",
        present_id=present_id,
    )
    return replace(
        advice,
        steps=(file, record if present_id else say("then publish the record")),
        new_id=False,
        why=say("the file behind the redirect was not seen: nothing else is proposed in its place"),
        redirected=True,
    )


def _publication(domain: str, mode: Mode, text: str, stamp: str) -> Publication:
    return Publication(
        mode=mode,
        text=text,
        url=policy_url(domain),
        id=stamp,
        record=record_line(domain, stamp),
    )


def _text(hosts: Sequence[str], mode: Mode, kept: Policy | None) -> str:
    """Return a file for the hosts that changes no more of the published one than it must."""
    if kept is None:
        age_s = ENFORCE_AGE_S if mode is Mode.ENFORCE else TESTING_AGE_S
        return policy_text(hosts, mode, age_s)
    missing = [one.host for one in coverage(kept.patterns, hosts).missing]
    patterns = dict.fromkeys([*map(str, kept.patterns), *patterns_for(missing)])
    more = [visible(line.raw) for line in kept.extensions]
    return _file(tuple(patterns), mode, _age(mode, kept), more)


def _age(mode: Mode, kept: Policy) -> int:
    """Return the published max_age, a longer one where enforce begins and it is below a week."""
    age_s = kept.max_age_s or 0
    begins = mode is Mode.ENFORCE and kept.mode is not Mode.ENFORCE
    return max(age_s, ENFORCE_AGE_S) if begins and age_s < WEEK_S else age_s


def _change(hosts: Sequence[str], published: Policy | None) -> tuple[bool, str]:
    if published is None:
        return True, say("no policy is published yet: any id will do, a time is easy to keep apart")
    if not published.valid:
        return True, say("the file that is published is no valid policy: a new file needs a new id")
    if published.mode is Mode.NONE:
        return True, say("the mode changes from none to testing: a new id")
    found = coverage(published.patterns, hosts)
    number = len(found.unused)
    spare = (
        say_many(
            "; {n} that matches no MX host may go", "; {n} that match no MX host may go", number
        )
        if number
        else ""
    )
    if found.missing:
        return True, say_many(
            "the mx lines change ({n} MX host is added{spare}), mode and max_age stay: a new id,"
            " or senders keep the old file",
            "the mx lines change ({n} MX hosts are added{spare}), mode and max_age stay: a new id,"
            " or senders keep the old file",
            len(found.missing),
            spare=spare,
        )
    return False, say(
        "the published file says the same: file and id stay as they are{spare}", spare=spare
    )


def _steps(first: Publication, then: Publication, *, new_id: bool) -> tuple[str, ...]:
    file = say(
        "serve the file as text/plain at {url}, with a certificate for that very host",
        url=first.url,
    )
    if first.mode is Mode.ENFORCE:
        if not new_id:
            return (say("nothing to do: file and record fit the MX hosts"),)
        return (file, say("then publish the record with the new id (RFC 8461 8.1: file first)"))
    return (
        say(REPORT_STEP),
        *((file, say("publish the record")) if new_id else ()),
        say("read the reports for some weeks, until none names a failure"),
        (
            say(
                'then change "mode: {mode}" to "mode: {mode_2}", with a max_age of weeks, and'
                " after that the id in the record: it must change when the file does; here it"
                " is a time four weeks ahead, take that of the day you switch",
                mode=first.mode.value,
                mode_2=then.mode.value,
            )
        ),
        say(
            "to take it back later, publish mode none with a new id and keep the file for the"
            " old max_age"
        ),
    )
