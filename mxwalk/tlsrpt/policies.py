"""The policies of a report with their rows of failures (RFC 8460 4.4), each read on its own.

Rows beyond the limit are added up by result type, so that totals stay right.
"""

from dataclasses import dataclass
from typing import cast

import msgspec

from mxwalk.limits import TLSRPT_POLICIES, TLSRPT_POLICY_BYTES, TLSRPT_ROW_BYTES, TLSRPT_ROWS
from mxwalk.tlsrpt.collecting import Deviations
from mxwalk.tlsrpt.members import Members
from mxwalk.tlsrpt.model import POLICY_TYPES, Failure, Kind, Policy
from mxwalk.tlsrpt.result_types import RESULT_TYPES

UNREADABLE = (msgspec.MsgspecError, RecursionError, ValueError)
_NOTHING = msgspec.Raw(b"")
_OBJECT, _LIST, _NULL = b"{", b"[", b"n"


class _Entry(msgspec.Struct):
    """One element of ``policies``, its members still JSON."""

    policy: msgspec.Raw = _NOTHING
    summary: msgspec.Raw = _NOTHING
    details: msgspec.Raw = msgspec.field(name="failure-details", default=_NOTHING)


_ENTRY = msgspec.json.Decoder(_Entry)
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])


@dataclass(slots=True)
class RowBudget:
    """How many rows of failures may still be kept, over all reports that are opened together."""

    left: int = TLSRPT_ROWS


