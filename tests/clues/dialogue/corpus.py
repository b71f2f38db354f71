"""Pasted dialogues in the forms of every tool, written by us after what each tool prints."""

from dataclasses import dataclass, field

from mxwalk.clues.model import Product
from mxwalk.evidence.step import StepKind as K


@dataclass(frozen=True, kw_only=True)
class Case:
    """A pasted text and what must be read from it; ``codes`` are findings that must be raised."""

    name: str
    text: str
    kinds: tuple[K, ...]
    product: Product = Product.UNKNOWN
    host: str = "mx.example.com"
    address: str = ""
    port: int = 25
    codes: frozenset[str] = field(default_factory=frozenset)
    never: frozenset[str] = frozenset({"EHLO001"})


_CLEAR = (K.CONNECT, K.GREETING, K.EHLO)
_TLS = (*_CLEAR, K.STARTTLS, K.HANDSHAKE, K.EHLO_TLS)

NOTICE_OF_SERVER = """\
From: MAILER-DAEMON@mx.example.com (Mail Delivery System)
To: postmaster@mx.example.com (Postmaster)
Subject: Postfix SMTP server: errors from mail.example.net[198.51.100.7]
Message-Id: <20261122100000.A1B2C3D4E5@mx.example.com>

Transcript of session follows.

 Out: 220 mx.example.com ESMTP Postfix
 In:  EHLO mail.example.net
 Out: 250-mx.example.com
 Out: 250-SIZE 10240000
 Out: 250-STARTTLS
 Out: 250 8BITMIME
 In:  STARTTLS
 Out: 220 2.0.0 Ready to start TLS
 In:  EHLO mail.example.net
 Out: 250-mx.example.com
 Out: 250 8BITMIME
 In:  MAIL FROM:<a@example.net>
 Out: 250 2.1.0 Ok
 In:  RCPT TO:<b@example.com>
 Out: 451 4.3.0 <b@example.com>: Temporary lookup failure; the map for
     recipients cannot be read
 In:  QUIT
 Out: 221 2.0.0 Bye


For other details, see the local mail logfile
"""
NOTICE_WITH_MESSAGE = """\
Transcript of session follows.

 Out: 220 mx.example.com ESMTP Postfix
 In:  EHLO mail.example.net
 Out: 250 mx.example.com
 In:  MAIL FROM:<a@example.net>
 Out: 250 2.1.0 Ok
 In:  RCPT TO:<b@example.com>
 Out: 250 2.1.5 Ok
 In:  DATA
 Out: 354 End data with <CR><LF>.<CR><LF>
 Out: 451 4.3.0 Error: queue file write error
 In:  NOOP

Session aborted, reason: lost connection

For other details, see the local mail logfile
"""
NOTICE_OF_CLIENT = """\
Subject: Postfix SMTP client: errors from mx.example.com[192.0.2.1]:25

Unexpected response from mx.example.com[192.0.2.1]:25.

Transcript of session follows.

 In:  220 mx.example.com ESMTP
 Out: EHLO client.example.net
 In:  250-mx.example.com
 In:  250 PIPELINING
 Out: MAIL FROM:<a@example.net>
 Out: RCPT TO:<b@example.com>
 Out: DATA
 In:  250 2.1.0 Ok
 In:  550 5.1.1 No such user
 In:  503 5.5.1 RCPT first
 Out: QUIT
"""
SEED_WRONG = """\
220 mail.domain1.com ESMTP Service ready
EHLO ESA.com
250-STARTTLS <--- 250-STARTTLS is before the server greeting.
250-mail.domain1.com <--- This is the 250 destination server greeting.
250-8BITMIME
250-PIPELINING
250-HELP
250-DELIVERBY 300
250 SIZE 30000000
"""
SEED_RIGHT = """\
220 mail-esa.com ESMTP
EHLO connecting.server.com
250-mail-esa.com <---

    This is the 250 destination server greeting.

250-8BITMIME
250-SIZE 33554432
250 STARTTLS <--- STARTTLS is available after the greeting, it's not considered a greeting as per RFC.
"""
DESIGN_WRONG = """\
250-STARTTLS                 <- strict: greeting (not a keyword). lenient: STARTTLS
250-mail.domain1.com         <- strict: an unknown keyword, syntactically invalid ('.' in it)
250-8BITMIME
250-PIPELINING
250-HELP
250-DELIVERBY 300
250 SIZE 30000000
"""
DESIGN_RIGHT = "`250-mail-esa.com / 250-8BITMIME / 250-SIZE 33554432 / 250 STARTTLS`."

