"""Named maxima for everything that comes from the network or a file, each with its reason.

``tests/resources/bounds`` names the test that holds each.  Elsewhere stand only: numbers that are a
protocol's own, with their section; how much of a value a sentence or a screen shows; how many results a
function remembers; the pieces in which a file is read; and the pace of what people look at.
"""

# RFC 5321 4.5.3.1.5 allows 512 octets a reply line; real servers exceed it, floods do so by far.
REPLY_LINE_RECOMMENDED_BYTES = 512
REPLY_LINE_BYTES = 8 * 1024
# A hundred extensions of legal length fit; an endless reply is cut off here.
REPLY_BYTES = 64 * 1024
REPLY_LINES_RECOMMENDED = 100
# Of a reply in a sender's log line: Postfix keeps as much of one (line_length_limit).
LOG_REPLY_CHARS = 2 * 1024
# Timeouts measure progress; a reply or a TLS record that drips in may take this many times the
# timeout in all.
DRIP_FACTOR = 5

# A peer that reads nothing holds a write up, and one that never closes the end of a connection.
SEND_TIMEOUT_S = 60.0
CLOSE_TIMEOUT_S = 1.0

# Bytes that arrived and nobody asked for yet; beyond, reading pauses and TCP holds the sender back.
RECEIVE_BUFFER_BYTES = 256 * 1024

# DNS over TCP cannot carry more (RFC 1035 4.2.2).
DNS_MESSAGE_BYTES = 65_535
# Real aliases take one step or two; resolvers themselves give up after a dozen or so.
CNAME_HOPS = 12
# Real domains publish under twenty hosts; each more costs its look-ups and connections.
MX_HOSTS = 100
# Large services publish some ten addresses of a host; a sender tries few of them.
ADDRESSES_PER_HOST = 32
# An address has one name, seldom two, and each is looked up again; RFC 7208 4.6.4 stops at ten, too.
PTR_NAMES = 10
# A hundred hosts of 32 addresses would be a day of timeouts, and a scan in our name.
ADDRESSES_PER_WALK = 200
# Aliases and what DNSSEC is validated with included: a hundred hosts of two addresses ask some 2,000.
DNS_QUESTIONS_PER_WALK = 5_000
# Pauses aside.  Two hundred addresses that do not answer take 100 minutes.
WALK_S = 4 * 3_600.0
# Each question under way holds a socket; a domain of a hundred MX hosts asks 200 questions.
DNS_QUESTIONS_AT_ONCE = 64
# A full message holds 4,000 records; a domain with more than this in one section has a fault.
DNS_RECORDS = 500

# On port 465 TLS comes first and no greeting will (RFC 8314 3.3).
IMPLICIT_TLS_GREETING_S = 10.0

# OpenSSL gives up a handshake message far below this; a chain of 1,000 certificates fits.
HANDSHAKE_BYTES = 4 * 1024 * 1024
# What one step takes from the wire and keeps, records of TLS and their padding (RFC 8446 5.4) included:
# a reply in fifty records of the largest size takes under one MiB.
STEP_WIRE_BYTES = 4 * 1024 * 1024
# So many pieces are kept with the time of each, later ones with their neighbours; a handshake has ten.
STEP_WIRE_PIECES_TIMED = 4_096
# What neighbours cannot be joined into: both sides spoke in turn so often.
STEP_WIRE_PIECES = 16_384
# Real chains have two to four; in the 100 KiB that OpenSSL takes there is no room for so many.
CHAIN_CERTIFICATES = 1_000
# A handshake has about a dozen messages, each way of telling it included.
HANDSHAKE_MESSAGES = 100
# Servers that name every public root as acceptable send 150 names.
ACCEPTABLE_AUTHORITIES = 200
# Extensions, groups, schemes or types of one message; clients have some twenty of each.
HANDSHAKE_NAMED = 64
# Most CAs put a hundred names into a certificate at most, some a thousand or two.
CERTIFICATE_NAMES_SHOWN = 10_000
# Pairs of names that are kept: more than anyone reads; a hostile certificate could ask for a million.
IDENTITY_CELLS = 20_000

# Real record sets have under ten; a DNS message holds 1,400.  OpenSSL follows 100 issuers.
TLSA_RECORDS = 200
DANE_CERTIFICATES = 100
# Trust anchors in full are held against every certificate on the way up; one or two are real.
DANE_FULL_ANCHORS = 8
# Certificates of one subject: a CA renews its own once in years, and cross-signs with one or two.
DANE_ISSUERS_TRIED = 8
DANE_FORMS_TRIED = 4

