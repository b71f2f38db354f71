"""A trace read as a delivery: the route, its hosts, the connections to them, each step in its place.

Pure functions of evidence, shared by the walk's plan, the sender profiles, the findings, the
reports and the interface.
"""
