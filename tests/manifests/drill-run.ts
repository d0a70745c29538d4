import { spawn } from 'node:child_process';
import path from 'node:path';

type DrillResult = { code: number | null; out: string; error: string };

/** Runs the script of the drills with these arguments and nothing else in its environment. */
export function runDrills(script: string, args: readonly string[], env: Record<string, string>): Promise<DrillResult> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], { env });
    const ended: DrillResult = { code: null, out: '', error: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      ended.out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      ended.error += chunk.toString();
    });
    child.once('close', (code) => resolve({ ...ended, code }));
  });
}

/** The table at the end of the output, row by row. */
export function resultsOf(out: string): Map<string, string[]> {
  const rows = out.slice(out.lastIndexOf('\ndrill ')).trim().split('\n').slice(1);
  return new Map(rows.map((row) => row.split(/ {2,}/)).map(([name = '', ...cells]) => [name, cells]));
}

/** What the drills do to a cluster, in order. */
export function expectedCalls(folder: string): string[] {
  const services = ['api-gateway', 'auth', 'notification', 'order', 'product'];
  const rolled = services.map((name) => `rollout status deployment.apps/${name} --timeout=10m`);
  const overlay = path.join(folder, 'k8s/overlays/dev');
  const renewed = [
    `apply --kustomize ${overlay}/db`,
    ...services.map((name) => `rollout status statefulset.apps/${name}-db --timeout=10m`),
    'wait --for=condition=complete job --selector app.kubernetes.io/component=database-roles --timeout=5m',
    'rollout status statefulset/rabbitmq --timeout=10m',
    `apply --kustomize ${overlay}/base`,
    ...rolled,
  ];
  const ran = (cronJob: string, job: string) => [
    `create job --from=cronjob/${cronJob} ${job}-N`,
    `logs job/${job}-N`,
    `delete job ${job}-N --wait=false`,
  ];
  return [
    ...services.flatMap((name, index) => [`rollout restart deployment.apps/${name}`, rolled[index] ?? '']),
    ...services.flatMap((name, index) => [`delete pod/${name}-0 --grace-period=0 --force`, rolled[index] ?? '']),
    'drain node-1 --ignore-daemonsets --delete-emptydir-data --timeout=10m --pod-selector app.kubernetes.io/part-of=tradepost',
    ...rolled,
    'uncordon node-1',
    'delete pod/rabbitmq-0 --grace-period=0 --force',
    'rollout status statefulset/rabbitmq --timeout=10m',
    'rollout restart statefulset/product-db',
    'rollout status statefulset/product-db --timeout=10m',
    ...renewed,
    ...renewed,
    ...ran('backup', 'drill-backup'),
    ...ran('restore-check', 'drill-restore'),
  ];
}