# Bundles of all public roots are about 250 KB; a store with every intermediate known is 15 MB.
TRUST_STORE_BYTES = 32 * 1024 * 1024
# Three are compared today: the system's, certifi's, and none at all.
TRUST_STORES_BESIDE = 16

# One step of a trace: a full handshake with 1,000 certificates in base64 stays well below.
TRACE_LINE_BYTES = 16 * 1024 * 1024
TRACE_BYTES = 256 * 1024 * 1024
# A note waits so often, and so long each time, for another program that writes into the same trace: a
# note is written in a moment, and nobody waits for a walk to end.
TRACE_LOCK_TRIES = 6
TRACE_LOCK_PAUSE_S = 0.05
# Two hundred addresses make some 3,000 steps; the rest is for what a person repeats and notes.
TRACE_STEPS = 100_000

# Notes of a person on steps: a paragraph or two each; more belongs into a document of its own.
NOTE_CHARS = 2_000
NOTES_PER_TRACE = 1_000

# What a person may type or paste into one field.
TARGET_CHARS = 4_096
# Understood at every key that is typed.
TYPED_CHARS = 4_000
TYPED_CLUE_CHARS = 8_192
# What a field of one line holds, so that a line that is understood when typed can be pasted.
FIELD_CHARS = TYPED_CLUE_CHARS
# What a field of many lines holds, and what is understood of lines pasted into the first field: a
# bounce mail has 50 KB.  It is laid out before anything else is drawn, a line in the square of its
# length.
PASTED_CHARS = 128 * 1024
PASTED_LINE_CHARS = 4_096
# What a file or folder that is named in the field may be, seen without reading it.
SNIFFED_BYTES = 16_384
FOLDER_FILES_LOOKED = 30
# The id of a sender with its list of names or fingerprints; seven SHA-256 digests fit.
SENDER_CHARS = 500

# The root has two anchors of a hundred characters; files with some of every zone of a company fit.
ANCHOR_FILE_CHARS = 100_000
TRUST_ANCHORS = 1_000

# KeyTrap (CVE-2023-50387): signatures times keys of one tag; real zones need one or two checks.
DNSSEC_CHECKS_PER_RRSET = 8
DNSSEC_CHECKS_PER_QUESTION = 256
DNSSEC_CHECKS_PER_WALK = 8_192
DNSSEC_SIGNATURES_SHOWN = 32
# A proof takes three records; a chain of wildcard aliases some more.
DNSSEC_DENIAL_RECORDS = 48
# CVE-2023-50868: RFC 9276 3.2 lets validators draw the line; 50 is where today's stricter ones do.
NSEC3_ITERATIONS = 50
NSEC3_HASHES_PER_QUESTION = 512
DNSSEC_QUESTIONS = 400
# DS records times keys of their tag: a zone that changes keys has two of each.
DNSSEC_DIGESTS_PER_SET = 256

# Addresses in certificates have under 200 characters.  The largest public CRLs have some megabytes.
HTTP_URL_CHARS = 2_048
HTTP_HEADER_BYTES = 64 * 1024
HTTP_BODY_BYTES = 20 * 1024 * 1024
# Lists and issuers that have moved lead there at once.
HTTP_REDIRECTS = 2
# RFC 9110 15.2: early hints come once or twice before an answer.
HTTP_INTERIM_RESPONSES = 8
# Where four addresses of a host do not answer, the others hardly will.
HTTP_ADDRESSES_PER_HOST = 4
# A path of four certificates asks ten addresses; a hostile chain could name thousands.
HTTP_REQUESTS_PER_WALK = 200
HTTP_BYTES_PER_WALK = 100 * 1024 * 1024
# One caIssuers answer; real ones hold one certificate, or a handful in PKCS#7.
ISSUERS_BYTES = 1024 * 1024
ISSUERS_PER_ANSWER = 32
# All questions of one step; the mail server waits meanwhile, and some hang up after a minute or two.
ASKING_S = 60.0
# A chain lacks one intermediate, seldom two.
FETCHED_ISSUERS = 4

# RFC 5321 4.5.3.1: a local part, a domain (or address literal), and both around an "@".
LOCAL_PART_BYTES = 64
NAME_BYTES = 255
MAILBOX_BYTES = LOCAL_PART_BYTES + 1 + NAME_BYTES

