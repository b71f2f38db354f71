"""SPF, DKIM, DMARC and ARC: who may send for a domain, and what a receiver makes of one message.

RFC 7208, RFC 6376 (with 8301, 8463, 8616), RFC 9989 beside RFC 7489, RFC 8601, RFC 8617.  Everything
that asks DNS is written as a generator of questions (``mxwalk.mailauth.asking``), so that a live walk
and a saved trace run the same code.  Nothing here opens a socket, and no signature is computed by
code of ours.
"""
