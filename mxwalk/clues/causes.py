"""Causes that every product tells in much the same words: TLS libraries, sockets and DNS.

OpenSSL's and GnuTLS's words for a chain or a handshake, the operating system's for a connection, the
resolver's for a look-up.  Each points to a step and to findings; what became of the message is said by
the line they stand in.
"""

from mxwalk.clues.words import Saying, saying
from mxwalk.evidence.step import StepKind
from mxwalk.language import noted

_CHAIN = StepKind.CHAIN
_SHAKE = StepKind.HANDSHAKE

CHAIN: tuple[Saying, ...] = (
    saying(r"no matching (?:DANE )?TLSA|TLSA records? (?:did|do) not match|dane.{0,20}mismatch", noted("The certificate fits none of the TLSA records."), StepKind.TLSA, ("DANE002", "DANE009")),
    saying(r"certificate (?:has |is )?expired|certificate-expired|expired certificate", noted("The receiving host's certificate has expired."), _CHAIN, ("CERT002",)),
    saying(r"not (?:yet valid|activated)", noted("The certificate is not valid yet, or a clock is wrong."), _CHAIN, ("CERT003",)),
    saying(r"self[- ]signed certificate in certificate chain", noted("The chain ends in a root that the sender does not trust."), _CHAIN, ("CERT007", "CERT026")),
    saying(r"self[- ]signed", noted("The certificate is signed by itself: no known CA vouches for it."), _CHAIN, ("CERT005",)),
    saying(r"unable to get (?:local )?issuer|untrusted issuer|issuer (?:is )?(?:not trusted|unknown)|unknown (?:ca|issuer)|unable to verify the first", noted("The sender knows no trusted issuer of the certificate: the intermediate was not sent, or the CA is unknown to it."), _CHAIN, ("CERT006", "CERT007", "CERT031")),
    saying(r"host ?name mismatch|name mismatch|CommonName mismatch|identity does not match|does not match (?:the )?(?:host|name|identity)|not match(?:ing)? (?:host|the host)|subject alternative name", noted("The names in the certificate do not include the one that the sender looks for."), StepKind.IDENTITY, ("IDENT001", "IDENT009", "STS016")),
    saying(r"revoked", noted("The certificate was revoked."), StepKind.REVOCATION, ("REVO002",)),
    saying(r"(?:ca )?md too weak|key too (?:small|weak)|weak (?:key|signature)|ee key too small", noted("A key or signature in the chain is too weak for the sender."), _CHAIN, ("CERT012", "CERT013")),
    saying(r"unsupported certificate purpose|unsuitable certificate purpose", noted("The certificate is not meant for servers."), _CHAIN, ("CERT015",)),
    saying(r"no (?:peer )?certificate(?: from server)?\b", noted("The server presented no certificate."), _SHAKE, ("TLS007",)),
    saying(r"certificate verif(?:y|ication) (?:failed|error)|verify error|verification failed|certificate not (?:verified|trusted)", noted("The certificate could not be verified: chain, dates or name."), _CHAIN, ("CERT017", "CERT007", "IDENT001")),
)  # fmt: skip

HANDSHAKE: tuple[Saying, ...] = (
    saying(r"wrong version number|unknown protocol|packet with illegal|record layer failure", noted("What came after the 220 to STARTTLS is not TLS: the server, or something between, goes on in clear text."), _SHAKE, ("STLS004", "STLS005")),
    saying(r"(?:alert )?protocol version|unsupported protocol|version too low|no protocols available", noted("The two sides have no TLS version in common."), _SHAKE, ("STLS007", "TLS002")),
    saying(r"no shared cipher|no ciphers? (?:available|in common)|insufficient security|alert handshake failure|handshake_failure|\bNO_SHARED_CIPHER\b", noted("The two sides have no cipher, group or signature algorithm in common."), _SHAKE, ("STLS007", "TLS003", "TLS008")),
    saying(r"dh key too small|dh_key_too_small", noted("The server's Diffie-Hellman prime is too short for the sender."), _SHAKE, ("TLS016",)),
    saying(r"unrecognized.name", noted("The server refuses the name in SNI."), _SHAKE, ("TLS012",)),
    saying(r"unexpected eof|unexpected message|handshake (?:failure|failed|error)|SSL_connect|gnutls_handshake|TLS handshake|SSL_ERROR|tls error on connection", noted("The handshake began after STARTTLS and did not end."), _SHAKE, ("STLS009", "STLS007", "STLS008")),
)  # fmt: skip

