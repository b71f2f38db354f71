"""What was observed: frozen types, the trace they form, its journal file, and redaction.

Evidence holds bytes as they came and no parsed library objects.  Nothing here judges: findings and
verdicts are computed from evidence each time, so that an old trace profits from a newer version.
"""
