"""The policies of a report with their rows of failures (RFC 8460 4.4), each read on its own.

Rows beyond the limit are added up by result type, so that totals stay right.
"""

import msgspec

from mxwalk.language import say
from mxwalk.limits import TLSRPT_POLICIES, TLSRPT_POLICY_BYTES, TLSRPT_ROWS
from mxwalk.reportfiles.collecting import Deviations
from mxwalk.reportfiles.model import Kind
from mxwalk.tlsrpt.model import POLICY_TYPES, Failure, Policy
from mxwalk.tlsrpt.objects import NOTHING, UNREADABLE, closed, members_of
from mxwalk.tlsrpt.rows import RowBudget, RowReader

_OBJECT, _LIST, _NULL = b"{", b"[", b"n"


class _Entry(msgspec.Struct):
    """One element of ``policies``, its members still JSON."""

    policy: msgspec.Raw = NOTHING
    summary: msgspec.Raw = NOTHING
    details: msgspec.Raw = msgspec.field(name="failure-details", default=NOTHING)


_ENTRY = msgspec.json.Decoder(_Entry)
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])


class PolicyReader:
    """Reads the policies of one report."""

    def __init__(self, deviations: Deviations, budget: RowBudget) -> None:
        self._deviations = deviations
        self._budget = budget
        self._rows = RowReader(deviations)

    def read(self, raw: msgspec.Raw) -> tuple[Policy, ...]:
        """Return the policies; total."""
        policies = []
        for number, entry in enumerate(self._elements(raw, "policies", required=True)):
            if number >= TLSRPT_POLICIES:
                words = say(
                    "has more than {tlsrpt_policies:,} elements; the rest is left out",
                    tlsrpt_policies=TLSRPT_POLICIES,
                )
                self._deviations.add(Kind.LIMIT, "policies", words)
                break
            policies.append(self._policy(entry, f"policies[{number}]"))
        return tuple(policies)

    def _elements(self, raw: msgspec.Raw, place: str, *, required: bool) -> list[msgspec.Raw]:
        """Return the elements of an array; a single object will do (RFC 8460 4.4: always an array)."""
        first = bytes(memoryview(raw)[:1])  # it says what kind of value follows
        if first == _LIST:
            try:
                return _ARRAY.decode(raw)
            except UNREADABLE:
                self._deviations.add(Kind.UNREADABLE, place, say("cannot be read"))
                return []
        if first == _OBJECT:
            self._deviations.add(Kind.ARRAY, place, say("is an object where an array belongs"))
            return [raw]
        if first == _NULL:
            self._deviations.add(Kind.NULL, place, say("is null"))
        elif first:
            self._deviations.add(Kind.TYPE, place, say("is no array"))
        elif required:
            self._deviations.add(Kind.MISSING, place, say("is missing"))
        return []

    def _policy(self, raw: msgspec.Raw, place: str) -> Policy:
        try:
            entry = _ENTRY.decode(raw)
        except UNREADABLE:
            self._deviations.add(Kind.UNREADABLE, place, say("is no policy with its failures"))
            return Policy(type="", domain="")
        noted = self._deviations
        policy = members_of(entry.policy, f"{place}.policy", TLSRPT_POLICY_BYTES, noted)
        summary = members_of(entry.summary, f"{place}.summary", TLSRPT_POLICY_BYTES, noted)
        kind = closed(policy, "policy-type", POLICY_TYPES)
        domain = policy.text("policy-domain", required=True)
        if not domain.isascii():  # RFC 8460 4.4
            noted.add(
                Kind.VALUE, policy.at("policy-domain"), say("is not written in A-labels"), domain
            )
        successes = summary.count("total-successful-session-count")
        failures = summary.count("total-failure-session-count")
        where = f"{place}.failure-details"
        details = self._details(entry.details, where)
        counted = sum(row.sessions for row in details)
        if details and counted < failures:
            words = say("add up to less than total-failure-session-count")
            noted.add(
                Kind.SUM,
                where,
                words,
                say("{counted} of {failures}", counted=counted, failures=failures),
            )
        elif failures and not details:
            noted.add(Kind.MISSING, where, say("says nothing, though sessions failed"))
        return Policy(
            type=self._rows.once(kind),
            domain=self._rows.once(domain),
            lines=policy.texts("policy-string"),
            mx_hosts=policy.texts("mx-host"),
            successes=successes,
            failures=failures,
            details=details,
        )

    def _details(self, raw: msgspec.Raw, place: str) -> tuple[Failure, ...]:
        rows: list[Failure] = []
        beyond: dict[str, tuple[int, int]] = {}
        for number, row in enumerate(self._elements(raw, place, required=False)):
            failure = self._rows.read(row, place, number)
            if failure is None:
                continue
            if self._budget.left > 0:
                self._budget.left -= 1
                rows.append(failure)
                continue
            sessions, times = beyond.get(failure.result_type, (0, 0))
            beyond[failure.result_type] = (sessions + failure.sessions, times + 1)
        if beyond:
            words = say(
                "beyond {tlsrpt_rows:,} rows is added up by result type", tlsrpt_rows=TLSRPT_ROWS
            )
            self._deviations.add(Kind.LIMIT, place, words)
        rows += [
            Failure(result_type=name, sessions=sessions, rows=times)
            for name, (sessions, times) in beyond.items()
        ]
        return tuple(rows)
