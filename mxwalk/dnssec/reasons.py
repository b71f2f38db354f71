"""Why an answer is not secure: every reason told apart, with its sentence, its fix and who must act.

The sections are those of RFC 4035 (validation), RFC 5155 (NSEC3), RFC 6840 (clarifications) and
RFC 9276 (NSEC3 parameters).  Sentences are completed with the names and values met.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mxwalk.language import noted, say


class Culprit(enum.Enum):
    """Who must act."""

    ZONE = noted("the operator of the zone")
    PARENT = noted("the parent zone, through the registrar")
    RESOLVER = noted("your resolver")
    YOU = noted("you")
    NOBODY = noted("nobody")


class Reason(enum.Enum):
    """Why an answer is insecure, bogus or cannot be judged."""

    # insecure
    NO_DS = "no-ds"
    OPT_OUT = "opt-out"
    UNSUPPORTED_ALGORITHM = "unsupported-algorithm"
    UNSUPPORTED_DIGEST = "unsupported-digest"
    NSEC3_ITERATIONS = "nsec3-iterations"
    # bogus: the delegation
    DS_WITHOUT_KEY = "ds-without-key"
    DNSKEY_MISSING = "dnskey-missing"
    KEY_SET_NOT_SIGNED_BY_DS_KEY = "key-set-not-signed-by-ds-key"
    ANCHOR_WITHOUT_KEY = "anchor-without-key"
    # bogus: the signatures
    RRSIG_MISSING = "rrsig-missing"
    RRSIG_EXPIRED = "rrsig-expired"
    RRSIG_NOT_YET_VALID = "rrsig-not-yet-valid"
    RRSIG_KEY_NOT_IN_SET = "rrsig-key-not-in-set"
    RRSIG_KEY_UNUSABLE = "rrsig-key-unusable"
    RRSIG_WRONG = "rrsig-wrong"
    RRSIG_SIGNER_WRONG = "rrsig-signer-wrong"
    RRSIG_LABELS_WRONG = "rrsig-labels-wrong"
    RRSIG_ALGORITHM_UNSUPPORTED = "rrsig-algorithm-unsupported"
    # bogus: the denial
    DENIAL_MISSING = "denial-missing"
    DENIAL_NAME = "denial-name"
    DENIAL_TYPE = "denial-type"
    DENIAL_WILDCARD = "denial-wildcard"
    DENIAL_WILDCARD_ANSWER = "denial-wildcard-answer"
    DENIAL_EMPTY_NON_TERMINAL = "denial-empty-non-terminal"
    DENIAL_OPT_OUT = "denial-opt-out"
    DENIAL_WRONG_SIDE = "denial-wrong-side"
    DENIAL_NSEC3_PARAMETERS = "denial-nsec3-parameters"
    # bogus: the rest
    ALIAS_WRONG = "alias-wrong"
    TOO_EXPENSIVE = "too-expensive"
    # indeterminate
    NO_ANCHOR = "no-anchor"
    LOOKUP_FAILED = "lookup-failed"
    UNREADABLE = "unreadable"
    ANSWERS_MISSING = "answers-missing"
    ALIAS_LOOP = "alias-loop"
    TOO_MANY_QUESTIONS = "too-many-questions"
    ANSWERS_DIFFER = "answers-differ"
    RESOLVER_STRIPS = "resolver-strips"
    RESOLVER_IGNORES_DO = "resolver-ignores-do"
    RESOLVER_FAILS_DO = "resolver-fails-do"


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence with places for ``what``, ``zone``, ``parent`` and ``detail``; fix; who; section."""

    sentence: str
    fix: str
    culprit: Culprit
    rfc: str


_RESIGN = noted(
    "Sign the zone {zone} again, look why its signer stopped, and reload it on every name server."
)
_ANOTHER = noted(
    "Ask a resolver that passes DNSSEC records through, for example a local Unbound:"
    " --resolver ADDRESS."
)

