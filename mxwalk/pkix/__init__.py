"""Why a certificate chain is trusted or not: an explanation, beside OpenSSL's verdict.

Everything here is a pure function of certificates as bytes and a time; nothing is fetched, and no
bytes make it raise.  OpenSSL's verification decides; where the explanation says something else, the
explanation is wrong.
"""
