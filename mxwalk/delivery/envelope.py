"""The envelope a walk was given, as commands: who it is from, to whom, and whether it needs SMTPUTF8.

RFC 5321 4.1.1.2 and 4.1.1.3 give the form, RFC 6531 3.4 the parameter.  What is built here may be
unsendable (a line break in an address); the dialogue judges that when it comes to sending.
"""

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.step import StepKind
from mxwalk.names import address_literal
from mxwalk.smtp.commands import asks_for_utf8
from mxwalk.smtp.model import Reading


def recipient(delivery: Delivery) -> str:
    """Return the recipient's mailbox: the option's, else the target's, else the postmaster's."""
    target = delivery.target
    place = delivery.domain or address_literal(target.address)
    mailbox = f"{target.local_part}@{place}" if target.local_part else "postmaster"
    return delivery.options.rcpt_to or mailbox


def mail_command(delivery: Delivery) -> bytes:
    """Return MAIL with its line end; it asks for SMTPUTF8 where an address needs it (RFC 6531 3.4)."""
    sender = delivery.options.mail_from or ""
    utf8 = not (sender.isascii() and recipient(delivery).isascii())
    text = f"MAIL FROM:<{sender}>{' SMTPUTF8' if utf8 else ''}\r\n"
    return text.encode("utf-8", "surrogatepass")  # what is no UTF-8 is not sent


def rcpt_command(delivery: Delivery) -> bytes:
    """Return RCPT with its line end."""
    return f"RCPT TO:<{recipient(delivery)}>\r\n".encode("utf-8", "surrogatepass")


def offers_utf8(attempt: Attempt) -> bool:
    """Say whether the server offers SMTPUTF8 in the session the envelope would be sent in.

    The response that counts is the last (RFC 3207 4.2); after HELO there is none.
    """
    response = attempt.ehlo_tls if attempt.tls_is_up else attempt.ehlo
    return response is not None and response.offers("SMTPUTF8", Reading.STRICT)


def lacks_utf8(delivery: Delivery, attempt: Attempt) -> bool:
    """Say whether MAIL was kept back because the envelope needs SMTPUTF8 and it is not offered.

    RFC 6531 3.1: without the offer the parameter and the addresses must not be sent.
    """
    mail = attempt.exchange(StepKind.MAIL)
    if mail is None or not mail.unsent:
        return False
    return asks_for_utf8(mail_command(delivery)) and not offers_utf8(attempt)
