"""Reports to read: the RFC's own example, and what real reporters send, with names of documentation."""

import gzip
import json
from email.message import EmailMessage

# RFC 8460 appendix B.
APPENDIX_B = b"""{
  "organization-name": "Company-X",
  "date-range": {
    "start-datetime": "2016-04-01T00:00:00Z",
    "end-datetime": "2016-04-01T23:59:59Z"
  },
  "contact-info": "sts-reporting@company-x.example",
  "report-id": "5065427c-23d3-47ca-b6e0-946ea0e8c4be",
  "policies": [{
    "policy": {
      "policy-type": "sts",
      "policy-string": ["version: STSv1","mode: testing",
            "mx: *.mail.company-y.example","max_age: 86400"],
      "policy-domain": "company-y.example",
      "mx-host": ["*.mail.company-y.example"]
    },
    "summary": {
      "total-successful-session-count": 5326,
      "total-failure-session-count": 303
    },
    "failure-details": [{
      "result-type": "certificate-expired",
      "sending-mta-ip": "2001:db8:abcd:0012::1",
      "receiving-mx-hostname": "mx1.mail.company-y.example",
      "failed-session-count": 100
    }, {
      "result-type": "starttls-not-supported",
      "sending-mta-ip": "2001:db8:abcd:0013::1",
      "receiving-mx-hostname": "mx2.mail.company-y.example",
      "receiving-ip": "203.0.113.56",
      "failed-session-count": 200,
      "additional-information": "https://reports.company-x.example/report_info ? id = 5065427 c - 23 d3# StarttlsNotSupported "
    }, {
      "result-type": "validation-failure",
      "sending-mta-ip": "198.51.100.62",
      "receiving-ip": "203.0.113.58",
      "receiving-mx-hostname": "mx-backup.mail.company-y.example",
      "failed-session-count": 3,
      "failure-reason-code": "X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED"
    }]
  }]
}
"""


def report(**changes: object) -> dict:
    """The RFC's example as a structure, with members of the top level replaced."""
    return json.loads(APPENDIX_B) | changes


def dated(day: str, report_id: str, successes: int, failures: int, **changes: object) -> dict:
    """A report of one day with failures of one type."""
    policy = json.loads(APPENDIX_B)["policies"][0]
    policy["summary"] = {
        "total-successful-session-count": successes,
        "total-failure-session-count": failures,
    }
    row = policy["failure-details"][0] | {"failed-session-count": failures}
    policy["failure-details"] = [row] if failures else []
    return report(
        **{
            "date-range": {
                "start-datetime": f"{day}T00:00:00Z",
                "end-datetime": f"{day}T23:59:59Z",
            },
            "report-id": report_id,
            "policies": [policy],
        }
        | changes
    )


def octets(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")


def mail(content: bytes = b"", *, packed: bool = True, kind: str | None = None) -> EmailMessage:
    """An e-mail as RFC 8460 5.3 has it."""
    message = EmailMessage()
    message["From"] = "tlsrpt@mail.sender.example.com"
    message["To"] = "mts-sts-tlsrpt@example.net"
    message["Date"] = "Fri, 09 May 2017 16:54:30 -0800"
    message["Subject"] = (
        "Report Domain: example.net Submitter: mail.sender.example.com"
        " Report-ID: <735ff.e317+bf22029@example.net>"
    )
    message["TLS-Report-Domain"] = "example.net"
    message["TLS-Report-Submitter"] = "mail.sender.example.com"
    message["DKIM-Signature"] = "v=1; a=rsa-sha256; d=sender.example.com; s=x; bh=AA==; b=AA=="
    message.set_content("This is an aggregate TLS report from mail.sender.example.com\n")
    subtype = kind or ("application/tlsrpt+gzip" if packed else "application/tlsrpt+json")
    content = content or APPENDIX_B
    main, _, sub = subtype.partition("/")
    name = "mail.sender.example!example.com!1013662812!1013749130.json"
    message.add_attachment(
        gzip.compress(content) if packed else content,
        maintype=main,
        subtype=sub,
        filename=name + (".gz" if packed else ""),
    )
    message.set_type("multipart/report")
    message.set_param("report-type", "tlsrpt")
    return message
