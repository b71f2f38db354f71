"""What structured inputs are changes of: walks of the lab and a signed zone, kept as they were made once.

An input names a base and says what is changed in it, so that a base never changes once an input rests on
it; another one may be added behind the others.  Keys were thrown away when they were made: nobody can
sign anything again.  ``python -m tests.fuzz.bases.make`` makes those that are missing.
"""
