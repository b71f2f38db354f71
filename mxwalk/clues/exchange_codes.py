"""What Exchange Online means by its status codes, where that differs from the registry or goes beyond.

Source: Microsoft, "How SMTP DANE works", "Email non-delivery reports in Exchange Online" and "Mail flow
intelligence".  The code is ``4.`` while it retries for 24 hours, ``5.`` in the final report.
"""

from mxwalk.clues.status_registry import Registered
from mxwalk.evidence.step import StepKind
from mxwalk.language import noted

_DANE = "Microsoft: How SMTP DANE works"
_STS = "Microsoft: Enhancing mail flow with MTA-STS"
_NDR = "Microsoft: Email non-delivery reports in Exchange Online"

EXCHANGE: tuple[Registered, ...] = (
    Registered("7.321", "starttls-not-supported", _DANE, noted("The receiver has TLSA records, and TLS did not come about: STARTTLS is not offered, is refused, or the handshake fails. The receiver must offer TLS or withdraw the records."), StepKind.STARTTLS, ("DANE003", "STLS001", "STLS003", "STLS007")),
    Registered("7.322", "certificate-expired", _DANE, noted("The receiving host's certificate is past its end. Exchange Online checks that with DANE too, where RFC 7672 has senders ignore it. The receiver must renew it."), StepKind.CHAIN, ("DANE004", "CERT002")),
    Registered("7.323", "tlsa-invalid", _DANE, noted("The certificate fits none of the receiver's TLSA records, a record is malformed, or the certificate is not valid yet. The receiver must publish the record of the certificate in use."), StepKind.TLSA, ("DANE002", "DANE012", "DANE005")),
    Registered("7.324", "dnssec-invalid", _DANE, noted("An answer for the receiver's domain should be signed and does not validate, or the TLSA look-up ends in SERVFAIL. The receiver's DNS operator must act."), StepKind.TLSA, ("DANE010", "DNSSEC001", "DNSSEC005", "ROUTE004")),
    Registered("7.325", "certificate-host-mismatch", _DANE, noted("Under a DANE-TA record the certificate must name the MX host, and does not. The receiver must renew it with that name."), StepKind.IDENTITY, ("DANE006",)),
    Registered("4.312", "DNS query failed", _DANE, noted("A DNS look-up failed for Exchange Online. Most often this is a DNSSEC failure of the receiver's domain that 5.7.324 would name better: look at the validation first."), StepKind.TLSA, ("DANE010", "DNSSEC001", "DNSSEC005", "ROUTE004", "ROUTE022")),
    Registered("4.8", "MX hosts failed MTA-STS validation", _STS, noted("No MX host of the domain is listed in its MTA-STS policy, which is enforced. The receiver must bring policy and MX records together."), StepKind.STS_POLICY, ("STS013",)),
    Registered("7.5", "Remote certificate failed MTA-STS validation", _STS, noted("The domain's MTA-STS policy is enforced and the certificate of the MX host is not valid for it: wrong name, expired, or of no known CA."), StepKind.CHAIN, ("STS016", "STS017", "STS018")),
    Registered("4.316", "Connection refused", _NDR, noted("The receiving host refuses connections from Exchange Online, or a firewall does."), StepKind.CONNECT, ("CONN001", "CONN002")),
    Registered("4.317", "Failed to connect or to start TLS", _NDR, noted("No session with the receiving host came about: no connection, or TLS that a connector demands is missing or its certificate does not fit."), StepKind.STARTTLS, ("STLS001", "STLS007", "CONN002")),
    Registered("4.310", "DNS domain does not exist", _NDR, noted("The recipient's domain does not exist, or has no usable MX or address record."), StepKind.MX, ("ROUTE003", "ROUTE021")),
    Registered("4.318", "Connection dropped", _NDR, noted("The receiving host closed the connection in the middle."), StepKind.CONNECT, ("CONN011", "CONN005")),
    Registered("4.300", "Message expired", _NDR, noted("The message waited in the queue until it expired; the last error beside it is the reason."), StepKind.CONNECT, ("CONN002",)),
    Registered("4.1", "Recipient address rejected: Access denied", _NDR, noted("Exchange Online, as the receiver, has no such recipient in its directory."), StepKind.RCPT, ("ENV002",)),
    Registered("1.10", "RESOLVER.ADR.RecipientNotFound", _NDR, noted("The recipient was not found. Exchange uses this code for a mailbox that does not exist; the registry has it for a null MX."), StepKind.RCPT, ("ENV002", "ROUTE001")),
    Registered("7.57", "Client was not authenticated", _NDR, noted("The client should have logged in: an application or device sends through the wrong host or without authentication."), StepKind.MAIL, ("ENV001",)),
    Registered("7.64", "TenantAttribution; Relay Access Denied", _NDR, noted("Exchange Online does not see the connection as one of a tenant's connectors, and will not relay."), StepKind.RCPT, ("ENV002",)),
    Registered("7.606", "Access denied, banned sending IP", _NDR, noted("The sending address is blocked by Microsoft; its owner must ask to be taken off the list."), StepKind.RCPT, ("ENV002",)),
    Registered("7.509", "Access denied, sending domain does not pass DMARC verification", _NDR, noted("The author's domain has a DMARC policy of reject, and the message fails it."), StepKind.DISPOSITION, ("DMARC002", "DMARC003")),
)  # fmt: skip

# Codes that no other system is known to use: seen anywhere, they are Exchange Online's.
OWN = frozenset(
    {"7.321", "7.322", "7.323", "7.324", "7.325", "4.312", "4.316", "4.317", "4.310", "4.318"}
    | {"4.300", "7.57", "7.64", "7.606", "7.509"}
)
# Its failures as a sender; the rest it also says as a receiver.
AS_SENDER = frozenset(
    {"7.321", "7.322", "7.323", "7.324", "7.325", "4.312", "4.8", "7.5", "4.316", "4.317"}
    | {"4.310", "4.318", "4.300"}
)
