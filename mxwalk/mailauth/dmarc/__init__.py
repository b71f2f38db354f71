"""DMARC: records, discovery, alignment and disposition (RFC 9989, beside it RFC 7489).

A domain says at ``_dmarc.<domain>`` what is to be done with mail in its name that neither SPF nor DKIM
authenticates with an aligned name, and where reports go.  RFC 9989 finds record and Organizational
Domain by walking up the tree, RFC 7489 by the public suffix list; both are always computed.  A query
without usable answer leaves a result open and is never read as "no record".
"""
