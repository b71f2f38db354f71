"""Bounds of message walks and domain surveys in a trace from somewhere else."""

from collections.abc import Iterator

import msgspec

from mxwalk.evidence.mailauth import (
    ArcChecked,
    Concluded,
    DkimChecked,
    DkimKeysLookedUp,
    DmarcDiscovered,
    MessageInput,
    MessageRead,
    ReportersChecked,
    SpfChecked,
    SpfRecordLookedUp,
    SurveyInput,
)
from mxwalk.evidence.step import Evidence, StepKind
from mxwalk.evidence.target import TargetKind
from mxwalk.evidence.trace import Header
from mxwalk.language import say
from mxwalk.limits import (
    MAILAUTH_ANSWERS,
    MAILBOX_BYTES,
    MESSAGE_BYTES,
    MESSAGE_SIGNATURES,
    NAME_BYTES,
    SPF_ARGUMENT_CHARS,
    SURVEY_SELECTORS,
    SURVEY_SUBDOMAINS,
)
from mxwalk.names import is_address

EVIDENCE_OF_MAILAUTH: dict[StepKind, type[msgspec.Struct]] = {
    StepKind.MESSAGE: MessageRead,
    StepKind.SPF_MAILFROM: SpfChecked,
    StepKind.SPF_HELO: SpfChecked,
    StepKind.DKIM: DkimChecked,
    StepKind.ARC: ArcChecked,
    StepKind.SPF_RECORD: SpfRecordLookedUp,
    StepKind.DKIM_KEYS: DkimKeysLookedUp,
    StepKind.DMARC: DmarcDiscovered,
    StepKind.REPORTERS: ReportersChecked,
    StepKind.ALIGNMENT: Concluded,
    StepKind.DISPOSITION: Concluded,
    StepKind.RESULT_HEADERS: Concluded,
    StepKind.ROLL_OUT: Concluded,
}


def input_faults(header: Header) -> Iterator[str]:
    """Yield what is wrong with the input of a message walk or a survey."""
    message, survey = header.message, header.survey
    if message is not None and survey is not None:
        yield say("a message and a survey - at `$`")
    if (message is not None) != (header.target.kind is TargetKind.MESSAGE):
        yield say("the kind of the target and its input do not agree - at `$.target.kind`")
    if message is not None:
        yield from _message(message)
    if survey is not None:
        if header.target.kind is not TargetKind.DOMAIN:
            yield say("a survey is of a domain - at `$.target.kind`")
        yield from _survey(survey)


def _message(message: MessageInput) -> Iterator[str]:
    if message.client_ip and not is_address(message.client_ip):
        yield say("not an IP address - at `$.message.client_ip`")
    for name, size, limit in (
        ("raw", len(message.raw), MESSAGE_BYTES),
        ("helo", len(message.helo.encode()), NAME_BYTES),
        ("mail_from", len(message.mail_from.encode()), MAILBOX_BYTES + 2),
        ("receiver", len(message.receiver.encode()), NAME_BYTES),
    ):
        if size > limit:
            yield say("longer than {limit} octets - at `$.message.{name}`", limit=limit, name=name)


def _survey(survey: SurveyInput) -> Iterator[str]:
    for name, values, limit in (
        ("selectors", survey.selectors, SURVEY_SELECTORS),
        ("subdomains", survey.subdomains, SURVEY_SUBDOMAINS),
    ):
        if len(values) > limit:
            yield say(
                "{number} entries where at most {limit} are kept - at `$.survey.{name}`",
                number=len(values),
                limit=limit,
                name=name,
            )
        if any(len(value.encode()) > NAME_BYTES for value in values):
            yield say(
                "a name longer than {limit} octets - at `$.survey.{name}`",
                limit=NAME_BYTES,
                name=name,
            )


def mailauth_faults(evidence: Evidence) -> Iterator[str]:
    """Yield what is wrong with the evidence of one step."""
    match evidence:
        case SpfChecked():
            if evidence.client_ip and not is_address(evidence.client_ip):
                yield say("not an IP address - at `$.evidence.client_ip`")
            for name in ("domain", "sender", "helo"):
                if len(getattr(evidence, name)) > SPF_ARGUMENT_CHARS:
                    yield say(
                        "longer than {limit} characters - at `$.evidence.{name}`",
                        limit=SPF_ARGUMENT_CHARS,
                        name=name,
                    )
            yield from _answers(len(evidence.answers))
        case DkimChecked():
            if not 1 <= evidence.number <= MESSAGE_SIGNATURES:
                yield say("no number of a signature - at `$.evidence.number`")
        case ArcChecked() | DmarcDiscovered() | ReportersChecked():
            yield from _answers(len(evidence.answers))
        case SpfRecordLookedUp() | DkimKeysLookedUp():
            yield from _answers(len(evidence.answers))
        case _:
            pass


def _answers(number: int) -> Iterator[str]:
    if number > MAILAUTH_ANSWERS:
        yield say(
            "{number} entries where at most {limit} are kept - at `$.evidence.answers`",
            number=number,
            limit=MAILAUTH_ANSWERS,
        )