# Explaining a chain.  Real chains have two to four certificates and a handful of paths; the rest is
# a certificate mesh or an attack.  OpenSSL follows 100 issuers and compares 2^20 names at most.
PATH_CERTIFICATES = 101
PATH_CANDIDATES = 16
PATH_ISSUERS_TRIED = 8
PATH_STEPS = 512
PATH_SIGNATURES = 256
CONSTRAINT_COMPARISONS = 1 << 20
CONSTRAINT_CHECKS_SHOWN = 2_000
ODDITIES_SHOWN = 64
# Browsers ask for two or three; logs add at most a few more.
CERTIFICATE_TIMESTAMPS = 64
# Of a SEQUENCE in CRL or OCSP: twenty extensions are many; a point of a partitioned list has one name.
DER_PARTS = 100
# Numbers in certificates are keys of 16384 bits at most; object identifiers have some ten octets.
DER_INTEGER_BYTES = 4_096
DER_OID_BYTES = 128

# The largest public CRLs have some megabytes.  OCSP responses have under 5 KB, certificates included.
CRL_BYTES = 20 * 1024 * 1024
# Entries of an indirect CRL that name an issuer are read once for each entry of the certificate.
CRL_ISSUERS_READ = 1_000
# RFC 5280 5.2.3 allows 20 octets.
CRL_NUMBER_BITS = 8 * 64
# A response has some two KB, one answer, and the certificate of its signer.
OCSP_BYTES = 256 * 1024
OCSP_SINGLE_RESPONSES = 100
OCSP_CERTIFICATES = 10
# A key may be made to take a hundredth of a second, and responses are read while somebody looks on.
OCSP_SIGNERS_TRIED = 3
# Certificates in the field name one responder and one or two distribution points.
REVOCATION_URLS_PER_CERTIFICATE = 4
REVOCATION_CERTIFICATES = 10

# Reports of TLS and of DMARC: a folder of a year's e-mails fits; a name or reason has under 200
# characters; what packs well is looked at only once it is large.
REPORT_FILES = 5_000
REPORT_FOLDER_DEPTH = 4
REPORT_GZIP_MEMBERS = 10_000
REPORT_MAIL_BYTES = 32 * 1024 * 1024
REPORT_MAIL_FIELD_BYTES = 8 * 1024
REPORT_MAIL_LINES = 600_000
REPORT_MAIL_PARTS = 100
REPORT_MAIL_DASHES = 1_000
REPORT_TEXT_CHARS = 2_000
REPORT_PLACES = 5
REPORT_DEVIATIONS = 200
REPORT_DAYS = 400
REPORT_RATIO_FROM = 16 * 1024 * 1024

# RFC 8460.  The largest senders' daily reports have some megabytes of JSON, packed far less.
TLSRPT_JSON_BYTES = 64 * 1024 * 1024
TLSRPT_BYTES = 512 * 1024 * 1024
TLSRPT_REPORTS = 10_000
# A row of failures has seven members; what has more values than this is no report.
TLSRPT_JSON_VALUES = 2_500_000
TLSRPT_POLICIES = 10_000
TLSRPT_POLICY_BYTES = 1024 * 1024
TLSRPT_POLICY_LINES = 1_000
TLSRPT_ROW_BYTES = 64 * 1024
TLSRPT_ROWS = 500_000
# The record at _smtp._tls: one, with two fields.
TLSRPT_RECORDS = 50
TLSRPT_FIELDS = 50

# MTA-STS: a record has two fields, a policy under twenty lines.  RFC 8461 3.3 suggests 64 KB.
STS_RECORD_FIELDS = 100
STS_POLICY_BYTES = 64 * 1024
# RFC 8461 3.3 suggests one minute for the whole fetch.
STS_FETCH_S = 60.0
STS_POLICY_KEPT_BYTES = 4 * STS_POLICY_BYTES  # placeholders of a redaction may lengthen it
STS_POLICY_LINES = 2_000
STS_LINE_BYTES = 1_000
STS_DEVIATIONS = 200

# A message with its attachments; large providers take 25 MB before encoding.
MESSAGE_BYTES = 36 * 1024 * 1024
# The first line of a trace holds the message in base64.
TRACE_HEADER_BYTES = 52 * 1024 * 1024
# Real messages have one to four signatures; receivers look at five or ten.
MESSAGE_SIGNATURES = 50
# One evaluation: SPF asks ten terms of at most ten names each, discovery eight names a walk.
MAILAUTH_ANSWERS = 1_000
# What a person names on the command line, and the list of common selectors.
SURVEY_SELECTORS = 200
SURVEY_SUBDOMAINS = 50