CONNECTION: tuple[Saying, ...] = (
    saying(r"while (?:receiving the initial server greeting|reading the greeting)|(?:lost connection|timeout|timed out|EOF|closed).{0,60}greeting", noted("The connection was made, and no greeting came."), StepKind.GREETING, ("CONN010", "CONN006", "CONN008")),
    saying(r"refused to talk to me", noted("The server greets this client with a refusal."), StepKind.GREETING, ("RPLY002", "RPLY001", "RPLY003")),
    saying(r"(?:connection|conversation) (?:with \S{1,300} )?timed out while|timeout .{0,30}while", noted("A command got no answer in time."), StepKind.EHLO, ("CONN012", "CONN009")),
    saying(r"connection refused|socket error code 10061|ECONNREFUSED", noted("The host refuses connections on that port, or a firewall does."), StepKind.CONNECT, ("CONN001",)),
    saying(r"(?:connection|operation) timed out|timed out connecting|socket error code 10060|connect(?:ion)? timeout|\bdetails: timeout", noted("Nothing answered on that port: the host is down, a firewall drops, or your own port 25 is closed to the outside."), StepKind.CONNECT, ("CONN002", "CONN003")),
    saying(r"no route to host|network is unreachable|host is unreachable", noted("No way leads to that address, often an IPv6 address without IPv6."), StepKind.CONNECT, ("CONN004", "ROUTE027")),
    saying(r"connection reset|reset by peer|socket error code 10054", noted("The connection was reset."), StepKind.CONNECT, ("CONN005", "CONN011")),
    saying(r"lost connection|connection lost|connection dropped|closed connection|connection closed|remote host closed|broken pipe|server closed", noted("The server closed the connection in the middle."), StepKind.CONNECT, ("CONN011", "CONN006")),
)  # fmt: skip

LOOKUP: tuple[Saying, ...] = (
    saying(r"TLSA lookup (?:error|problem)|DANE (?:TLSA )?(?:lookup )?(?:error|problem)|type=TLSA|tlsa lookup", noted("The TLSA look-up failed, so the sender may not deliver: DNSSEC of the receiver's zone, or a name server that does not answer for TLSA."), StepKind.TLSA, ("DANE010", "DNSSEC001", "DNSSEC005")),
    saying(r"MTA-STS|sts-policy|mta_sts", noted("The domain's MTA-STS policy stands against the delivery."), StepKind.STS_POLICY, ("STS013", "STS005", "STS015")),
    saying(r"null ?MX|does not accept mail|accepts no mail", noted("The domain publishes a null MX: it accepts no mail."), StepKind.MX, ("ROUTE001",)),
    saying(r"DNS Soft Error|SERVFAIL|try again(?:$|[\s)'\]])|host lookup did not complete|name server: .{0,80}(?:timeout|lookup)|temporary (?:lookup|name) ", noted("A DNS look-up failed for now."), StepKind.MX, ("ROUTE004", "ROUTE022")),
    saying(r"loops back to my", noted("The MX record leads to the sender itself."), StepKind.MX, ("ROUTE024", "ROUTE025")),
    saying(r"no MX host|no valid address record|Name service error for name=\S{1,300} type=A(?:AAA)?\b|no A record|could not be found.{0,20}address", noted("A delivery host has no usable address."), StepKind.ADDRESS, ("ROUTE021", "ROUTE022")),
    saying(r"DNS Hard Error|domain not found|Unrouteable address|host not found|Host unknown|Name server: \S{1,300} host not found|nxdomain|domain does not exist", noted("The domain, or its mail host, does not exist in DNS."), StepKind.MX, ("ROUTE003", "ROUTE021")),
)  # fmt: skip

ALL: tuple[Saying, ...] = (*LOOKUP, *CHAIN, *HANDSHAKE, *CONNECTION)
