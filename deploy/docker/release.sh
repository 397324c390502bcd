#!/bin/sh
# Builds and pushes the four images of a release on a base that is pinned by its digest, and prints the `images` of an overlay that
# runs exactly these:
#     deploy/docker/release.sh images.example.org/licet 1.0.0 >> my-overlay/kustomization.yaml
# Needs docker with buildx, signed in to the registry; run at the top of the checkout.
set -eu

registry=${1:?the registry and path of the images} tag=${2:?the tag of the release}
dockerfile=deploy/docker/Dockerfile
base=$(sed -n 's/^ARG PYTHON_IMAGE=//p' $dockerfile)
built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT

sha256() { # a digest, or the end
  printf '%s\n' "$1" | grep -Ex 'sha256:[0-9a-f]{64}' || { echo "no digest of $2: '$1'" >&2; exit 1; }
}

digest=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$base")
digest=$(sha256 "$digest" "$base")

for service in gateway obligations policy-eval sbom-ingest; do
  docker buildx build --push --file $dockerfile --build-arg "SERVICE=$service" --build-arg "PYTHON_IMAGE=${base%%:*}@$digest" \
    --sbom=true --provenance=mode=max --metadata-file "$built/$service.json" --tag "$registry/$service:$tag" . >&2
done

echo "images:"
for service in gateway obligations policy-eval sbom-ingest; do
  pushed=$(sed -n 's/.*"containerimage.digest": *"\([^"]*\)".*/\1/p' "$built/$service.json")
  pushed=$(sha256 "$pushed" "$service")
  echo "  - {name: licet/$service, newName: $registry/$service, digest: $pushed}"
done