# Ten hops leave some 300 header fields.
MESSAGE_FIELDS = 2_000
# RFC 5322 3.6 allows one.
MESSAGE_FROM_FIELDS = 5
MESSAGE_FIELD_BYTES = 64 * 1024
MESSAGE_HEADER_BYTES = 2 * 1024 * 1024
# RFC 5322 2.1.1: a line without its CRLF.
MESSAGE_LINE_BYTES = 998
MESSAGE_ADDRESS_CHARS = 4_096
MESSAGE_ADDRESSES = 100
MESSAGE_COMMENT_DEPTH = 20
MESSAGE_RECEIVED_CHARS = 4_096
# Fields in which receivers told their results; one for each hop, and newer ones stand above.
MESSAGE_CLAIMS_READ = 20
MESSAGE_CLAIMS_COMPARED = 10
# A message in a message in a message: who sends more has not attached what is in question.
MESSAGE_PART_DEPTH = 3
# Tags of a record or a signature; DKIM and DMARC define a dozen each.
MAIL_TAGS = 200

# DKIM.  Real signature fields have under 2 KB, and name under a hundred fields in h=.
DKIM_SIGNATURE_BYTES = 16 * 1024
DKIM_SIGNED_NAMES = 500
DKIM_KEY_BYTES = 16 * 1024
DKIM_KEY_RECORDS = 8
# What OpenSSL allows: 16384 bits, and an exponent of 64 bits for keys over 3072.
DKIM_RSA_BITS = 16_384
DKIM_RSA_LARGE_BITS = 3_072
DKIM_RSA_EXPONENT_BITS = 64
# OpenDKIM's allowance for clocks that differ.
DKIM_CLOCK_SKEW_S = 300
# Explaining a broken signature: bodies hashed, and signatures checked again.
DKIM_BODIES_TRIED = 400
DKIM_BODY_BYTES_TRIED = 32 * 1024 * 1024
DKIM_HEADERS_TRIED = 64
DKIM_FOOTER_LINES = 50_000
DKIM_BLOCK_LINES = 200_000
# Places where a block may begin, lines joined again, and parts: of messages that people write, all.
DKIM_BLOCK_STARTS = 4_000
DKIM_JOINS_TRIED = 2_000
DKIM_JOINED_BYTES = 1_000_000
DKIM_PARTS_TRIED = 50
DKIM_BOUNDARIES_TRIED = 100
# Every hop may sign; real messages have under ten.
DKIM_SIGNATURES = 50
# RFC 8617 4.2.1 allows 50 sets.
ARC_SETS = 50
# Each set has three fields; a chain of fifty broken ones has this many faults to tell.
ARC_PROBLEMS = 100

# DMARC.  RFC 7489 6.2 asks receivers for two report addresses; records with ten are known.
DMARC_REPORT_ADDRESSES = 50
# Each host of them may cost eight queries of a walk and one more.
DMARC_REPORT_HOSTS = 10
# Of a domain's roll-out: what sends for it, which is told one by one.
ROLL_OUT_SENDERS = 50
# TXT records shown at one name; where one is meant, wildcards bring a handful.
DMARC_RECORDS_SHOWN = 20
# RFC 9989 11.5: who weighs several From domains must draw a line.
DMARC_AUTHOR_DOMAINS = 10

# DMARC aggregate reports.  The largest have some hundred MB of XML, which packs well.
DMARC_RATIO = 250
DMARC_XML_BYTES = 1024 * 1024 * 1024
DMARC_PACKED_BYTES = 64 * 1024 * 1024
DMARC_TOTAL_BYTES = 4 * 1024 * 1024 * 1024
DMARC_REPORTS = 10_000
# RFC 9990 3.1.3 allows 100 signatures a row; the schema is seven elements deep.
DMARC_DEPTH = 32
DMARC_ELEMENTS_PER_RECORD = 2_000
DMARC_SIGNATURES = 120
DMARC_REASONS = 20
DMARC_RECORDS = 300_000
DMARC_SOURCES = 2_000
DMARC_PTR_LOOKUPS = 100
DMARC_ZIP_ENTRIES = 1_000
DMARC_ZIP_DIRECTORY_BYTES = 1024 * 1024
# expat keeps a token until it ends, and reads it again with every piece; names have some ten octets.
DMARC_TOKEN_BYTES = 1024 * 1024
DMARC_NAMES = 2_000
# Real reports have none or one of each.
DMARC_EXTENSIONS = 20
DMARC_ERRORS = 20
DMARC_METADATA = 1_000

