"""Reports made by the tests: the RFC's example, and forms as reporters send them."""

import gzip
import io
import zipfile
from collections.abc import Iterable
from email.message import EmailMessage

# RFC 9990 appendix B.
APPENDIX_B = b"""<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0">
  <version>1.0</version>
  <report_metadata>
    <org_name>Sample Reporter</org_name>
    <email>report_sender@example-reporter.com</email>
    <extra_contact_info>...</extra_contact_info>
    <report_id>3v98abbp8ya9n3va8yr8oa3ya</report_id>
    <date_range>
      <begin>302832000</begin>
      <end>302918399</end>
    </date_range>
    <generator>Example DMARC Aggregate Reporter v1.2</generator>
  </report_metadata>
  <policy_published>
    <domain>example.com</domain>
    <p>quarantine</p>
    <sp>none</sp>
    <np>none</np>
    <testing>n</testing>
    <discovery_method>treewalk</discovery_method>
  </policy_published>
  <record>
    <row>
      <source_ip>192.0.2.123</source_ip>
      <count>123</count>
      <policy_evaluated>
        <disposition>pass</disposition>
        <dkim>pass</dkim>
        <spf>fail</spf>
      </policy_evaluated>
    </row>
    <identifiers>
      <envelope_from>example.com</envelope_from>
      <header_from>example.com</header_from>
    </identifiers>
    <auth_results>
      <dkim>
        <domain>example.com</domain>
        <result>pass</result>
        <selector>abc123</selector>
      </dkim>
      <spf>
        <domain>example.com</domain>
        <result>fail</result>
      </spf>
    </auth_results>
  </record>
</feedback>
"""

DAY = 86_400
BEGIN = 1_790_899_200  # 2026-10-02T00:00:00Z


def result(kind: str, domain: str, value: str, **more: str) -> str:
    """One ``dkim`` or ``spf`` element of auth_results."""
    inside = f"<domain>{domain}</domain>"
    if kind == "dkim" and "selector" in more:
        inside += f"<selector>{more.pop('selector')}</selector>"
    if kind == "spf":
        inside += f"<scope>{more.pop('scope', 'mfrom')}</scope>"
    inside += f"<result>{value}</result>"
    inside += "".join(f"<{name}>{text}</{name}>" for name, text in more.items())
    return f"<{kind}>{inside}</{kind}>"


def record(
    ip: str = "192.0.2.1",
    count: object = 10,
    dkim: str = "pass",
    spf: str = "pass",
    disposition: str = "none",
    reasons: Iterable[tuple[str, str]] = (),
    header_from: str = "example.com",
    envelope_from: str = "example.com",
    results: Iterable[str] | None = None,
) -> str:
    """A record of RFC 7489; without ``results`` both pass for example.com."""
    if results is None:
        results = (
            result("dkim", "example.com", "pass", selector="s1"),
            result("spf", "example.com", "pass"),
        )
    why = "".join(
        f"<reason><type>{kind}</type><comment>{comment}</comment></reason>"
        for kind, comment in reasons
    )
    return (
        f"<record><row><source_ip>{ip}</source_ip><count>{count}</count><policy_evaluated>"
        f"<disposition>{disposition}</disposition><dkim>{dkim}</dkim><spf>{spf}</spf>{why}"
        f"</policy_evaluated></row><identifiers><envelope_from>{envelope_from}</envelope_from>"
        f"<header_from>{header_from}</header_from></identifiers>"
        f"<auth_results>{''.join(results)}</auth_results></record>\n"
    )


POLICY = (
    "<policy_published><domain>example.com</domain><adkim>r</adkim><aspf>r</aspf><p>none</p>"
    "<sp>none</sp><pct>100</pct><fo>0</fo></policy_published>"
)


def metadata(
    report_id: str = "1", day: int = 0, organisation: str = "reporter.example", more: str = ""
) -> str:
    begin = BEGIN + day * DAY
    return (
        f"<report_metadata><org_name>{organisation}</org_name>"
        f"<email>dmarc@{organisation}</email><report_id>{report_id}</report_id>"
        f"<date_range><begin>{begin}</begin><end>{begin + DAY - 1}</end></date_range>{more}"
        "</report_metadata>"
    )


def report(*records: str, policy: str = POLICY, head: str | None = None) -> bytes:
    """A report of RFC 7489 as its schema has it."""
    inside = "".join(records or (record(),))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feedback><version>1.0</version>'
        f"{metadata() if head is None else head}{policy}{inside}</feedback>"
    ).encode("utf-8", "surrogatepass")


def zipped(*contents: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of some files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for number, content in enumerate(contents):
            archive.writestr(f"reporter.example!example.com!{number}.xml", content)
    return out.getvalue()


def mail(content: bytes, kind: str = "application/gzip", suffix: str = ".xml.gz") -> EmailMessage:
    """An e-mail as RFC 9990 3.5.2 has it."""
    message = EmailMessage()
    message["From"] = "dmarc@mail.receiver.example"
    message["To"] = "reports@example.com"
    message["Subject"] = (
        "Report Domain: example.com Submitter: mail.receiver.example"
        " Report-ID: <sample-ridtxt@example.com>"
    )
    message["DKIM-Signature"] = "v=1; a=rsa-sha256; d=receiver.example; s=x; bh=AA==; b=AA=="
    message.set_content("This is a DMARC aggregate report.\n")
    main, _, sub = kind.partition("/")
    name = f"mail.receiver.example!example.com!1013662812!1013749130{suffix}"
    message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message


def packed_mail(content: bytes) -> bytes:
    return bytes(mail(gzip.compress(content)))
