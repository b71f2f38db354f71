"""Sender profiles: what a given mail system would do with the evidence of a walk.

Each profile is a pure function of a ``Delivery``; ``registry`` lists them.  Changing the profile
never repeats network work.
"""