SWAKS = """\
=== Trying mx.example.com:25...
=== Connected to mx.example.com.
<-  220 mx.example.com ESMTP
 -> EHLO client.example.net
<-  250-mx.example.com
<-  250-PIPELINING
<-  250 STARTTLS
 -> STARTTLS
<-  220 2.0.0 Ready to start TLS
=== TLS started with cipher TLSv1.3:TLS_AES_256_GCM_SHA384:256
=== TLS client certificate not requested and not sent
=== TLS peer[0]   subject=[/CN=mx.example.com]
===               commonName=[mx.example.com], subjectAltName=[DNS:mx.example.com]
=== TLS peer certificate passed CA verification, passed host verification (using host \
mx.example.com to verify)
 ~> EHLO client.example.net
<~  250-mx.example.com
<~  250 PIPELINING
 ~> MAIL FROM:<a@example.net>
<~  250 2.1.0 Ok
 ~> RCPT TO:<b@example.com>
<~* 550 5.1.1 <b@example.com>: Recipient address rejected: User unknown
 ~> QUIT
<~  221 2.0.0 Bye
=== Connection closed with remote host.
"""
SWAKS_DATA = """\
$ swaks --server mx.example.com:587 --to b@example.com
=== Trying mx.example.com:587...
=== Connected to mx.example.com.
<-  220 mx.example.com ESMTP
 -> EHLO client.example.net
<-  250 mx.example.com
 -> MAIL FROM:<a@example.net>
<-  250 2.1.0 Ok
 -> RCPT TO:<b@example.com>
<-  250 2.1.5 Ok
 -> DATA
<-  354 End data with <CR><LF>.<CR><LF>
 -> Subject: 250 words
 ->\x20
 -> QUIT
 -> 554 is no reply here
 ->\x20
 -> .
<** 554 5.7.1 Message refused by policy
 -> QUIT
<-  221 2.0.0 Bye
=== Connection closed with remote host.
"""
SWAKS_REFUSED = """\
=== Trying mx.example.com:25...
*** Error connecting to mx.example.com:25:
*** \tIO::Socket::INET6: connect: Connection refused
"""
SWAKS_TLS_FAILED = """\
=== Trying 192.0.2.1:25...
=== Connected to 192.0.2.1.
<-  220 mx.example.com ESMTP
 -> EHLO client.example.net
<-  250-mx.example.com
<-  250 STARTTLS
 -> STARTTLS
<-  220 2.0.0 Ready
*** TLS startup failed (connect(): error:0A000102:SSL routines::unsupported protocol)
"""
TELNET = """\
$ telnet mx.example.com 25
Trying 192.0.2.1...
Connected to mx.example.com.
Escape character is '^]'.
220 mx.example.com ESMTP
ehlo client.example.net
250-mx.example.com
250-STARTTLS
250 HELP
mail from:<a@example.net>
250 2.1.0 Ok
rcpt to:<b@example.com>
451 4.7.1 Try again later
quit
221 2.0.0 Bye
Connection closed by foreign host.
"""
TELNET_STARTTLS = """\
Trying 192.0.2.1...
Connected to mx.example.com.
Escape character is '^]'.
220 mx.example.com ESMTP
EHLO client.example.net
250-mx.example.com
250 STARTTLS
STARTTLS
220 2.0.0 Ready to start TLS
EHLO client.example.net
Connection closed by foreign host.
"""
TELNET_REFUSED = """\
Trying 192.0.2.1...
telnet: Unable to connect to remote host: Connection refused
"""
NC = """\
Connection to mx.example.com (192.0.2.1) 25 port [tcp/smtp] succeeded!
554 5.7.1 you are listed at bl.example.org
"""
NCAT = """\
Ncat: Version 7.93 ( https://nmap.org/ncat )
Ncat: Connected to 192.0.2.1:25.
220 mx.example.com ESMTP
HELO client.example.net
250 mx.example.com
QUIT
221 Bye
Ncat: 24 bytes sent, 60 bytes received in 2.05 seconds.
"""
POSTTLS_FINGER = """\
posttls-finger: Connected to mx.example.com[192.0.2.1]:25
posttls-finger: < 220 mx.example.com ESMTP Postfix
posttls-finger: > EHLO client.example.net
posttls-finger: < 250-mx.example.com
posttls-finger: < 250-STARTTLS
posttls-finger: < 250 8BITMIME
posttls-finger: > STARTTLS
posttls-finger: < 220 2.0.0 Ready to start TLS
posttls-finger: mx.example.com[192.0.2.1]:25: Matched subjectAltName: mx.example.com
posttls-finger: mx.example.com[192.0.2.1]:25 CommonName mx.example.com
posttls-finger: mx.example.com[192.0.2.1]:25: subject_CN=mx.example.com, issuer_CN=Example CA
posttls-finger: Verified TLS connection established to mx.example.com[192.0.2.1]:25: TLSv1.3 \
with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 server-signature RSA-PSS \
(2048 bits) server-digest SHA256
posttls-finger: > EHLO client.example.net
posttls-finger: < 250-mx.example.com
posttls-finger: < 250 8BITMIME
posttls-finger: > QUIT
posttls-finger: < 221 2.0.0 Bye
"""
POSTTLS_REFUSED = """\
posttls-finger: connect to mx.example.com[192.0.2.1]:25: Connection refused
posttls-finger: Failed to establish session to example.com via mx.example.com: \
connect to mx.example.com[192.0.2.1]:25: Connection refused
"""
MARKED = """\
S: 220 mx.example.com ESMTP
C: EHLO client.example.net
S: 250-mx.example.com
S: 250-STARTTLS
S: 250 SIZE 1000
C: STARTTLS
S: 220 Go ahead
C: EHLO client.example.net
S: 250-mx.example.com
S: 250 SIZE 1000
C: QUIT
S: 221 Bye
"""
ARROWS = """\
<<< 220 mx.example.com ESMTP
>>> EHLO client.example.net
<<< 250-mx.example.com
<<< 250 8BITMIME
>>> QUIT
<<< 221 Bye
"""
TIMED = """\
[12:00:00.000] S: 220 mx.example.com ESMTP
[12:00:01.250] C: EHLO client.example.net
[12:00:03.500] S: 250-mx.example.com
[12:00:03.500] S: 250 STARTTLS
[12:00:04.000] C: QUIT
[12:00:04.100] S: 221 Bye
"""
QUOTED = "".join(f"> {line}\n" for line in SEED_WRONG.splitlines())
QUOTED_TWICE = "".join(f"> > {line}\n" for line in ARROWS.splitlines())
CURL = """\
*   Trying 192.0.2.1:25...
* Connected to mx.example.com (192.0.2.1) port 25 (#0)
< 220 mx.example.com ESMTP
> EHLO client.example.net
< 250-mx.example.com
< 250 STARTTLS
> QUIT
< 221 Bye
* Closing connection 0
"""
SERVER_ONLY = """\
220 mx.example.com ESMTP
250-mx.example.com
250-STARTTLS
250 HELP
220 Ready to start TLS
250-mx.example.com
250 HELP
221 Bye
"""
TCPDUMP_A = """\
10:00:00.000000 IP 192.0.2.10.40000 > 192.0.2.1.25: Flags [S], seq 1, win 64240, length 0
E..<..@.@.....
10:00:00.010000 IP 192.0.2.1.25 > 192.0.2.10.40000: Flags [P.], seq 1:27, ack 1, length 26: \
SMTP: 220 mx.example.com ESMTP
E..B..@.@..........P....220 mx.example.com ESMTP

10:00:00.020000 IP 192.0.2.10.40000 > 192.0.2.1.25: Flags [P.], seq 1:26, ack 27, length 25: \
SMTP: EHLO client.example.net
E..A..@.@..........P....EHLO client.example.net

10:00:00.030000 IP 192.0.2.1.25 > 192.0.2.10.40000: Flags [P.], seq 27:60, ack 26, length 33: \
SMTP: 250-mx.example.com
E..I..@.@..........P....250-mx.example.com
250 STARTTLS

"""
TSHARK = """\
    4   0.010000    192.0.2.1 → 192.0.2.10   SMTP 92 S: 220 mx.example.com ESMTP
    6   0.020000   192.0.2.10 → 192.0.2.1    SMTP 91 C: EHLO client.example.net
    8   0.030000    192.0.2.1 → 192.0.2.10   SMTP 99 S: 250-mx.example.com | 250 STARTTLS
"""
FOLLOWED = """\
===================================================================
Follow: tcp,ascii
Filter: tcp.stream eq 0
Node 0: 192.0.2.10:40000
Node 1: 192.0.2.1:25
\t26
220 mx.example.com ESMTP

25
EHLO client.example.net

\t34
250-mx.example.com
250 STARTTLS

===================================================================
"""
WRAPPED = """\
220 mx.example.com ESMTP
EHLO client.example.net
250-mx.example.com
this line has no code
250 HELP
"""
CUT_SHORT = """\
220 mx.example.com ESMTP
EHLO client.example.net
250-mx.example.com
250-STARTTLS
"""

