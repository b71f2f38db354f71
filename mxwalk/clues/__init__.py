"""What a pasted text tells: bounces, log lines and dialogues of known mail systems."""
