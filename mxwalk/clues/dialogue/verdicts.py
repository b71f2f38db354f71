"""OpenSSL's verdicts on a chain as s_client prints them: the same one up to three times, told once.

The codes are X509_V_ERR_* of ``x509_vfy.h``; without a code its sentence decides.
"""

import re
from collections.abc import Sequence

from mxwalk.clues.causes import CHAIN
from mxwalk.clues.dialogue.parts import Line, Remark
from mxwalk.clues.words import first_saying
from mxwalk.evidence.step import StepKind
from mxwalk.language import say
from mxwalk.text import visible

VERDICT = re.compile(
    r"\s*(?:Verification(?: error)?:|Verify return code:|verify error:|DANE TLSA|Verified peername:)"
)
# The line with code and words is told, the shorter ones only where it is missing.
_SAYS = (
    re.compile(r"\s*Verify return code: (\d{1,4}) \((.{1,200})\)"),
    re.compile(r"\s*verify error:num=(\d{1,4}):(.{1,200})"),
    re.compile(r"\s*Verification(?: error)?:() ?(.{1,200})"),
)
_BY_CODE: dict[int, tuple[str, ...]] = {
    2: ("CERT006", "CERT007"),  # no issuer
    7: ("CERT017",),  # signature
    9: ("CERT003",),
    10: ("CERT002",),
    18: ("CERT005",),
    19: ("CERT007", "CERT026"),
    20: ("CERT006", "CERT007", "CERT031"),
    21: ("CERT006", "CERT007", "CERT031"),
    23: ("REVO002",),
    26: ("CERT015",),
    62: ("IDENT001", "IDENT009"),
    64: ("IDENT001",),
    65: ("DANE002", "DANE009"),
    66: ("CERT012",),
    67: ("CERT012",),
    68: ("CERT013",),
}
_ELSEWHERE = {
    62: StepKind.IDENTITY,
    64: StepKind.IDENTITY,
    65: StepKind.TLSA,
    23: StepKind.REVOCATION,
}


def repeated(lines: Sequence[Line]) -> frozenset[int]:
    """Return where the lines begin that say again what another line says better."""
    best: dict[str, tuple[int, int]] = {}
    every = []
    for line in lines:
        for rank, form in enumerate(_SAYS):
            if found := form.match(line.text):
                said = found[2].strip().casefold()
                every.append(line.start)
                if said not in best or rank < best[said][0]:
                    best[said] = (rank, line.start)
                break
    return frozenset(every) - {start for _, start in best.values()}


def verdict(line: Line, *, pasted: bool) -> Remark:
    """Return a verdict with the findings that explain it; ``pasted``: certificates are in the text."""
    words = visible(line.text.strip(), 200)
    meaning = say("OpenSSL's verdict on the machine it ran on: {words}.", words=words)
    if pasted:
        meaning += " " + say("The pasted certificates are verified here anew.")
    found = next(filter(None, (form.match(line.text) for form in _SAYS)), None)
    code = int(found[1]) if found and found[1] else 0
    findings, step = _BY_CODE.get(code, ()), _ELSEWHERE.get(code, StepKind.CHAIN)
    if not findings and found and found[1] != "0" and (known := first_saying(found[2], CHAIN)):
        findings, step = known[0].findings, known[0].step or step
    return Remark(line=line, meaning=meaning, step=step, findings=findings)