TEXTS: Mapping[Reason, Text] = MappingProxyType({
    Reason.NO_DS: Text(
        noted("{zone} is delegated by {parent} without a DS record, which is proved: everything"
              " below is unsigned."),
        noted("Nothing is broken.  To protect {zone}, sign it and hand its DS record to"
              " {parent}."),
        Culprit.NOBODY, "RFC 4035 5.2"),
    Reason.OPT_OUT: Text(
        noted("The NSEC3 span of {zone} that holds {what} is opt-out: unsigned delegations in"
              " it are not listed, so that nothing about the name can be proved."),
        noted("Nothing is broken.  A signed delegation (DS record) in {zone} makes the name"
              " provable."),
        Culprit.NOBODY, "RFC 5155 6, 9.2"),
    Reason.UNSUPPORTED_ALGORITHM: Text(
        noted("The DS records of {zone} name only algorithms that are not supported ({detail}):"
              " the zone counts as unsigned."),
        noted("Sign {zone} with algorithm 13 (ECDSA P-256) or 8 (RSA/SHA-256) and publish its"
              " DS record."),
        Culprit.ZONE, "RFC 4035 5.2"),
    Reason.UNSUPPORTED_DIGEST: Text(
        noted("The DS records of {zone} have only digest types that are not supported"
              " ({detail}): the zone counts as unsigned."),
        noted("Publish a DS record with digest type 2 (SHA-256) in {parent}."),
        Culprit.PARENT, "RFC 4035 5.2"),
    Reason.NSEC3_ITERATIONS: Text(
        noted("The NSEC3 records of {zone} ask for {detail}, too many for a validator: what"
              " they deny counts as unsigned."),
        noted("Set the NSEC3 parameters of {zone} to 0 extra iterations and no salt (1 0 0 -)."),
        Culprit.ZONE, "RFC 9276 3.2"),
    Reason.DS_WITHOUT_KEY: Text(
        noted("No DNSKEY of {zone} matches the DS set that {parent} publishes ({detail}): the"
              " DS is stale, or the wrong keys are served."),
        noted("Replace the DS record at {parent} by one of the current key-signing key, or"
              " serve the key the DS names again until the change is through."),
        Culprit.PARENT, "RFC 4035 5.2"),
    Reason.DNSKEY_MISSING: Text(
        noted("{parent} has a DS set for {zone}, but {zone} has no DNSKEY records."),
        noted("Sign {zone} again with the key the DS names, or have {parent} remove the DS"
              " record."),
        Culprit.ZONE, "RFC 4035 5.2"),
    Reason.KEY_SET_NOT_SIGNED_BY_DS_KEY: Text(
        noted("The DNSKEY set of {zone} has no RRSIG by the key that the DS names ({detail})."),
        noted("Sign the DNSKEY set of {zone} with the key whose DS {parent} publishes."),
        Culprit.ZONE, "RFC 4035 5.2"),
    Reason.ANCHOR_WITHOUT_KEY: Text(
        noted("No DNSKEY of {zone} matches a trust anchor ({detail}): the anchors are out of"
              " date, or the resolver serves other keys for {zone}."),
        noted("Check the trust anchors (--trust-anchor FILE) and ask another resolver"
              " (--resolver ADDRESS)."),
        Culprit.YOU, "RFC 4035 4.4"),
    Reason.RRSIG_MISSING: Text(
        noted("{what} has no RRSIG, although the zone {zone} is signed."),
        _RESIGN, Culprit.ZONE, "RFC 4035 5.3.1"),
    Reason.RRSIG_EXPIRED: Text(
        noted("The RRSIG over {what} by {zone} {detail}."),
        _RESIGN, Culprit.ZONE, "RFC 4035 5.3.1"),
    Reason.RRSIG_NOT_YET_VALID: Text(
        noted("The RRSIG over {what} by {zone} {detail}."),
        noted("Set the clock of the signer of {zone} and sign again with an inception in the"
              " past."),
        Culprit.ZONE, "RFC 4035 5.3.1"),
    Reason.RRSIG_KEY_NOT_IN_SET: Text(
        noted("The RRSIG over {what} was made by a key that is not in the DNSKEY set of {zone}"
              " ({detail})."),
        noted("Publish the key in the DNSKEY set of {zone}, or sign again with a key that is in"
              " it; wait for the TTL of the old set between the two."),
        Culprit.ZONE, "RFC 4035 5.3.1"),
    Reason.RRSIG_KEY_UNUSABLE: Text(
        noted("The RRSIG over {what} was made by a DNSKEY of {zone} that must not be used:"
              " revoked, not a zone key, or not to be read ({detail})."),
        noted("Sign {zone} again with a zone key (flags 256 or 257) that is not revoked."),
        Culprit.ZONE, "RFC 4035 5.3.1, RFC 5011 2.1"),
    Reason.RRSIG_WRONG: Text(
        noted("The RRSIG over {what} does not verify with the key of {zone} ({detail}): the"
              " records were changed after they were signed."),
        noted("Sign the zone {zone} again, look why its signer stopped, and reload it on every name"
              " server.  If all its servers agree, look for a device that rewrites answers."),
        Culprit.ZONE, "RFC 4035 5.3.3"),
    Reason.RRSIG_SIGNER_WRONG: Text(
        noted("The RRSIG over {what} names as signer a zone that cannot hold the records"
              " ({detail})."),
        _RESIGN, Culprit.ZONE, "RFC 4035 5.3.1"),
    Reason.RRSIG_LABELS_WRONG: Text(
        noted("The RRSIG over {what} counts more labels than the name has."),
        _RESIGN, Culprit.ZONE, "RFC 4035 5.3.1"),
    Reason.RRSIG_ALGORITHM_UNSUPPORTED: Text(
        noted("{what} is signed only with algorithms that are not supported ({detail}),"
              " although the DS set of {zone} names a supported one."),
        noted("Sign all records of {zone} with every algorithm of its DS set."),
        Culprit.ZONE, "RFC 4035 2.2, RFC 6840 5.11"),
    Reason.DENIAL_MISSING: Text(
        noted("The answer says that {what} does not exist and brings no NSEC or NSEC3 proof"
              " from {zone}."),
        noted("Make the name servers of {zone} send the proof with negative answers (all of"
              " them load the signed zone, none is too old for DNSSEC)."),
        Culprit.ZONE, "RFC 4035 3.1.3, 5.4"),
    Reason.DENIAL_NAME: Text(
        noted("The {detail} records of {zone} do not prove that {what} does not exist: none"
              " covers the name."),
        noted("Sign {zone} again so that its NSEC or NSEC3 chain is whole."),
        Culprit.ZONE, "RFC 4035 5.4, RFC 5155 8.4"),
    Reason.DENIAL_TYPE: Text(
        noted("The answer says that {what} does not exist; the {detail} record of {zone} lists"
              " the type as present."),
        noted("Sign {zone} again; its name servers leave out records that the chain promises."),
        Culprit.ZONE, "RFC 4035 5.4, RFC 5155 8.5"),
    Reason.DENIAL_WILDCARD: Text(
        noted("The {detail} records of {zone} prove that {what} does not exist, but not that no"
              " wildcard stands for it."),
        noted("Make the name servers of {zone} send the record that covers or matches the"
              " wildcard too."),
        Culprit.ZONE, "RFC 4035 5.4, RFC 5155 8.4"),
    Reason.DENIAL_WILDCARD_ANSWER: Text(
        noted("{what} was made from a wildcard of {zone} without proof that the name itself"
              " does not exist."),
        noted("Make the name servers of {zone} send the NSEC or NSEC3 record with wildcard"
              " answers."),
        Culprit.ZONE, "RFC 4035 5.3.4, RFC 5155 8.8"),
    Reason.DENIAL_EMPTY_NON_TERMINAL: Text(
        noted("The answer says that {what} does not exist; the {detail} record of {zone} proves"
              " names below it, so that it does (an empty non-terminal)."),
        noted("Replace name servers that answer NXDOMAIN for empty non-terminals; NOERROR is"
              " due."),
        Culprit.ZONE, "RFC 8020 2, RFC 4592 2.2.2"),
    Reason.DENIAL_OPT_OUT: Text(
        noted("{what} is neither listed in the NSEC3 chain of {zone} nor within an opt-out"
              " span: the missing DS is not proved."),
        noted("Sign {zone} again with the delegation in its chain, or with opt-out."),
        Culprit.ZONE, "RFC 5155 8.6"),
    Reason.DENIAL_WRONG_SIDE: Text(
        noted("The {detail} record sent for {what} is of the wrong side of a zone cut: the"
              " parent's for data of the child, or the child's for the DS."),
        noted("Make the right zone's name servers answer: DS at the parent, everything else at"
              " the child."),
        Culprit.ZONE, "RFC 6840 4.1, 4.4"),
    Reason.DENIAL_NSEC3_PARAMETERS: Text(
        noted("The NSEC3 records of {zone} have {detail}: they prove nothing."),
        noted("Sign {zone} again with one set of NSEC3 parameters and hash algorithm 1."),
        Culprit.ZONE, "RFC 5155 8.1, 8.2"),
    Reason.ALIAS_WRONG: Text(
        noted("The CNAME at {what} is not what the DNAME of {zone} makes of the name."),
        noted("Find who rewrites the answer: the resolver or a device in front of it."),
        Culprit.RESOLVER, "RFC 6672 5.3.1"),
    Reason.TOO_EXPENSIVE: Text(
        noted("Checking {what} of {zone} would cost too much work ({detail}); a validator gives"
              " up there."),
        noted("Remove keys of the same tag and surplus signatures from {zone}."),
        Culprit.ZONE, "RFC 9364 (CVE-2023-50387, CVE-2023-50868)"),
    Reason.NO_ANCHOR: Text(
        noted("No trust anchor stands above {what}."),
        noted("Give an anchor of the zone or of the root with --trust-anchor FILE."),
        Culprit.YOU, "RFC 4033 5"),
    Reason.LOOKUP_FAILED: Text(
        noted("{what} could not be looked up: {detail}."),
        noted("See why the lookup fails (dig +dnssec +cd); ask another resolver with --resolver"
              " ADDRESS."),
        Culprit.ZONE, "RFC 4033 5"),
    Reason.UNREADABLE: Text(
        noted("The answer kept for {what} cannot be validated: {detail}."),
        noted("Walk again, or ask another resolver with --resolver ADDRESS."),
        Culprit.RESOLVER, "RFC 4033 5"),
    Reason.ANSWERS_MISSING: Text(
        noted("{what} cannot be validated from this trace: the answers to {detail} are not in"
              " it."),
        noted("Walk again; a walk keeps what validation needs."),
        Culprit.YOU, "RFC 4033 5"),
    Reason.ANSWERS_DIFFER: Text(
        noted("The records of {what} are not those whose signatures hold: {detail} gave two"
              " different answers, or somebody in between did."),
        noted("Find who rewrites the answer; ask a resolver on this machine, for example a local"
              " Unbound: --resolver 127.0.0.1."),
        Culprit.RESOLVER, "RFC 4033 12"),
    Reason.ALIAS_LOOP: Text(
        noted("The aliases of {what} lead back, or are too many."),
        noted("Let the alias lead to a name with records."),
        Culprit.ZONE, "RFC 1034 3.6.2"),
    Reason.TOO_MANY_QUESTIONS: Text(
        noted("Validating {what} would take more than {detail} questions."),
        noted("Shorten the chain of aliases and zones behind the name."),
        Culprit.ZONE, "RFC 4033 5"),
    Reason.RESOLVER_STRIPS: Text(
        noted("Your resolver {detail} does not pass DNSSEC records on ({what} came without"
              " them); nothing can be said of the zone."),
        _ANOTHER, Culprit.RESOLVER, "RFC 4035 3.2.1"),
    Reason.RESOLVER_IGNORES_DO: Text(
        noted("Your resolver {detail} ignores EDNS and the DO bit ({what} came without DNSSEC"
              " records); nothing can be said of the zone."),
        _ANOTHER, Culprit.RESOLVER, "RFC 3225 3, RFC 6891"),
    Reason.RESOLVER_FAILS_DO: Text(
        noted("Your resolver fails when it is asked for DNSSEC records ({detail}); nothing can"
              " be said of the zone."),
        _ANOTHER, Culprit.RESOLVER, "RFC 4035 3.2"),
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A reason with the values met, before it becomes words."""

    reason: Reason
    what: str = ""
    zone: str = ""
    parent: str = ""
    detail: str = ""
    culprit: Culprit | None = None

    @property
    def sentence(self) -> str:
        """The sentence with the values."""
        return self._fill(TEXTS[self.reason].sentence)

    @property
    def fix(self) -> str:
        """The fix with the values."""
        return self._fill(TEXTS[self.reason].fix)

    @property
    def who(self) -> Culprit:
        """Who must act: the reason's usual owner unless the case differs."""
        return self.culprit or TEXTS[self.reason].culprit

    def _fill(self, text: str) -> str:
        filled = say(
            text,
            what=self.what,
            zone=_zone_words(self.zone),
            parent=_zone_words(self.parent) or say("the parent zone"),
            detail=self.detail.removesuffix("."),  # the sentence has a full stop of its own
        )
        return "T" + filled[1:] if filled.startswith("the ") else filled


def _zone_words(zone: str) -> str:
    return say("the root") if zone == "." else zone