# SPF: 65,535 octets of TXT hold 30,000 terms; the longest real records have under a hundred.
SPF_TERMS = 1_000
# A record that a person gives on the command line.
SPF_RECORD_CHARS = 20_000
# RFC 7208 9.1: a field has eight pairs at most.
SPF_RECEIVED_CHARS = 16_384
SPF_RECEIVED_PAIRS = 50
# What a fail's explanation shows of itself; a reply line takes 512 octets.
SPF_EXPLANATION_CHARS = 2_000
# Networks and records that the survey of a domain walks through, macros and loops beside them.
SPF_SURVEY_RECORDS = 100
SPF_SURVEY_QUESTIONS = 400
SPF_SURVEY_NETWORKS = 20_000
# RFC 7208 4.6.4: an overall limit should allow at least 20 seconds.
SPF_OVERALL_S = 20.0
# Sender and HELO name in a trace: as long as a field of the message that they are taken from.
SPF_ARGUMENT_CHARS = 2 * MESSAGE_RECEIVED_CHARS

# Authentication-Results fields: a dozen results with a handful of properties are real.
AUTHRES_BYTES = 64 * 1024
AUTHRES_RESULTS = 200
AUTHRES_PROPERTIES = 50

# Pasted texts: a bounce mail with headers has 50 KB, a day's log of a small server under 2 MB.
CLUE_CHARS = 2 * 1024 * 1024
CLUE_LINES = 40_000
# Of a log record put together again; the longest replies are quoted in under 2,000.
CLUE_LINE_CHARS = 4_096
CLUES = 200
# Those of a dialogue, before they are put in order and cut to the number above.
CLUES_TOLD = 5 * CLUES
CLUE_LEADS = 20
CLUE_RECIPIENTS = 20
CLUE_QUOTED_CHARS = 600
# Certificates of a pasted handshake; servers send two to four.
CLUE_CERTIFICATES = 20
# Commands of one pasted connection; a dialogue by hand has ten.
CLUE_EXCHANGES = 500
# Parts of a bounce mail: the report, its fields, the message that came back.
CLUE_PARTS = 30
# The header of a pasted mail, and how many messages of one connection a log's line may be about.
CLUE_HEAD_CHARS = 65_536
CLUE_MESSAGES = 10
# Connections and messages of one log that are joined by their numbers.
CLUE_RECORDS = 2_000
# Of a packet in a pasted capture: IP carries no more (RFC 791 3.1).
CLUE_PACKET_BYTES = 65_536

# Watching.  Three rounds an hour for a month; a trace with its certificates takes some 100 KB.
WATCH_ROUNDS = 2_000
WATCH_TRACES = 20
# A line a change: a domain with a hundred hosts may change all of them at once.
WATCH_CHANGES = 50
# What a watch remembers of each subject (addresses, certificates, old records): more than a hundred
# hosts have, and an end where a server gives other addresses each time.
WATCH_REMEMBERED = 1_000
# Connecting to large receivers to see whether TCP port 25 gets out: so many, one at a time.
EGRESS_HOSTS = 6
# OpenSSL's configuration as distributions install it has 12 KB.
OWN_CONFIG_BYTES = 1024 * 1024

# Comparing two walks.  A policy of two hundred lines has under two thousand words; the time of finding
# what two texts share grows with the square.
COMPARED_TOKENS = 2_000
# Each asks a sender once more; twenty hosts with ten kinds of steps are judged in a second.
COMPARED_JUDGEMENTS = 200

# A letter fits a screen or two; more findings, replies or records belong into a report.
LETTER_FINDINGS = 5
LETTER_PLACES = 3
LETTER_LINES = 14
LETTER_ADDRESSES = 8
LETTER_LINE_CHARS = 300
# Saved walks whose first line is read to find those of one target, and how many of them are opened.
SAVED_WALKS_LOOKED = 1_000
SAVED_WALKS_READ = 50
# A saved walk longer than this is named on the start screen without what came of it.
SAVED_WALK_TOLD_BYTES = 4 * 1024 * 1024

# Looking for our own names in what is to be redacted.  Replies tell an address once or twice, and a
# DNS message a name some ten times; one with more is dropped whole.
REDACTED_OCCURRENCES = 20
REDACTED_ADDRESSES = 20
REDACTED_LABELS_TRIED = 200

# The settings, with every key of the interface in them, have under 10 KB.
SETTINGS_BYTES = 64 * 1024

# What the search goes through; a walk over twenty hosts has under two thousand entries.
SEARCH_ENTRIES = 20_000
