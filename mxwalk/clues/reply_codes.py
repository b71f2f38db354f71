"""Three-digit reply codes: what the digits say (RFC 5321 4.2.1), what the code means, what a walk does."""

import re

from mxwalk.clues.words import of_reply
from mxwalk.language import noted, say

_CODE = re.compile(r"[2-5][0-5]\d")  # RFC 5321 4.2
_FIRST = {  # RFC 5321 4.2.1
    "2": noted("positive completion: what was asked for is done"),
    "3": noted("positive intermediate: the server waits for more"),
    "4": noted("transient negative completion: the sender tries again"),
    "5": noted("permanent negative completion: the sender gives up"),
}
_SECOND = {  # RFC 5321 4.2.1
    "0": noted("syntax"),
    "1": noted("information"),
    "2": noted("the connection"),
    "3": noted("unspecified"),
    "4": noted("unspecified"),
    "5": noted("the mail system"),
}
_MEANINGS = {  # RFC 5321 4.2.3
    "211": noted("System status, or help."),
    "214": noted("Help for people."),
    "220": noted("The service is ready: the greeting, and the reply to STARTTLS."),
    "221": noted("The server closes the connection: the reply to QUIT."),
    "235": noted("The login succeeded (RFC 4954 6)."),
    "250": noted("The command was carried out."),
    "251": noted("The user is not local; the server passes the message on."),
    "252": noted("The user cannot be verified; the server takes the message and tries."),
    "334": noted("The server asks for the next part of the login (RFC 4954 4)."),
    "354": noted("The server waits for the message, which ends with a dot alone on its line."),
    "500": noted("The command is unknown, or its line too long."),
    "501": noted("The parameters of the command are wrong."),
    "502": noted("The command is known and not implemented."),
    "503": noted("The commands came in the wrong order."),
    "504": noted("The parameter is not implemented."),
    "555": noted("The parameters of MAIL FROM or RCPT TO are not known or not implemented."),
}
_WALK = {
    "2": noted("A walk goes on to the next step."),
    "3": noted("A walk sends no message, so it does not ask for this reply."),
    "4": noted(
        "A walk notes it at the step that was answered, and sends the command no second time."
    ),
    "5": noted(
        "A walk notes it at the step that was answered; the verdict says whether the sender gives up."
    ),
}
_FINDINGS = {
    "220": ("STLS004", "RPLY004"),
    "421": ("RPLY001",),
    "454": ("STLS002",),
    "521": ("RPLY002",),
    "554": ("RPLY002", "ENV002"),
    "530": ("ENV001",),
}


def is_reply_code(text: str) -> bool:
    """Say whether a text is a reply code and nothing else."""
    return _CODE.fullmatch(text.strip()) is not None


def explain_reply(code: str) -> list[str]:
    """Return the explanation of a reply code, blanks around it or not, as paragraphs."""
    code = code.strip()
    known = _MEANINGS.get(code)
    reading = of_reply(f"{code} ")
    meaning = say(known) if known else reading.meaning if reading else ""
    digits = say(
        "first digit {first}: {what}; second digit {second}: {about}",
        first=code[0],
        what=say(_FIRST[code[0]]),
        second=code[1],
        about=say(_SECOND[code[1]]),
    )
    findings = _FINDINGS.get(code) or (reading.findings if reading else ())
    steps = [say(_WALK[code[0]])]
    if reading is not None and reading.step is not None:
        steps.append(say("The step of a walk to look at: {step}.", step=reading.step.value))
    if findings:
        steps.append(say("Findings that fit: {codes}.", codes=", ".join(findings)))
    return [
        f"{code}  {meaning}   (RFC 5321 4.2.3)",
        f"{digits}   (RFC 5321 4.2.1)",
        " ".join(steps),
        say(
            "An enhanced status code behind it, like {code}.1.1, says more: mxwalk explain {code}.1.1",
            code=code[0],
        )
        if code[0] in "245"
        else say("No enhanced status code follows this reply (RFC 2034 4)."),
    ]
