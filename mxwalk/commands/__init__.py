"""The bodies of the commands: what ``mxwalk.cli`` declares is done here, imported when needed."""
