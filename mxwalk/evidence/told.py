"""How connections and questions ended, told in the language spoken: a trace keeps the words in English.

``net``, ``tls``, ``dns``, ``walk`` and the pasted dialogues of ``clues`` write them; each sentence has
its template here.  A peer's words stand in places that are not told again, such as ``{what}`` and
``{heard}``.  A trace that somebody else wrote may say anything: what is no sentence of ours stays.
"""

from mxwalk.evidence.wire import Ending
from mxwalk.language import noted
from mxwalk.text import visible
from mxwalk.wordings import DNS, IDNA, SYSTEM, reworded

CHARS = 300
ENDINGS = (
    noted("{peer} refused the connection after {seconds}: nothing listens there"),
    noted("{peer} cannot be reached: {why} (after {seconds})"),
    noted("no route to it"),
    noted(
        "{peer} did not answer the connection attempt within {seconds}: the host is down or a"
        " firewall drops the packets"
    ),
    noted(
        "{peer} sent nothing more for {seconds} during the TLS handshake, {after} after its beginning"
    ),
    noted("{peer} sent nothing more for {seconds}, {after} after its beginning"),
    noted("{peer} sent nothing for {seconds} during the TLS handshake"),
    noted("{peer} sent nothing for {seconds}"),
    noted('{peer} sent "{what}" and not the last line, then nothing for {seconds}'),
    noted('{peer} sent "{what}" without the end of the line, then nothing for {seconds}'),
    noted("{peer} took nothing of what we sent for {seconds}"),
    noted("{peer} closed the connection after {seconds}"),
    noted("{peer} closed the connection during the TLS handshake after {seconds}"),
    noted("{peer} closed the connection after {seconds} and refused what was sent afterwards"),
    noted("{peer} closed the connection after {seconds} and had ended TLS properly (close_notify)"),
    noted(
        "{peer} closed the connection after {seconds} without ending TLS (no close_notify): its"
        " last words may be missing"
    ),
    noted(
        "{peer} closed its direction of the connection but still takes what we send: no RST came"
        " within {seconds}"
    ),
    noted("{peer} sent more than {number} bytes of TLS handshake; we stopped reading"),
    noted(
        "{peer} sent more than {number} bytes of TLS records within one step, padding included; we"
        " stopped reading"
    ),
    noted(
        "more than {number} pieces went to and fro between us and {peer} within one step; we"
        " stopped reading"
    ),
    noted(
        "only {number} bytes came from {peer} in {seconds} and nothing was complete; mxwalk waits"
        " no longer than {factor} times its timeout of {after}"
    ),
    noted("only {number} bytes came from {peer} in {seconds} and nothing was complete"),
    noted("our side broke off the connection to {peer}"),
    noted("{peer} reset the connection attempt after {seconds}"),
    noted("our side could not connect to {peer}: {why}"),
    noted("{peer} reset the connection (RST) after {seconds}"),
    noted("{peer} stopped acknowledging our packets; given up after {seconds}"),
    noted("our side lost the connection to {peer}: {why}"),
    noted("{peer}: {sentence} (after {seconds})"),
    noted("the peer ended TLS (close_notify) before the handshake was finished"),
    noted("the peer ended TLS with the alert {alert}"),
    noted("what came was no TLS; it begins: {what}"),
    noted("our side ended TLS with the alert {alert}: {why}"),
    noted("TLS failed without an alert: {why}"),
    noted("a handshake message is too long (OpenSSL takes chains up to 100 KiB)"),
    noted("OpenSSL gave no reason"),
    # of the dialogue
    noted("mxwalk stopped reading: a line of the reply had no end within {number} bytes"),
    noted("mxwalk stopped reading: the reply had no end within {number} bytes"),
    noted(
        "only {number} bytes came in {duration} and no end of the reply; mxwalk waits no longer"
        " than {factor} times its timeout of {timeout}"
    ),
    noted("only {number} bytes came in {duration} and no end of the reply"),
    noted("the server spoke before anything was asked: {what}"),
    noted("greeting was answered {heard}"),
    noted("ehlo was answered {heard}"),
    noted("starttls was answered {heard}"),
    noted("cancelled after {duration} of waiting for the reply"),
    noted("cancelled after {duration}"),
    noted("not sent: {why}"),
    noted("SMTPUTF8 is not offered"),
    noted("{verb} cannot be sent: {why}."),
    noted("the greeting is still to come"),
    noted("the reply to {verb} is still to come"),
    noted("the dialogue is {state}"),
    noted("greeted"),
    noted("refused by the greeting"),
    noted("ready after EHLO"),
    noted("ready after HELO"),
    noted("paused for the TLS handshake"),
    noted("ready inside TLS"),
    noted("in a mail transaction"),
    noted("TLS stands, EHLO is due again"),
    noted("about to be closed by the peer"),
    noted("unreadable, to be closed by us"),
    noted("closed"),
    noted("the pasted text ends before the whole reply"),
    noted("the pasted text leaves out the end of the reply"),
    noted("the server answered RST to SYN"),
    noted("the server reset the connection (RST)"),
    noted("s_client ended the connection"),
    noted("the handshake failed: no cipher was agreed"),
    noted("{sentence} (after {seconds})"),
    noted("{address} port {number}"),
    # times
    noted("less than {amount} seconds"),
    noted("{amount} seconds"),
    noted("{amount} second"),
)

