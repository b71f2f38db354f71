"""The walk: a plan computed from the evidence so far, and the walker that performs one step of it.

``mxwalk.walk.walker.Walk`` is pulled: nothing touches the network until a step is asked for.
"""
