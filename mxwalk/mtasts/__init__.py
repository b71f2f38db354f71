"""MTA-STS (RFC 8461): the record, the policy file, its patterns, and what to publish.

Pure readings of what others published: total over any bytes, bounded, and every deviation told apart
with its place and value.  Nothing here asks the DNS or a web server.
"""
