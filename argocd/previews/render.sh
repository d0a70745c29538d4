#!/bin/sh
# Renders the preview of a pull request: the overlay dev, in the namespace of the preview, with the images of the commit. Argo CD runs it in the
# folder k8s/overlays/dev of the pull request (plugin.yaml). It comes from a ConfigMap, not from the pull request, and runs nothing of the pull
# request: whoever may push a branch must not be able to run a command beside Argo CD.
#   ARGOCD_APP_NAMESPACE   the destination of the Application: tradepost-pr-12
#   ARGOCD_APP_REVISION    the commit that Argo CD has checked out
#   ARGOCD_ENV_COMMIT      the commit of the pull request, which is the tag of its images
#   ARGOCD_ENV_HOST        the public address of the preview, if dev has one: pr-12.shop.example
#   PREVIEW_SECRETS        the folder with what `npm run secrets -- preview` has made
set -eu
# In other locales [0-9] may match more.
LC_ALL=C
export LC_ALL

umask 077

refuse() {
  echo "preview refused: $1" >&2
  exit 1
}

namespace=${ARGOCD_APP_NAMESPACE:-}
number=${namespace#tradepost-pr-}
case $number in
  "$namespace" | '' | 0* | *[!0-9]*) refuse 'the namespace is not tradepost-pr- with the number of a pull request' ;;
esac
commit=${ARGOCD_ENV_COMMIT:-}
case $commit in
  '' | *[!0-9a-f]*) refuse 'the tag of the images is not a commit' ;;
esac
[ ${#commit} -eq 40 ] || refuse 'the tag of the images is not a whole commit'
# They differ for a moment after a push, until the ApplicationSet looks at the pull request again, and always when the branch is of a fork.
[ "$commit" = "${ARGOCD_APP_REVISION:-}" ] || refuse 'the branch is at another commit than the pull request'
host=${ARGOCD_ENV_HOST:-}
case $host in
  *[!a-z0-9.-]*) refuse 'the public address is not a host name' ;;
  "pr-$number".?*) ;;
  *) refuse 'the public address does not begin with the number of the pull request' ;;
esac

# Credentials of previews alone. The address of the broker names the namespace.
for part in db base; do
  folder=$part/made-by-npm-run-secrets
  # A pull request could have made it a link to somewhere else.
  rm -rf "$folder"
  mkdir -p "$folder"
  for file in "$PREVIEW_SECRETS"/*; do
    sed "s/\.tradepost-preview\.svc/.$namespace.svc/g" "$file" > "$folder/${file##*/}"
  done
done

# A kustomization over both parts. What it says last holds, whatever the pull request says.
rm -rf preview
mkdir preview
{
  cat << END
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: $namespace
resources: [../db, ../base]
labels:
  - pairs: { app.kubernetes.io/instance: $namespace }
    includeTemplates: true
patches:
  # The Application of the namespace has these, from main (namespace/kustomization.yaml).
  - target: { kind: Namespace|LimitRange|ResourceQuota }
    patch: |
      \$patch: delete
      apiVersion: v1
      kind: any
      metadata: { name: any }
  - target: { kind: NetworkPolicy, name: default-deny|allow-dns|ingress|acme-http01 }
    patch: |
      \$patch: delete
      apiVersion: v1
      kind: any
      metadata: { name: any }
  # Main says which public address a preview has, or a pull request could take that of prod.
  - target: { kind: Ingress|HTTPRoute }
    patch: |
      \$patch: delete
      apiVersion: v1
      kind: any
      metadata: { name: any }
  # Throw-away data: nothing stays when the preview is deleted.
  - target: { annotationSelector: argocd.argoproj.io/sync-options }
    patch: |
      - { op: remove, path: /metadata/annotations/argocd.argoproj.io~1sync-options }
  - target: { kind: StatefulSet }
    patch: |
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: { name: any }
      spec:
        persistentVolumeClaimRetentionPolicy: { whenDeleted: Delete, whenScaled: Delete }
  # No priority: a preview must not displace prod.
  - target: { kind: Deployment|StatefulSet|Job }
    patch: |
      - { op: remove, path: /spec/template/spec/priorityClassName }
  - target: { kind: CronJob }
    patch: |
      - { op: remove, path: /spec/jobTemplate/spec/template/spec/priorityClassName }
images:
END
  for deployment in ../../base/*/deployment.yaml; do
    service=${deployment%/deployment.yaml}
    service=${service##*/}
    case $service in
      *[!a-z0-9-]*) refuse 'a service has a name that no image can have' ;;
    esac
    echo "  - { name: ghcr.io/tradepost/$service, newTag: $commit }"
  done
} > preview/kustomization.yaml
# To a file first: in a pipe, the failure of a build would not be noticed.
kustomize build preview > preview/rendered.yaml
sed '/name: PUBLIC_URL$/{n;s|value: .*|value: https://'"$host"'|;}' preview/rendered.yaml