class PolicyReader:
    """Reads the policies of one report; equal texts are kept once."""

    def __init__(self, deviations: Deviations, budget: RowBudget) -> None:
        self._deviations = deviations
        self._budget = budget
        self._texts: dict[str, str] = {}

    def read(self, raw: msgspec.Raw) -> tuple[Policy, ...]:
        """Return the policies; total."""
        policies = []
        for number, entry in enumerate(self._elements(raw, "policies", required=True)):
            if number >= TLSRPT_POLICIES:
                words = f"has more than {TLSRPT_POLICIES:,} elements; the rest is left out"
                self._deviations.add(Kind.LIMIT, "policies", words)
                break
            policies.append(self._policy(entry, f"policies[{number}]"))
        return tuple(policies)

    def _elements(self, raw: msgspec.Raw, place: str, *, required: bool) -> list[msgspec.Raw]:
        """Return the elements of an array; a single object will do (RFC 8460 4.4: always an array)."""
        first = _first(raw)
        if first == _LIST:
            try:
                return _ARRAY.decode(raw)
            except UNREADABLE:
                self._deviations.add(Kind.UNREADABLE, place, "cannot be read")
                return []
        if first == _OBJECT:
            self._deviations.add(Kind.ARRAY, place, "is an object where an array belongs")
            return [raw]
        if first == _NULL:
            self._deviations.add(Kind.NULL, place, "is null")
        elif first:
            self._deviations.add(Kind.TYPE, place, "is no array")
        elif required:
            self._deviations.add(Kind.MISSING, place, "is missing")
        return []

    def _policy(self, raw: msgspec.Raw, place: str) -> Policy:
        try:
            entry = _ENTRY.decode(raw)
        except UNREADABLE:
            self._deviations.add(Kind.UNREADABLE, place, "is no policy with its failures")
            return Policy(type="", domain="")
        policy = self._members(entry.policy, f"{place}.policy", TLSRPT_POLICY_BYTES)
        summary = self._members(entry.summary, f"{place}.summary", TLSRPT_POLICY_BYTES)
        kind = self._closed(policy, "policy-type", POLICY_TYPES)
        domain = policy.text("policy-domain", required=True)
        if not domain.isascii():  # RFC 8460 4.4
            words = "is not written in A-labels"
            self._deviations.add(Kind.VALUE, policy.at("policy-domain"), words, domain)
        successes = summary.count("total-successful-session-count")
        failures = summary.count("total-failure-session-count")
        details = self._details(entry.details, f"{place}.failure-details")
        counted = sum(row.sessions for row in details)
        if details and counted < failures:
            words = "add up to less than total-failure-session-count"
            where = f"{place}.failure-details"
            self._deviations.add(Kind.SUM, where, words, f"{counted} of {failures}")
        elif failures and not details:
            words = "says nothing, though sessions failed"
            self._deviations.add(Kind.MISSING, f"{place}.failure-details", words)
        return Policy(
            type=kind,
            domain=self._once(domain),
            lines=policy.texts("policy-string"),
            mx_hosts=policy.texts("mx-host"),
            successes=successes,
            failures=failures,
            details=details,
        )

    def _members(self, raw: msgspec.Raw, place: str, most: int) -> Members:
        """Return the members of a small object; without any where it is none."""
        value: object = None
        if memoryview(raw).nbytes > most:
            self._deviations.add(Kind.LIMIT, place, f"is longer than {most:,} octets")
        elif not raw:
            self._deviations.add(Kind.MISSING, place, "is missing")
        else:
            try:
                value = cast("object", msgspec.json.decode(raw))
            except UNREADABLE:
                self._deviations.add(Kind.UNREADABLE, place, "cannot be read")
            else:
                if not isinstance(value, dict):
                    self._deviations.add(Kind.TYPE, place, "is no object")
        if isinstance(value, dict):
            return Members(value, place, self._deviations)
        return Members({}, place, Deviations())  # what is in nothing is not missing once more

    def _closed(self, members: Members, name: str, known: object) -> str:
        """Return a value of a closed set, in lower case; an unknown one is kept."""
        text = members.text(name, required=True)
        plain = text.strip().lower()
        if plain in known:  # type: ignore[operator]
            if plain != text:
                words = "is not written in lower case"
                self._deviations.add(Kind.VALUE, members.at(name), words, text)
            return self._once(plain)
        if text:
            words = f"is none of RFC 8460's {name}s"
            self._deviations.add(Kind.UNKNOWN, members.at(name), words, text)
        return self._once(text)

    def _details(self, raw: msgspec.Raw, place: str) -> tuple[Failure, ...]:
        rows: list[Failure] = []
        beyond: dict[str, tuple[int, int]] = {}
        for number, row in enumerate(self._elements(raw, place, required=False)):
            failure = self._failure(row, f"{place}[{number}]")
            if failure is None:
                continue
            if self._budget.left > 0:
                self._budget.left -= 1
                rows.append(failure)
                continue
            sessions, times = beyond.get(failure.result_type, (0, 0))
            beyond[failure.result_type] = (sessions + failure.sessions, times + 1)
        if beyond:
            words = f"beyond {TLSRPT_ROWS:,} rows is added up by result type"
            self._deviations.add(Kind.LIMIT, place, words)
        rows += [
            Failure(result_type=name, sessions=sessions, rows=times)
            for name, (sessions, times) in beyond.items()
        ]
        return tuple(rows)

    def _failure(self, raw: msgspec.Raw, place: str) -> Failure | None:
        row = self._members(raw, place, TLSRPT_ROW_BYTES)
        if not row.values:
            return None
        return Failure(
            result_type=self._closed(row, "result-type", RESULT_TYPES),
            sessions=row.count("failed-session-count"),
            sending_ip=self._once(row.address("sending-mta-ip", required=True)),
            receiving_mx=self._once(row.text("receiving-mx-hostname", required=True)),
            receiving_helo=self._once(row.text("receiving-mx-helo")),
            receiving_ip=self._once(row.address("receiving-ip")),
            information=self._once(row.text("additional-information")),
            reason=self._once(row.text("failure-reason-code")),
        )

    def _once(self, text: str) -> str:
        return self._texts.setdefault(text, text)


def _first(raw: msgspec.Raw) -> bytes:
    """Return the first octet of a value, which says what it is; empty without a value."""
    return bytes(memoryview(raw)[:1])
