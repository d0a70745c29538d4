#!/bin/sh
# Decrypts what encrypt.sh has encrypted to where the kustomization looks for it. Argo CD's plugin calls it before it builds
# (argocd/install/sops-plugin.yaml); by hand it takes the folder of a part: sh k8s/components/sops/decrypt.sh k8s/overlays/prod/db
# The age key is in SOPS_AGE_KEY_FILE.
set -eu
secrets="${1:-.}/secrets"
[ -d "$secrets/encrypted" ] || { echo "There is no $secrets/encrypted: see k8s/components/sops/encrypt.sh" >&2; exit 1; }
environment=$(basename "$(cd "${1:-.}/.." && pwd)")
to="$secrets/made by npm run secrets -- $environment"
umask 077
mkdir -p "$to"
for file in "$secrets"/encrypted/*.sops; do
  sops --decrypt --input-type binary --output-type binary "$file" > "$to/$(basename "$file" .sops)"
done
