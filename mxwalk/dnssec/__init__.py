"""DNSSEC validation over any resolver that passes the records through: pure, and shown link by link."""
