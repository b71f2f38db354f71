"""The roll-out advisor: from what a domain publishes to the next step of an eight-stage plan.

The stages and their durations are those of Cisco's guide to SPF, DKIM and DMARC on its mail gateways;
the records are RFC 7208's, RFC 6376's, RFC 9989's and RFC 7505's.  Pure: what was looked up is given.
"""
