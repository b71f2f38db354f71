#!/usr/bin/env bash
# Install the real servers the peer tests start (Debian, as root).  No daemon is started by it.
set -euo pipefail

PACKAGES=(
    postfix nginx-light opendkim opendkim-tools openssl swaks libnet-ssleay-perl
    unbound nsd ldnsutils bind9 bind9-utils bind9-dnsutils knot knot-dnssecutils knot-resolver
    chromium  # opens the reports of tests/hostility
    libidn12 libgnutls-dane0 libevent-2.1-7  # what Exim and OpenSMTPD are linked with
)
PROGRAMS=(
    postfix posttls-finger nginx opendkim opendkim-testmsg openssl swaks exim4 smtpd unshare
    unbound nsd ldns-signzone ldns-keygen ldns-dane named dnssec-signzone dnssec-keygen delv
    knotd kzonesign keymgr kresd chromium
)
UNPACKED=(exim4-daemon-light:exim4 opensmtpd:smtpd)  # package and program
USERS=(Debian-exim opensmtpd opensmtpq)

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
complete() {
    for program in "${PROGRAMS[@]}"; do command -v "$program" >/dev/null || return 1; done
    for user in "${USERS[@]}"; do id "$user" >/dev/null 2>&1 || return 1; done
}
if complete; then exit 0; fi

printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
chmod +x /usr/sbin/policy-rc.d
export DEBIAN_FRONTEND=noninteractive
echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${PACKAGES[@]}" >/dev/null

# Exim and OpenSMTPD conflict with Postfix as packages; their programs alone can be unpacked beside it.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
(
    cd "$work"
    for pair in "${UNPACKED[@]}"; do
        apt-get download -qq "${pair%%:*}" 2>/dev/null
        dpkg -x "${pair%%:*}"_*.deb root
        install -m 755 "root/usr/sbin/${pair##*:}" "/usr/local/sbin/${pair##*:}"
    done
)
for user in "${USERS[@]}"; do
    id "$user" >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin "$user"
done
complete
