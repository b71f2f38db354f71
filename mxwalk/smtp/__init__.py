"""SMTP without sockets: the reply parser, the readings of EHLO, the registry, the dialogue machine.

Sources: RFC 5321 4.1.1.1, 4.2 and 4.5.3, RFC 1869, RFC 3207.  Nothing here performs I/O.
"""
