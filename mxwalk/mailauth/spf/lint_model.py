"""Remarks on what a domain publishes: a stable kind, a place, a sentence, the fix (RFC 7208)."""

import enum
from dataclasses import dataclass


class Severity(enum.Enum):
    """How bad it is; a hint for the catalogue of findings."""

    ERROR = "error"  # receivers answer permerror, or there is no record
    WARNING = "warning"  # it works, and is unsafe or about to break
    NOTICE = "notice"  # it could be better


class Kind(enum.Enum):
    """What a remark is about; the values are stable."""

    NO_RECORD = "no-record"
    NEAR_RECORD = "near-record"
    SEVERAL_RECORDS = "several-records"
    SYNTAX = "syntax"
    PLUS_ALL = "plus-all"
    NEUTRAL_ALL = "neutral-all"
    NO_ALL = "no-all"
    TERMS_AFTER_ALL = "terms-after-all"
    REDIRECT_WITH_ALL = "redirect-with-all"
    PTR = "ptr"
    TOO_MANY_LOOKUPS = "too-many-lookups"
    MANY_LOOKUPS = "many-lookups"
    TOO_MANY_VOIDS = "too-many-voids"
    VOID = "void"
    WIDE_IP4 = "wide-ip4"
    WIDE_IP6 = "wide-ip6"
    NOT_PUBLIC = "not-public"
    HOST_BITS = "host-bits"
    LONG_RECORD = "long-record"
    JOINED = "joined"
    TYPE99 = "type99"
    INCLUDE_BROKEN = "include-broken"
    INCLUDE_PASSES_ALL = "include-passes-all"
    LOOP = "loop"
    TOO_MANY_MX = "too-many-mx"
    DUPLICATE = "duplicate"
    UPPERCASE = "uppercase"
    URL_ESCAPED = "url-escaped"
    NOT_DENY_ALL = "not-deny-all"
    UNKNOWN_MODIFIER = "unknown-modifier"
    NOT_LOOKED_UP = "not-looked-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One remark on the record of ``domain``, which may be an included one.

    ``start`` and ``end`` are octets of that record, both 0 where it is about the whole; ``text`` is
    the term it is about.  ``fix`` is what to do in one sentence, or the literal record.
    """

    kind: Kind
    severity: Severity
    domain: str
    sentence: str
    fix: str = ""
    text: str = ""
    start: int = 0
    end: int = 0
