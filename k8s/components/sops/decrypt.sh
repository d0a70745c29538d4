#!/bin/sh
# Decrypts what encrypt.sh has encrypted to where the kustomization looks for it. Argo CD's plugin calls it before it builds
# (argocd/install/sops-plugin.yaml); by hand it takes the folder of a part: sh k8s/components/sops/decrypt.sh k8s/overlays/prod/db
# The age key is in SOPS_AGE_KEY_FILE.
set -eu
part="${1:-.}"
[ -d "$part/encrypted" ] || { echo "There is no $part/encrypted: see k8s/components/sops/encrypt.sh" >&2; exit 1; }
to="$part/made-by-npm-run-secrets"
umask 077
mkdir -p "$to"
for file in "$part"/encrypted/*.sops; do
  sops --decrypt --input-type binary --output-type binary "$file" > "$to/$(basename "$file" .sops)"
done
