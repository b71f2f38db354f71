"""The lint of what a domain publishes: every remark with its place, its reason and its fix.

The rules are RFC 7208's (the section stands at each), with two of practice: networks wider than /16
name most of a provider, and a record over 450 octets may not fit into a UDP answer (3.4).
"""

from collections.abc import Sequence

from mxwalk.language import say
from mxwalk.mailauth.spf.checking import STANDARD
from mxwalk.mailauth.spf.lint_model import Kind, Remark, Severity
from mxwalk.mailauth.spf.lint_name import lint_name
from mxwalk.mailauth.spf.lint_record import lint_record
from mxwalk.mailauth.spf.lint_tree import lint_tree
from mxwalk.mailauth.spf.model import Record
from mxwalk.mailauth.spf.repair import DENY_ALL
from mxwalk.mailauth.spf.survey_model import Survey

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTICE: 2}


def lint(
    records: Record | Sequence[Record] | None = None,
    survey: Survey | None = None,
    *,
    sends: bool = True,
) -> tuple[Remark, ...]:
    """Return every remark, the worst first.

    ``records`` are those at the name (those of the survey if not given); with ``survey`` what they
    lead to is looked at too.  ``sends`` tells whether the domain is known to send mail.
    """
    every = _records(records, survey)
    remarks: list[Remark] = []
    if survey is not None:
        remarks += lint_name(survey, sends=sends)
    if len(every) > 1:
        remarks.append(_several(every))
    for record in every:
        remarks += lint_record(record)
    if len(every) == 1 and not sends and not _denies_all(every[0]):
        remarks.append(_not_deny_all(every[0]))
    if survey is not None:
        remarks += _counts(survey)
        remarks += lint_tree(survey)
    distinct = dict.fromkeys(remarks)
    return tuple(sorted(distinct, key=lambda remark: _ORDER[remark.severity]))


def _records(records: Record | Sequence[Record] | None, survey: Survey | None) -> list[Record]:
    if isinstance(records, Record):
        return [records]
    if records is not None:
        return list(records)
    return list(survey.root.records) if survey is not None else []


def _denies_all(record: Record) -> bool:
    """Say whether nobody can pass: ``-all`` alone, or whatever another domain decides."""
    directives = [term for term in record.terms if not term.is_modifier]
    if not directives:
        return record.modifier("redirect") is not None
    return directives[0].name == "all" and directives[0].qualifier == "-"


def _not_deny_all(record: Record) -> Remark:
    return Remark(
        kind=Kind.NOT_DENY_ALL,
        severity=Severity.WARNING,
        domain=record.domain,
        sentence=say("it sends no mail, and yet its record does not refuse every host"),
        fix=say('publish "{deny_all}"', deny_all=DENY_ALL),
    )


def _several(every: list[Record]) -> Remark:
    return Remark(
        kind=Kind.SEVERAL_RECORDS,  # RFC 7208 3.2, 4.5
        severity=Severity.ERROR,
        domain=every[0].domain,
        sentence=say(
            "there are {every} SPF records; a receiver answers permerror", every=len(every)
        ),
        fix=say("publish one record that holds the terms of all"),
    )


def _counts(survey: Survey) -> list[Remark]:
    """Hold the counts of the whole against the limits of RFC 7208 4.6.4."""
    found: list[Remark] = []
    terms, voids = STANDARD.terms, STANDARD.voids
    if survey.lookups > terms:
        found.append(
            Remark(
                kind=Kind.TOO_MANY_LOOKUPS,
                severity=Severity.ERROR,
                domain=survey.domain,
                sentence=(
                    say(
                        "{lookups} terms ask DNS if nothing matches; {terms} are allowed, so"
                        " clients that no earlier term matches get permerror",
                        lookups=survey.lookups,
                        terms=terms,
                    )
                ),
                fix=say(
                    "remove what no longer sends, name networks by ip4 and ip6 where they"
                    " are yours, or give a sending service a subdomain of its own"
                ),
            )
        )
    elif survey.lookups >= terms - 1:
        found.append(
            Remark(
                kind=Kind.MANY_LOOKUPS,
                severity=Severity.NOTICE,
                domain=survey.domain,
                sentence=say(
                    "{lookups} of {terms} terms that ask DNS are used",
                    lookups=survey.lookups,
                    terms=terms,
                ),
                fix=say("one change in an included record may go over the limit"),
            )
        )
    for count, family in ((survey.voids, "IPv4"), (survey.voids6, "IPv6")):
        if count > voids:
            found.append(
                Remark(
                    kind=Kind.TOO_MANY_VOIDS,
                    severity=Severity.ERROR if family == "IPv4" else Severity.WARNING,
                    domain=survey.domain,
                    sentence=(
                        say(
                            "{count} look-ups find nothing for an {family} client; {voids}"
                            " are allowed, then the result is permerror",
                            count=count,
                            family=family,
                            voids=voids,
                        )
                    ),
                    fix=say("remove the terms whose names have no such records"),
                )
            )
    return found
