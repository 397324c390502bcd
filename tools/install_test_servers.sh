#!/usr/bin/env bash
# Makes sure that the programs of RabbitMQ and PostgreSQL are there, for the throwaway servers of the tests.
# Starts no system service. Exit 0: both are there; 1: they are not, and one line says what to install.
set -euo pipefail

readonly PACKAGES="rabbitmq-server postgresql"
readonly START_POLICY=/usr/sbin/policy-rc.d

has_program() { # the program's name, the folder that the environment names, the folders where packages put it
  local program=$1 named=$2 packaged=$3
  if [ -n "$named" ]; then [ -x "$named/$program" ]; return; fi
  compgen -G "$packaged/$program" >/dev/null || command -v "$program" >/dev/null
}

both_are_there() {
  has_program initdb "${LICET_TEST_PGBIN:-}" '/usr/lib/postgresql/*/bin' &&
    has_program rabbitmq-server "${LICET_TEST_RABBITMQ_SBIN:-}" '/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin'
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
  # shellcheck disable=SC2086 # two package names, split on purpose
  apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $PACKAGES
}

both_are_there && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  install_packages >&2 || true # the next check tells, in one line, what it came to
fi
if ! both_are_there; then
  echo "the tests need RabbitMQ and PostgreSQL: install $PACKAGES (Debian/Ubuntu names; no service need run)" >&2
  exit 1
fi
