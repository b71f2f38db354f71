"""What a receiver makes of a message, and what a roll-out has come to: judges like the senders.

A receiver fits ``SenderProfile``: it is given the whole delivery and says what becomes of the message,
in its own words, and which step decided.
"""
