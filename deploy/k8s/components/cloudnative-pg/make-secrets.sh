#!/bin/sh
# Prints a Secret for each service with new random values, to be applied once and kept:
#     sh make-secrets.sh | kubectl apply -f -
# CloudNativePG takes the password of the role from it (username, password), the service its database-url.
set -eu

random() {
  head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'
}

secret() { # service, role, then more "key: value" lines
  password=$(random)
  printf -- '---\napiVersion: v1\nkind: Secret\ntype: kubernetes.io/basic-auth\nmetadata:\n'
  printf '  name: licet-%s\n  namespace: licet\nstringData:\n' "$1"
  printf '  username: %s\n  password: "%s"\n' "$2" "$password"
  printf '  database-url: "postgresql+asyncpg://%s:%s@postgresql-rw:5432/%s?ssl=require"\n' "$2" "$password" "$2"
  shift 2
  for line in "$@"; do printf '  %s\n' "$line"; done
}

secret sbom-ingest licet_sbom_ingest
secret policy-eval licet_policy_eval
secret obligations licet_obligations
secret gateway licet_gateway "admin-key: \"licet_$(random)\"" "audit-key: \"$(random)\""
