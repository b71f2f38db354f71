"""Files and pasted texts with a hostile text wherever their senders can put one."""

import email.message
import gzip
import io
import json
import zipfile

from tests.dmarcrpt import examples as dmarc
from tests.tlsrpt import examples as tlsrpt

_CHARS = 800


def _words(text: bytes) -> str:
    return text[:_CHARS].decode("utf-8", "replace")


def tls_report(text: bytes) -> bytes:
    """Every text of the RFC's example, and a member that nobody knows."""
    words = _words(text)
    document = tlsrpt.report(
        **{"organization-name": words, "contact-info": words, "report-id": words, words: words}
    )
    policy = document["policies"][0]
    policy["policy"] |= {
        "policy-type": words,
        "policy-string": [words, f"mx: {words}"],
        "policy-domain": words,
        "mx-host": [words, words],
    }
    for row in policy["failure-details"]:
        for name in row:
            row[name] = 7 if name == "failed-session-count" else words
        row[words] = words
    good = tlsrpt.dated("2026-10-01", words or "1", 5, 3)
    good["policies"][0]["failure-details"][0] |= {
        "receiving-mx-hostname": words,
        "failure-reason-code": words,
        "additional-information": words,
    }
    # two documents are two lines, which reporters write as well
    return json.dumps(document).encode() + b"\n" + json.dumps(good).encode()


def tls_report_mail(text: bytes) -> bytes:
    """The mail that carries it: fields and the attachment's name hold the text as octets."""
    return _mail(text, tls_report(text).partition(b"\n")[0], "application/tlsrpt+gzip", "json.gz")


def dmarc_report(text: bytes) -> bytes:
    """Every text of a report, escaped as XML wants it; what XML forbids is left out."""
    words = _xml(_words(text))
    hostile = dmarc.record(
        ip=words,
        count=words,
        dkim=words,
        spf=words,
        disposition=words,
        reasons=((words, words),),
        header_from=words,
        envelope_from=words,
        results=(
            dmarc.result("dkim", words, words, selector=words, human_result=words),
            dmarc.result("spf", words, words, scope=words),
        ),
    )
    usual = dmarc.record(
        ip="192.0.2.7",
        dkim="fail",
        spf="fail",
        reasons=(("local_policy", words),),
        header_from=f"{words}.example.com",
        results=(dmarc.result("dkim", words, "fail", selector=words, human_result=words),),
    )
    head = dmarc.metadata(
        report_id=words,
        organisation=words,
        more=f"<extra_contact_info>{words}</extra_contact_info><error>{words}</error>",
    )
    policy = dmarc.POLICY.replace("<p>none</p>", f"<p>{words}</p><fo>{words}</fo>")
    return dmarc.report(hostile, usual, head=head, policy=policy)


def dmarc_report_zip(text: bytes) -> bytes:
    """A report in an archive whose member is called by the text."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        name = _words(text).replace("\0", "0") or "-"
        archive.writestr(f"{name}.xml", dmarc_report(text))
    return out.getvalue()


def _xml(words: str) -> str:
    kept = (char for char in words if char in "\t\n\r" or " " <= char not in "\ufffe\uffff")
    return "".join({"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(char, char) for char in kept)


def _mail(text: bytes, content: bytes, kind: str, suffix: str) -> bytes:
    message = email.message.EmailMessage()
    message["From"] = "reports@mail.sender.example"
    message["Subject"] = "SUBJECT"
    message.set_content("A report.\n")
    main, _, sub = kind.partition("/")
    message.add_attachment(
        gzip.compress(content), maintype=main, subtype=sub, filename=f"FILE.{suffix}"
    )
    raw = bytes(message)
    line = text[:_CHARS].replace(b"\r", b" ").replace(b"\n", b" ")
    for name in (b"SUBJECT", b"FILE", b"A report."):
        raw = raw.replace(name, line)
    return b"X-Hostile: " + line + b"\n" + raw


def bounce(text: bytes) -> bytes:
    """A delivery status notification (RFC 3464) that says the text in every field."""
    line = text[:_CHARS].replace(b"\r", b" ").replace(b"\n", b" ")
    return b"".join(
        (
            b"From: MAILER-DAEMON@mail.example.net (" + line + b")\r\n",
            b"To: alice@example.net\r\nSubject: Undelivered Mail: " + line + b"\r\n",
            b'MIME-Version: 1.0\r\nContent-Type: multipart/report; boundary="b";',
            b" report-type=delivery-status\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n",
            text[:_CHARS]
            + b"\r\n<user@example.com>: host mx1.example.com[192.0.2.1] said: 550 5.7.1 ",
            line + b" (in reply to RCPT TO command)\r\n\r\n",
            b"--b\r\nContent-Type: message/delivery-status\r\n\r\n",
            b"Reporting-MTA: dns; " + line + b"\r\nArrival-Date: " + line + b"\r\n\r\n",
            b"Final-Recipient: rfc822; " + line + b"\r\nAction: failed\r\nStatus: 5.7.323\r\n",
            b"Remote-MTA: dns; " + line + b"\r\n",
            b"Diagnostic-Code: smtp; 550 5.7.323 tlsa-invalid: " + line + b"\r\n\r\n--b--\r\n",
        )
    )


def log_lines(text: bytes) -> bytes:
    """Lines of the logs that are known, with the text where a server's words stand."""
    line = text[:_CHARS].replace(b"\r", b" ").replace(b"\n", b" ")
    return b"\n".join(
        (
            b"Nov 22 10:00:00 mail postfix/smtp[1]: 4A1: to=<user@example.com>, relay="
            b"mx1.example.com[192.0.2.1]:25, delay=1, delays=0/0/1/0, dsn=4.7.5, status=deferred "
            b"(Server certificate not trusted: " + line + b")",
            b"Nov 22 10:00:01 mail postfix/smtp[1]: 4A2: to=<" + line + b"@example.com>, relay=" + line
            + b"[192.0.2.1]:25, dsn=5.1.1, status=bounced (host " + line + b" said: 550 5.1.1 " + line
            + b" (in reply to RCPT TO command))",
            b"2026-11-22 10:00:02 1tEaaa-0001-AA ** user@example.com R=dnslookup T=remote_smtp H="
            b"mx1.example.com [192.0.2.1]: SMTP error from remote mail server after RCPT TO: 550 " + line,
            b"Sun Nov 22 10:00:03 2026 Info: Bounced: DCID 8 MID 5 to RID 0 - 5.1.0 - Unknown address "
            b"error ('550', ['5.7.1 " + line + b"']) []",
            b"Nov 22 10:00:04 mail sm-mta[9]: x: to=<user@example.com>, mailer=esmtp, relay=mx1."
            b"example.com [192.0.2.1], dsn=5.0.0, stat=Service unavailable: " + line,
        )
    )  # fmt: skip


def dialogue(text: bytes) -> bytes:
    """A dialogue as swaks prints it, the server's words hostile."""
    line = text[:_CHARS].replace(b"\r", b" ").replace(b"\n", b" ")
    return b"\n".join(
        (
            b"=== Trying mx1.example.com:25...",
            b"=== Connected to mx1.example.com.",
            b"<-  220 mx1.example.com " + line,
            b" -> EHLO probe.example.net",
            b"<-  250-mx1.example.com " + line,
            b"<-  250-" + line,
            b"<-  250 STARTTLS",
            b" -> STARTTLS",
            b"<** 454 4.7.0 " + line,
            b" -> QUIT",
            b"<-  221 " + line,
            b"=== Connection closed with remote host. " + line,
            b"",
        )
    )
