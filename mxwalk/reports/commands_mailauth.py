"""Public commands that show the same as a message walk or a survey, and the walk itself."""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.mailauth import MessageInput
from mxwalk.findings.commands import dig, opendkim_testkey, spfquery, verify_message
from mxwalk.language import say
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.published import NamePublished, Survey

_SIGNATURES_SHOWN = 10
_KEYS_SHOWN = 20


def walk_words(delivery: Delivery) -> list[str]:
    """Return the words that walk the same again; in the lab the scenario's name says it all."""
    header = delivery.trace.header
    given = header.message
    if header.scenario:
        words = ["mxwalk", "check", "--lab", header.scenario]
        return words if given is None else [*words, "--sender", header.options.sender]
    if given is not None:
        return [
            "mxwalk",
            "message",
            f"./{given.file_name}"
            if given.file_name.startswith("-")
            else given.file_name or "FILE.eml",
            "--receiver",
            header.options.sender,
            *_envelope(given),
        ]
    return ["mxwalk", "domain", delivery.domain, *_survey(delivery)]


def _envelope(given: MessageInput) -> Iterator[str]:
    for option, value in (
        ("--ip", given.client_ip),
        ("--helo", given.helo),
        ("--mail-from", given.mail_from),
        ("--receiver-name", given.receiver),
    ):
        if value:
            yield from (option, value)


def _survey(delivery: Delivery) -> Iterator[str]:
    asked = delivery.trace.header.survey
    if asked is None:
        return
    for selector in asked.selectors:
        yield from ("--selector", selector)
    for name in asked.subdomains:
        yield from ("--subdomain", name)
    if asked.probe:
        yield "--probe"
    if not asked.sends:
        yield "--sends-nothing"


def mailauth_commands(delivery: Delivery, server: str) -> Iterator[tuple[str, str]]:
    """Yield what each command shows, and the command."""
    if delivery.message is not None:
        yield from _message(delivery.message, server)
    if delivery.survey is not None:
        yield from _published(delivery.survey, server)


def _message(case: MessageCase, server: str) -> Iterator[tuple[str, str]]:
    for check in case.spf.values():
        evaluation = check.evaluation
        yield (
            say("the SPF record of {domain}", domain=evaluation.domain),
            dig(evaluation.domain, "TXT", server),
        )
        query = spfquery(evaluation.client_ip, evaluation.sender, evaluation.helo)
        yield say("SPF of {domain} as another reads it", domain=evaluation.domain), query
    for one in case.signatures[:_SIGNATURES_SHOWN]:
        if one.domain and one.selector:
            yield (
                say("the key of signature {number}", number=one.number),
                dig(one.key_name, "TXT", server),
            )
            test = opendkim_testkey(one.domain, one.selector)
            yield say("the key of signature {number} as OpenDKIM reads it", number=one.number), test
    if case.signatures and case.given.whole and case.given.file_name:
        yield say("the signatures as dkimpy verifies them"), verify_message(case.given.file_name)
    for domain, found in case.discoveries.items():
        for asked in found.walk.queries[:1]:
            yield (
                say("the DMARC record of {domain}", domain=domain),
                dig(asked.qname, "TXT", server),
            )
    for reporter in case.reporters:
        if reporter.needed and reporter.name:
            yield (
                say("the consent of {host}", host=reporter.uri.host),
                dig(reporter.name, "TXT", server),
            )


def _published(survey: Survey, server: str) -> Iterator[tuple[str, str]]:
    for name in (survey.main, *survey.subdomains):
        yield from _name(name, server)
    for key in (survey.keys or ())[:_KEYS_SHOWN]:
        if key.tags is not None:
            yield say("the key at {key}", key=key.name), dig(key.name, "TXT", server)
    for reporter in survey.reporters:
        if reporter.needed and reporter.name:
            yield (
                say("the consent of {host}", host=reporter.uri.host),
                dig(reporter.name, "TXT", server),
            )


def _name(name: NamePublished, server: str) -> Iterator[tuple[str, str]]:
    if name.spf is not None:
        yield say("the SPF record of {domain}", domain=name.domain), dig(name.domain, "TXT", server)
    if name.dmarc is not None:
        yield (
            say("the DMARC record of {domain}", domain=name.domain),
            dig(f"_dmarc.{name.domain}", "TXT", server),
        )
