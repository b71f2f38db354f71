"""A letter as a draft that mail programs open for editing: an RFC 5322 message that was never sent.

It has no date and no message id, and ``From`` only where one is given.  ``X-Unsent: 1`` makes mail
programs that know it open an editor instead of a reader.
"""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from mxwalk.errors import UsageError
from mxwalk.language import say
from mxwalk.letters.mailboxes import mailbox
from mxwalk.letters.model import Letter
from mxwalk.text import visible


def draft(letter: Letter, *, to: tuple[str, ...] | None = None, sender: str = "") -> str:
    """Return the draft, in ASCII with CRLF line ends (RFC 5322 2.1).

    ``to`` are the addresses chosen, by default the first suggested; ``sender`` is a mailbox, perhaps
    with a name before it.  Raises ``UsageError`` for an address that cannot be used.
    """
    chosen = to if to is not None else tuple(one.mailbox for one in letter.to[:1])
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["X-Unsent"] = "1"
    if sender:
        message["From"] = _address(sender)
    if chosen:
        message["To"] = tuple(_address(one) for one in chosen)
    message["Subject"] = visible(letter.subject)
    message.set_content(letter.body)
    message["Content-Language"] = letter.language  # RFC 3282; set_content drops what stands there
    return message.as_bytes().decode("ascii")


def _address(text: str) -> Address:
    name, spec = parseaddr(visible(text))
    found = mailbox(spec)
    if not found:
        raise UsageError(
            say("{address} is no e-mail address that can be used here", address=visible(text, 200))
        )
    local, _, domain = found.rpartition("@")
    return Address(display_name=name, username=local, domain=domain)
