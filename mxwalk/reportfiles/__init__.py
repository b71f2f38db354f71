"""What every kind of report is read with: files and folders, e-mails, gzip and ZIP, deviations.

TLS reports (RFC 8460) and DMARC aggregate reports (RFC 7489, RFC 9990) come the same ways.  Here is
how they are found and unpacked, within bounds; what is in them is read elsewhere.
"""
