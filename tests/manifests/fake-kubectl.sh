#!/bin/sh
# Stands for kubectl and for the cluster behind it, as far as k8s/drills asks: notes what it is told in $FAKE/calls, says what there
# would be, and lets the pod of the shoppers run, as a process. $GATEWAY is a real shop.
[ "$1 $3" = '--context --namespace' ] || { echo "no context, or no namespace: $*" >&2; exit 1; }
shift 4
printf '%s\n' "$*" >> "$FAKE/calls"
case "$*" in
  'get namespace '*) cat "$FAKE/label" ;;
  'get deployments '*'=service --output name') printf 'deployment.apps/%s\n' api-gateway auth notification order product ;;
  'get statefulsets '*'=database --output name') printf 'statefulset.apps/%s-db\n' api-gateway auth notification order product ;;
  'get pods '*'jsonpath='*) printf node-1 ;;
  'get pods --selector app.kubernetes.io/name='*) echo "pod/$(echo "$4" | cut -d= -f2)-0" ;;
  'get nodes '*) cat "$FAKE/nodes" ;;
  'get cronjobs '*) printf 'cronjob.batch/%s\n' backup restore-check ;;
  'get deployment api-gateway '*) printf ghcr.io/tradepost/api-gateway:0.1.0 ;;
  'create configmap drill-shoppers --from-file='*) cp "$(echo "$4" | cut -d= -f2)" "$FAKE/load.mjs" ;;
  'apply --filename -')
    cat > "$FAKE/shoppers.json"
    node "$FAKE/load.mjs" "$GATEWAY" "$FAKE/end" < /dev/null > "$FAKE/log" 2>&1 &
    echo $! > "$FAKE/pid"
    ;;
  'logs --follow pod/drill-shoppers') exec tail --lines=+1 --follow --pid="$(cat "$FAKE/pid")" --sleep-interval=0.1 "$FAKE/log" ;;
  'exec drill-shoppers '*) touch "$FAKE/end" ;;
  'exec deployment/auth '*' grant '*) shift 7 && exec node "$GRANT" "$@" ;;
  'delete pod,configmap,networkpolicy '*)
    [ ! -e "$FAKE/pid" ] || kill "$(cat "$FAKE/pid")" 2> /dev/null
    rm -f "$FAKE/end" "$FAKE/pid"
    ;;
  'get job '*) echo Complete ;;
  'logs job/'*) echo 'a line of the job' ;;
esac
exit 0
