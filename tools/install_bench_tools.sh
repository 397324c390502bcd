#!/usr/bin/env bash
# Makes sure that wrk and nginx are there, for the benchmark of the gateway. Starts no system service.
# Exit 0: both are there; 1: they are not, and one line says what to install.
set -euo pipefail

readonly START_POLICY=/usr/sbin/policy-rc.d

both_are_there() {
  command -v wrk >/dev/null && PATH="$PATH:/usr/sbin" command -v nginx >/dev/null
}

forbid_service_starts() { # Debian's maintainer scripts ask policy-rc.d, and 101 means "forbidden"
  [ -e "$START_POLICY" ] && return
  trap 'rm -f "$START_POLICY"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$START_POLICY"
  chmod 755 "$START_POLICY"
}

install_packages() {
  forbid_service_starts
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q -o DPkg::Lock::Timeout=300 update
  apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends nginx-light wrk
}

both_are_there && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  install_packages >&2 || true # the next check tells, in one line, what it came to
fi
if ! both_are_there; then
  echo "to measure beside nginx, install wrk and nginx-light (Debian/Ubuntu names; no service need run)" >&2
  exit 1
fi
