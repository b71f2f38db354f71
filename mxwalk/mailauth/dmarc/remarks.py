"""What ``lint`` may say of a DMARC record, and what it may know besides the record."""

import enum
from dataclasses import dataclass, field

from mxwalk.mailauth.dmarc.model import Authorisation


class Weight(enum.Enum):
    """How much a remark matters; a hint for whoever lists it."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


class Seen(enum.Enum):
    """Whether something was seen, not seen, or not looked for (or the look-up failed)."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class RemarkKind(enum.Enum):
    """What is the matter."""

    SEVERAL_RECORDS = "several records"
    NOT_A_RECORD = "not a record"
    WHITE_SPACE_FIRST = "white space first"
    OTHER_TEXT = "other TXT records"
    NO_POLICY = "no policy"
    BAD_POLICY = "policy not valid"
    POLICY_NOT_SECOND = "p is not second"
    POLICY_NONE = "policy none"
    NO_EFFECT = "no effect"
    NO_REPORTS = "no aggregate reports"
    SUBDOMAINS_WEAKER = "subdomains weaker"
    NONEXISTENT_WEAKER = "names that do not exist weaker"
    NONEXISTENT_ADVICE = "np could be reject"
    IGNORED_BELOW = "sp and np ignored here"
    PERCENT = "percent"
    REMOVED = "removed tag"
    UNKNOWN = "unknown tag"
    TAG_CASE = "tag name in the wrong case"
    BAD_VALUE = "value not valid"
    DUPLICATE = "tag stands twice"
    MALFORMED = "malformed"
    BAD_ADDRESS = "address not usable"
    ADDRESS_SIZE = "size limit"
    NOT_AUTHORISED = "address has not agreed"
    AUTHORISATION_UNKNOWN = "agreement not known"
    FAILURE_REPORTS = "failure reports"
    OPTIONS_UNUSED = "fo without ruf"
    SUFFIX_CLAIMED = "psd=y on a domain that is no public suffix"
    SUFFIX_UNMARKED = "public suffix without psd=y"
    SUFFIX_FAILURE_REPORTS = "ruf of a public suffix"
    OWN_ORGANIZATION = "psd=n below another record"
    TESTING = "t=y"
    TESTING_UNUSED = "t=y without effect"
    REJECT_NEEDS_DKIM = "reject without DKIM"
    NO_ALIGNMENT = "nothing can align"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One remark: a sentence with what it comes to, and the record that would be right, if one is."""

    kind: RemarkKind
    weight: Weight
    sentence: str
    fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is known of the domain besides its record.

    ``organizational`` is its Organizational Domain by the tree walk, empty if not known;
    ``spf`` and ``dkim`` whether an SPF record and any DKIM key were seen; ``sends`` whether the domain
    sends mail as far as is known.
    """

    domain: str
    organizational: str = ""
    authorisations: tuple[Authorisation, ...] = field(default=())
    spf: Seen = Seen.UNKNOWN
    dkim: Seen = Seen.UNKNOWN
    sends: Seen = Seen.UNKNOWN
