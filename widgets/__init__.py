"""One Textual widget a file; each draws one kind of evidence and knows no sockets or screens."""
