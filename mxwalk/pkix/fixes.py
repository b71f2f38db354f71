"""What the one responsible does about an objection, in words that stay the same everywhere."""

from mxwalk.language import noted

CONFIGURE = noted(
    "configure a certificate: Postfix smtpd_tls_chain_files, Exim tls_certificate,"
    " Exchange Enable-ExchangeCertificate -Services SMTP"
)
SHORTEN = noted("have the certificate issued by a CA with a shorter chain")
REISSUE = noted(
    "have the certificate issued anew without the fault; the CA must correct its profile"
)
WRONG_CA = noted(
    "replace the file of intermediates: this certificate may not issue others; take the"
    " chain that the CA gave out with the server's certificate"
)
OTHER_CA = noted(
    "have the certificate issued by a CA that may stand here; the CA's hierarchy is at fault"
)
PURPOSE = noted(
    "have it issued for TLS servers (extended key usage serverAuth; key usage digitalSignature)"
)
PURPOSE_CA = noted(
    "have the certificate issued by a CA whose extended key usage includes serverAuth"
)
NEW_KEY = noted(
    "make a new key on a named curve (P-256) or RSA 2048 and have the certificate issued anew"
)
SIGNATURE = noted(
    "the chain file holds another certificate of the same name: take the chain that the"
    " CA gave out with the server's certificate"
)
NOT_YET = noted(
    "check the clock of whoever looks; otherwise use the earlier certificate until then"
)
RENEW = noted(
    "renew the certificate and reload the mail server: certbot renew, then postfix reload"
)
RENEW_CA = noted(
    "replace the expired CA certificate in the chain file by its successor, or leave it out"
)
NAMES = noted("have the certificate issued by a CA whose name constraints permit its names")
SELF_SIGNED = noted("have it issued by a CA: certbot certonly --standalone -d <the server's name>")
UNKNOWN_ROOT = noted(
    "use a public CA; for a private CA each sender must put its root into the trust store"
    " (mxwalk --ca-file root.pem)"
)
STORE_INCOMPLETE = noted("put the root above it into the trust store, or use a store that holds it")
APPEND = noted(
    "append the missing CA certificate to the chain file behind the server's own: cat"
    " leaf.pem intermediate.pem > fullchain.pem"
)
APPEND_OR_TRUST = noted(
    "if that is an intermediate, append it to the chain file: cat leaf.pem"
    " intermediate.pem > fullchain.pem; if it is a root, senders must have it in their"
    " trust store (mxwalk --ca-file root.pem)"
)
NO_ROOT = noted(
    "put the root into the trust store as its CA gave it out, instead of this certificate"
)
REPLACE_CHAIN = noted("take the chain that the CA gave out with the server's certificate")
