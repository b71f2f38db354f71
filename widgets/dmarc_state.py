"""What the DMARC view draws, of a message or of a surveyed name: both readings in their places."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mxwalk.delivery.mark import Mark
from mxwalk.delivery.status_mailauth import DKIM_MARKS, SPF_MARKS
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dmarc.model import (
    Assessment,
    Authorisation,
    Discovery,
    Method,
    PolicyFound,
    Reading,
    Record,
    ReportUri,
)
from mxwalk.mailauth.published import NamePublished, Survey


@dataclass(frozen=True, kw_only=True)
class Picture:
    """DMARC of one name; ``assessments`` are empty in a survey, ``others`` the other identifiers.

    ``results`` are those of SPF and of each signature by its number.

    ``reporters_known`` tells whether the outside addresses have been asked about.
    """

    domain: str
    discoveries: Mapping[Reading, Discovery]
    policies: Mapping[Reading, PolicyFound]
    assessments: Mapping[Reading, Assessment] = field(default_factory=dict)
    results: Mapping[tuple[Method, int], tuple[Mark, str]] = field(default_factory=dict)
    others: Sequence[tuple[str, Discovery, Discovery]] = ()
    exists: bool | None = None
    reporters: Sequence[Authorisation] = ()
    reporters_known: bool = False

    @property
    def record(self) -> Record | None:
        """The record that counts by RFC 9989, else by RFC 7489."""
        for reading in Reading:
            found = self.policies.get(reading)
            if found is not None and found.record is not None:
                return found.record
        return None

    @property
    def other_record(self) -> Record | None:
        """The record that counts by RFC 7489 where it is another one."""
        other = self.policies.get(Reading.RFC7489)
        if other is None or other.record is None or other.record is self.record:
            return None
        return other.record if self.record and other.record.name != self.record.name else None

    @property
    def differs(self) -> bool:
        """Whether the two readings come to different results, policies or organizational domains."""
        one, other = ({r: x.get(reading) for r, x in self._by()} for reading in Reading)
        return one != other

    def _by(self) -> Iterator[tuple[str, Mapping[Reading, object]]]:
        """Yield what a receiver goes by, in the words of each reading."""
        results = {one: (each.result, each.disposition) for one, each in self.assessments.items()}
        yield "result", results
        yield "policy", {one: each.asked for one, each in self.policies.items()}
        yield "organization", {one: each.organizational for one, each in self.discoveries.items()}

    @property
    def uris(self) -> tuple[ReportUri, ...]:
        """Where reports go."""
        record = self.record
        return (*record.aggregate, *record.failure) if record else ()


def of_message(case: MessageCase) -> Picture | None:
    """Return DMARC of a message; ``None`` before the discovery for its author domain."""
    if not case.assessments:
        return None
    found = case.discoveries.get(case.author_domain)
    others = [
        (name, each.walk, each.suffix)
        for name, each in case.discoveries.items()
        if name != case.author_domain
    ]
    return Picture(
        domain=case.author_domain,
        discoveries={reading: one.discovery for reading, one in case.assessments.items()},
        policies={reading: one.policy for reading, one in case.assessments.items()},
        assessments=case.assessments,
        results=dict(_results(case)),
        others=others,
        exists=found.exists if found else None,
        reporters=case.reporters,
        reporters_known="dmarc-reports" in case.steps or bool(case.reporters),
    )


def _results(case: MessageCase) -> Iterator[tuple[tuple[Method, int], tuple[Mark, str]]]:
    if case.spf_result is not None:
        yield (Method.SPF, 0), (SPF_MARKS[case.spf_result], case.spf_result.value)
    for one in case.verdicts:
        yield (Method.DKIM, one.signature.number), (DKIM_MARKS[one.result], one.result.value)


def of_name(name: NamePublished, survey: Survey) -> Picture | None:
    """Return DMARC of a surveyed name; ``None`` before its discovery."""
    if name.dmarc is None or name.policy is None or name.policy_7489 is None:
        return None
    return Picture(
        domain=name.domain,
        discoveries={reading: name.dmarc.discovery(reading) for reading in Reading},
        policies={Reading.RFC9989: name.policy, Reading.RFC7489: name.policy_7489},
        exists=name.dmarc.exists,
        reporters=survey.reporters,
        reporters_known=survey.reporters_step is not None,
    )
