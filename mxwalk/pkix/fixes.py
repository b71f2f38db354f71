"""What the one responsible does about an objection, in words that stay the same everywhere."""

CONFIGURE = (
    "configure a certificate: Postfix smtpd_tls_chain_files, Exim tls_certificate, Exchange"
    " Enable-ExchangeCertificate -Services SMTP"
)
SHORTEN = "have the certificate issued by a CA with a shorter chain"
REISSUE = "have the certificate issued anew without the fault; the CA must correct its profile"
WRONG_CA = (
    "replace the file of intermediates: this certificate may not issue others; take the chain that"
    " the CA gave out with the server's certificate"
)
OTHER_CA = "have the certificate issued by a CA that may stand here; the CA's hierarchy is at fault"
PURPOSE = (
    "have it issued for TLS servers (extended key usage serverAuth; key usage digitalSignature)"
)
PURPOSE_CA = "have the certificate issued by a CA whose extended key usage includes serverAuth"
NEW_KEY = "make a new key on a named curve (P-256) or RSA 2048 and have the certificate issued anew"
SIGNATURE = (
    "the chain file holds another certificate of the same name: take the chain that the CA gave out"
    " with the server's certificate"
)
NOT_YET = "check the clock of whoever looks; otherwise use the earlier certificate until then"
RENEW = "renew the certificate and reload the mail server: certbot renew, then postfix reload"
RENEW_CA = "replace the expired CA certificate in the chain file by its successor, or leave it out"
NAMES = "have the certificate issued by a CA whose name constraints permit its names"
SELF_SIGNED = "have it issued by a CA: certbot certonly --standalone -d <the server's name>"
UNKNOWN_ROOT = (
    "use a public CA; for a private CA each sender must put its root into the trust store"
    " (mxwalk --ca-file root.pem)"
)
STORE_INCOMPLETE = "put the root above it into the trust store, or use a store that holds it"
APPEND = (
    "append the missing CA certificate to the chain file behind the server's own:"
    " cat leaf.pem intermediate.pem > fullchain.pem"
)
APPEND_OR_TRUST = (
    "if that is an intermediate, append it to the chain file: cat leaf.pem intermediate.pem >"
    " fullchain.pem; if it is a root, senders must have it in their trust store"
    " (mxwalk --ca-file root.pem)"
)
NO_ROOT = "put the root into the trust store as its CA gave it out, instead of this certificate"
REPLACE_CHAIN = "take the chain that the CA gave out with the server's certificate"