QUESTIONS = (
    noted("no answer from {address} within {timeout} (asked twice over UDP)"),
    noted("no answer from {address} over TCP within {timeout}"),
    noted("{number} datagrams that answer something else were ignored"),
    noted("{address} sent {number} octets that do not answer the question"),
    noted("{address} closed the TCP connection before the whole answer had come"),
    noted("{address} broke the TCP connection off: {why}"),
    noted("{address} sent a message over TCP that does not answer the question"),
    noted("{address} cannot be reached: {why}"),
    noted("nothing listens there"),
    noted("the answer from {address} cannot be read: {why}"),
    noted("the answer over UDP was truncated; {sentence}"),
    noted("{address} answered {rcode}; extended error {number}: {heard}"),
    noted("{address} answered {rcode}; extended error {number}"),
    noted("{address} answered {rcode}; {heard}"),
    noted("{address} answered {rcode}"),
    # of one question
    noted("cancelled before an answer"),
    noted("not asked: {number} look-ups were made in this walk"),
    noted("the whole evaluation took longer than {timeout}"),
    noted("an empty name cannot be asked; the root is written '.'"),
    noted("{asked} cannot be asked: {why}"),
    noted("not a name by IDNA 2008: {error}"),
    noted("the CNAME records lead back to {name}"),
    noted("more than {number} CNAME records in a row"),
    noted("{number} octets are no DNS message"),
    noted("a section has {total} records; {number} are read"),
    noted("the message breaks off at octet {number} of {total}: {why}"),
    noted("a record of {number} octets is longer than what is left"),
    noted("{sentence}; {why}"),
)

# Why a command was not sent, as ``smtp`` says it.
COMMANDS = (
    noted("The command does not end in CRLF."),
    noted("The command holds a line break; one command is sent at a time."),
    noted("The command is empty."),
    noted("The command begins with a space."),
    noted("{word} is never sent: a walk delivers no message."),
    noted("“{word}” is not among the commands a walk sends."),
    noted("The command has {raw} octets; {verb} may have {limit} with its CRLF."),
    noted("The command holds a control character."),
    noted("{verb} takes printable ASCII only."),
    noted("The address after {verb} is not UTF-8."),
    noted("Characters beyond ASCII in {verb} need the parameter SMTPUTF8 in MAIL."),
    noted("{verb} takes no argument."),
    noted("{verb} needs the form {verb} {prefix}<address>."),
    noted("RCPT needs an address; only MAIL may have the empty path <>."),
    noted("{verb} needs an argument."),
)


def no_answer_words(error: str, limit: int = CHARS) -> str:
    """Return why a question to the DNS got no answer, printable, as it is said."""
    return visible(reworded(error, QUESTIONS, DNS, IDNA, SYSTEM), limit)


def ending_words(detail: str, limit: int = CHARS) -> str:
    """Return a sentence of the evidence on how something ended, printable, as it is said."""
    return visible(reworded(detail, ENDINGS, COMMANDS, SYSTEM), limit)


def how_it_ended(ending: Ending, limit: int = CHARS) -> str:
    """Return how a connection or a wait ended, printable, as it is said."""
    return ending_words(ending.detail, limit)
