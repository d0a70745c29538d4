#!/bin/sh
# Encrypts the secrets of an environment for git, so that Argo CD can have them:
#   sh k8s/components/sops/encrypt.sh prod age1…
# Each file of `overlays/prod/{db,base}/made-by-npm-run-secrets/` becomes overlays/prod/{db,base}/encrypted/<file>.sops
# for the given age recipients (separated by commas). Commit those; never the folder they come from.
set -eu
[ $# -eq 2 ] || { echo 'usage: encrypt.sh <environment> <age recipients>' >&2; exit 2; }
command -v sops >/dev/null || { echo 'sops is not installed: https://getsops.io' >&2; exit 1; }
k8s=$(cd "$(dirname "$0")/../.." && pwd)
for part in db base; do
  from="$k8s/overlays/$1/$part/made-by-npm-run-secrets"
  to="$k8s/overlays/$1/$part/encrypted"
  [ -d "$from" ] || { echo "There is nothing to encrypt: npm run secrets -- $1" >&2; exit 1; }
  rm -rf "$to" && mkdir -p "$to"
  for file in "$from"/*; do
    sops --encrypt --age "$2" --input-type binary --output-type binary "$file" > "$to/$(basename "$file").sops"
  done
done
echo "$1 is encrypted. Commit k8s/overlays/$1/*/encrypted"
