"""A ``record`` element: one row, or more where a reporter put several into one."""

from collections.abc import Iterator

from mxwalk.dmarcrpt.elements import Element
from mxwalk.dmarcrpt.fields import Fields, Values
from mxwalk.dmarcrpt.model import FAIL, PASS, Reason, Row, Schema, Signature, SpfCheck
from mxwalk.dmarcrpt.shapes import SHAPES
from mxwalk.language import say
from mxwalk.limits import DMARC_REASONS, DMARC_SIGNATURES
from mxwalk.names import is_address
from mxwalk.reportfiles.collecting import Deviations
from mxwalk.reportfiles.model import Kind

# RFC 9990 has "pass" besides the three of RFC 7489.
_DISPOSITIONS = {
    Schema.RFC7489: frozenset(("none", "quarantine", "reject")),
    Schema.RFC9990: frozenset(("none", "pass", "quarantine", "reject")),
}
_ALIGNED = frozenset((PASS, FAIL))
_OVERRIDES = {
    Schema.RFC7489: frozenset(
        ("forwarded", "sampled_out", "trusted_forwarder", "mailing_list", "local_policy", "other")
    ),
    Schema.RFC9990: frozenset(
        ("local_policy", "mailing_list", "other", "policy_test_mode", "trusted_forwarder")
    ),
}
_RESULTS = frozenset(("none", "neutral", "pass", "fail", "temperror", "permerror"))
_DKIM = _RESULTS | {"policy"}  # RFC 8601 2.7.1
_SPF = _RESULTS | {"softfail", "policy"}  # RFC 8601 2.7.2
# Words of before RFC 7208; the schema of RFC 7489 itself mentions two of them.
_OLD_WORDS = {"hardfail": "fail", "unknown": "temperror", "error": "permerror"}
_SCOPES = {
    Schema.RFC7489: frozenset(("helo", "mfrom")),
    Schema.RFC9990: frozenset(("mfrom",)),
}
_NO_RECORD = Element("")


def _unreadable(address: str, number: int | None) -> str:
    """Say what of a row cannot be read."""
    missing = [] if is_address(address) else [say("address")]
    if number is None:
        missing.append(say("number of messages"))
    return say(" and ").join(missing)


class RecordReader:
    """Reads the records of one report."""

    def __init__(self, schema: Schema, deviations: Deviations) -> None:
        self._schema = schema
        self._shapes = SHAPES[schema]
        self._deviations = deviations
        self._values = Values(deviations)
        self._once = self._values.once

    def read(self, record: Element, number: int) -> Iterator[Row]:
        """Yield the rows of a record; total."""
        place = f"record[{number}]"
        fields = self._fields(record, place)
        identifiers = self._fields(fields.one("identifiers"), f"{place}.identifiers")
        results = fields.one("auth_results")
        if results is not None:
            self._fields(results, f"{place}.auth_results")
        signatures, checks = self._results(results, f"{place}.auth_results")
        header_from = self._once(identifiers.text("header_from").lower())
        envelope_from = self._once(identifiers.text("envelope_from").lower())
        envelope_to = self._once(identifiers.text("envelope_to").lower())
        for row in record.children:
            if row.name != "row" or row.foreign:
                continue
            source = self._fields(row, f"{place}.row")
            judged = source.one("policy_evaluated")
            evaluated = self._fields(judged, f"{place}.row.policy_evaluated")
            address = self._values.address(source.text("source_ip"), source.at("source_ip"))
            count = source.number("count")
            yield Row(
                source_ip=address,
                messages=count or 0,
                disposition=self._once(
                    evaluated.closed("disposition", _DISPOSITIONS[self._schema])
                ),
                dkim=self._once(evaluated.closed("dkim", _ALIGNED)),
                spf=self._once(evaluated.closed("spf", _ALIGNED)),
                reasons=self._reasons(judged, evaluated.place),
                header_from=header_from,
                envelope_from=envelope_from,
                envelope_to=envelope_to,
                signatures=signatures,
                checks=checks,
                unreadable=_unreadable(address, count),
            )

    def _fields(self, element: Element | None, place: str) -> Fields:
        if element is None:  # it was noted as missing where it belongs
            return Fields(_NO_RECORD, place, self._shapes["dkim"], Deviations())
        return Fields(element, place, self._shapes[element.name], self._deviations)

    def _reasons(self, judged: Element | None, place: str) -> tuple[Reason, ...]:
        reasons: list[Reason] = []
        for child in judged.children if judged is not None else ():
            if child.name != "reason" or child.foreign:
                continue
            if len(reasons) >= DMARC_REASONS:
                words = say(
                    "stands there more than {dmarc_reasons} times; the rest is left out",
                    dmarc_reasons=DMARC_REASONS,
                )
                self._deviations.add(Kind.LIMIT, f"{place}.reason", words)
                break
            fields = self._fields(child, f"{place}.reason")
            kind = fields.closed("type", _OVERRIDES[self._schema])
            reasons.append(
                Reason(type=self._once(kind), comment=self._once(fields.text("comment")))
            )
        return self._once(tuple(reasons))

    def _results(
        self, results: Element | None, place: str
    ) -> tuple[tuple[Signature, ...], tuple[SpfCheck, ...]]:
        signatures: list[Signature] = []
        checks: list[SpfCheck] = []
        for child in results.children if results is not None else ():
            if child.foreign or child.name not in ("dkim", "spf"):
                continue
            if len(signatures) + len(checks) >= DMARC_SIGNATURES:
                words = say(
                    "has more than {dmarc_signatures} elements; the rest is left out",
                    dmarc_signatures=DMARC_SIGNATURES,
                )
                self._deviations.add(Kind.LIMIT, place, words)
                break
            fields = self._fields(child, f"{place}.{child.name}")
            if child.name == "dkim":
                signatures.append(self._signature(fields))
            else:
                checks.append(self._check(fields))
        return self._once(tuple(signatures)), self._once(tuple(checks))

    def _signature(self, fields: Fields) -> Signature:
        return self._once(
            Signature(
                domain=self._once(fields.text("domain").lower()),
                selector=self._once(fields.text("selector")),
                result=self._once(fields.closed("result", _DKIM, _OLD_WORDS)),
                explanation=self._once(fields.text("human_result")),
            )
        )

    def _check(self, fields: Fields) -> SpfCheck:
        return self._once(
            SpfCheck(
                domain=self._once(fields.text("domain").lower()),
                scope=self._once(fields.closed("scope", _SCOPES[self._schema])),
                result=self._once(fields.closed("result", _SPF, _OLD_WORDS)),
                explanation=self._once(fields.text("human_result")),
            )
        )
