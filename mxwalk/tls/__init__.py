"""TLS as a client sees it: the handshake over memory BIOs, certificates, trust stores."""
