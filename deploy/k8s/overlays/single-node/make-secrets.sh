#!/bin/sh
# Prints the secrets of the single node with new random values, to be applied once and kept:
#     sh make-secrets.sh | kubectl apply -f -
# The administrator's first key is then: kubectl -n licet get secret licet-gateway -o jsonpath='{.data.admin-key}' | base64 -d
set -eu

random() {
  head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'
}

secret() { # name, then "key: value" lines
  printf -- '---\napiVersion: v1\nkind: Secret\ntype: Opaque\nmetadata:\n  name: %s\n  namespace: licet\nstringData:\n' "$1"
  shift
  printf '  %s\n' "$@"
}

database=$(random)
broker=$(random)
secret licet-postgresql "superuser-password: \"$(random)\"" "password: \"$database\""
secret licet-rabbitmq "password: \"$broker\""
secret licet-shared "broker-url: \"amqp://licet:$broker@rabbitmq:5672/\"" "internal-key: \"$(random)\""
url() {
  printf 'database-url: "postgresql+asyncpg://licet_%s:%s@postgresql:5432/licet_%s"' "$1" "$database" "$1"
}
secret licet-sbom-ingest "$(url sbom_ingest)"
secret licet-policy-eval "$(url policy_eval)"
secret licet-obligations "$(url obligations)"
secret licet-gateway "$(url gateway)" "admin-key: \"licet_$(random)\"" "audit-key: \"$(random)\""