CASES: tuple[Case, ...] = (
    Case(
        name="the seed's wrong dialogue",
        text=SEED_WRONG,
        kinds=_CLEAR,
        host="mail.domain1.com",
        codes=frozenset({"EHLO003", "EHLO004"}),
    ),
    Case(name="the seed's right dialogue", text=SEED_RIGHT, kinds=_CLEAR, host="mail-esa.com"),
    Case(
        name="a bare EHLO response with remarks",
        text=DESIGN_WRONG,
        kinds=(K.CONNECT, K.EHLO),
        host="mail.domain1.com",
        codes=frozenset({"EHLO003"}),
    ),
    Case(
        name="a bare EHLO response in one line",
        text=DESIGN_RIGHT,
        kinds=(K.CONNECT, K.EHLO),
        host="mail-esa.com",
    ),
    Case(
        name="swaks with TLS and a refused recipient",
        text=SWAKS,
        kinds=(*_TLS, K.MAIL, K.RCPT, K.QUIT),
        product=Product.SWAKS,
        codes=frozenset({"ENV002"}),
    ),
    Case(
        name="swaks with a refused message",
        text=SWAKS_DATA,
        kinds=(*_CLEAR, K.MAIL, K.RCPT, K.QUIT),
        product=Product.SWAKS,
        port=587,
    ),
    Case(
        name="swaks refused at once",
        text=SWAKS_REFUSED,
        kinds=(K.CONNECT,),
        product=Product.SWAKS,
    ),
    Case(
        name="swaks whose handshake failed",
        text=SWAKS_TLS_FAILED,
        kinds=(*_CLEAR, K.STARTTLS, K.HANDSHAKE),
        product=Product.SWAKS,
        address="192.0.2.1",
    ),
    Case(
        name="telnet with small letters",
        text=TELNET,
        kinds=(*_CLEAR, K.MAIL, K.RCPT, K.QUIT),
        product=Product.TELNET,
        address="192.0.2.1",
    ),
    Case(
        name="telnet that typed STARTTLS",
        text=TELNET_STARTTLS,
        kinds=(*_CLEAR, K.STARTTLS),
        product=Product.TELNET,
        address="192.0.2.1",
    ),
    Case(
        name="telnet refused",
        text=TELNET_REFUSED,
        kinds=(K.CONNECT,),
        product=Product.TELNET,
        host="",
        address="192.0.2.1",
    ),
    Case(
        name="nc greeted with 554",
        text=NC,
        kinds=(K.CONNECT, K.GREETING),
        product=Product.TELNET,
        address="192.0.2.1",
    ),
    Case(
        name="ncat with HELO",
        text=NCAT,
        kinds=(K.CONNECT, K.GREETING, K.HELO, K.QUIT),
        product=Product.TELNET,
        address="192.0.2.1",
    ),
    Case(
        name="posttls-finger",
        text=POSTTLS_FINGER,
        kinds=(*_TLS, K.QUIT),
        product=Product.POSTTLS_FINGER,
        address="192.0.2.1",
    ),
    Case(
        name="posttls-finger refused",
        text=POSTTLS_REFUSED,
        kinds=(K.CONNECT,),
        product=Product.POSTTLS_FINGER,
        address="192.0.2.1",
    ),
    Case(
        name="a notice of Postfix's server",
        text=NOTICE_OF_SERVER,
        kinds=(*_TLS, K.MAIL, K.RCPT, K.QUIT),
        product=Product.POSTFIX,
    ),
    Case(
        name="a notice of Postfix's server, bare",
        text=NOTICE_OF_SERVER.split("follows.")[1],
        kinds=(*_TLS, K.MAIL, K.RCPT, K.QUIT),
        product=Product.POSTFIX,
    ),
    Case(
        name="a notice of Postfix's server, with a message",
        text=NOTICE_WITH_MESSAGE,
        kinds=(*_CLEAR, K.MAIL, K.RCPT),
        product=Product.POSTFIX,
    ),
    Case(
        name="a notice of Postfix's client",
        text=NOTICE_OF_CLIENT,
        kinds=(*_CLEAR, K.MAIL, K.RCPT, K.QUIT),
        product=Product.POSTFIX,
        address="192.0.2.1",
    ),
    Case(name="marked C and S", text=MARKED, kinds=(*_TLS, K.QUIT)),
    Case(name="marked by arrows", text=ARROWS, kinds=(*_CLEAR, K.QUIT)),
    Case(name="with times", text=TIMED, kinds=(*_CLEAR, K.QUIT)),
    Case(
        name="quoted",
        text=QUOTED,
        kinds=_CLEAR,
        host="mail.domain1.com",
        codes=frozenset({"EHLO003"}),
    ),
    Case(name="quoted twice, marked by arrows", text=QUOTED_TWICE, kinds=(*_CLEAR, K.QUIT)),
    Case(name="curl", text=CURL, kinds=(*_CLEAR, K.QUIT), address="192.0.2.1"),
    Case(name="the server's side alone", text=SERVER_ONLY, kinds=(*_TLS, K.QUIT)),
    Case(
        name="tcpdump -A",
        text=TCPDUMP_A,
        kinds=_CLEAR,
        product=Product.TCPDUMP,
        address="192.0.2.1",
    ),
    Case(
        name="tshark's summaries",
        text=TSHARK,
        kinds=_CLEAR,
        product=Product.TCPDUMP,
        address="192.0.2.1",
    ),
    Case(
        name="a followed stream",
        text=FOLLOWED,
        kinds=_CLEAR,
        product=Product.TCPDUMP,
        address="192.0.2.1",
    ),
    Case(name="a line without code in a reply", text=WRAPPED, kinds=_CLEAR),
    Case(name="cut short", text=CUT_SHORT, kinds=_CLEAR),
)
