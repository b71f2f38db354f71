#!/usr/bin/env bash
# Install the real servers the peer tests start (Debian, as root).  No daemon is started by it.
set -euo pipefail
if command -v postfix >/dev/null && command -v unbound >/dev/null && command -v nsd >/dev/null \
    && command -v ldns-signzone >/dev/null && command -v delv >/dev/null && command -v exim4 >/dev/null \
    && command -v nginx >/dev/null && command -v opendkim >/dev/null \
    && command -v opendkim-testmsg >/dev/null; then
    exit 0
fi
printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
chmod +x /usr/sbin/policy-rc.d
export DEBIAN_FRONTEND=noninteractive
echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
apt-get update -qq
apt-get install -y -qq --no-install-recommends postfix unbound nsd ldnsutils bind9-dnsutils openssl nginx-light swaks libnet-ssleay-perl opendkim opendkim-tools libidn12 libgnutls-dane0 >/dev/null
# Exim conflicts with Postfix as a package; its program alone can be unpacked beside it.
work=$(mktemp -d)
(
    cd "$work"
    apt-get download -qq exim4-daemon-light
    for package in *.deb; do dpkg -x "$package" root; done
    install -m 755 root/usr/sbin/exim4 /usr/local/sbin/exim4
)
rm -rf "$work"
id Debian-exim >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin Debian-exim
