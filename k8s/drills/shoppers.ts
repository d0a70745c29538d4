import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import type { Cluster } from '../kubectl.ts';
import type { LoadResult } from './load.ts';

const NAME = 'drill-shoppers';
const labels = {
  'app.kubernetes.io/name': NAME,
  'app.kubernetes.io/component': 'drill',
  'app.kubernetes.io/part-of': 'tradepost',
};

/** Bundles the shoppers into one file, which the image of any service can run. */
export async function bundleLoad(outfile: string): Promise<void> {
  const banner = "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);";
  await build({
    entryPoints: [path.join(import.meta.dirname, 'load.ts')],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    banner: { js: banner },
    logLevel: 'error',
  });
}

/** Lets shoppers loose in the cluster; resolves once they buy. */
export async function startLoad(cluster: Cluster): Promise<{ end(): Promise<LoadResult>; remove(): void }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tradepost-drill-'));
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
    const selector = `--selector=app.kubernetes.io/name=${NAME}`;
    cluster.kubectl(
      'delete',
      'pod,configmap,networkpolicy',
      selector,
      '--ignore-not-found',
      '--wait=true',
      '--grace-period=1',
    );
  };
  remove();
  await bundleLoad(path.join(folder, 'load.mjs'));
  cluster.kubectl('create', 'configmap', NAME, `--from-file=${path.join(folder, 'load.mjs')}`);
  cluster.kubectl('label', 'configmap', NAME, `app.kubernetes.io/name=${NAME}`);
  const jsonpath = '{.spec.template.spec.containers[0].image}';
  const image = cluster.kubectl('get', 'deployment', 'api-gateway', `--output=jsonpath=${jsonpath}`);
  cluster.send(JSON.stringify(manifests(image)), 'apply', '--filename', '-');
  cluster.kubectl('wait', '--for=condition=ready', `pod/${NAME}`, '--timeout=5m');
  await cluster.follow(
    (line) => {
      const seller = field(line, 'seller');
      if (seller) grantSeller(cluster, String(seller));
      return field(line, 'shopping') === true;
    },
    ...['logs', '--follow', `pod/${NAME}`],
  );
  return {
    remove,
    async end() {
      cluster.kubectl('exec', NAME, '--', 'node', '-e', "require('node:fs').writeFileSync('/tmp/end', '')");
      let result: LoadResult | undefined;
      await cluster.follow(
        (line) => {
          // as: load.ts says it so.
          result = field(line, 'result') as LoadResult | undefined;
          return result !== undefined;
        },
        ...['logs', '--follow', `pod/${NAME}`],
      );
      if (!result) throw new Error('The shoppers told no result');
      return result;
    },
  };
}

function grantSeller(cluster: Cluster, email: string): void {
  const command = ['node', '/app/src/service.mjs', 'grant', email, 'seller'];
  cluster.kubectl('exec', 'deployment/auth', '--container=service', '--', ...command);
}

function field(line: string, name: string): unknown {
  try {
    return Reflect.get(JSON.parse(line), name);
  } catch {
    return undefined;
  }
}

/** A pod that fits Pod Security restricted and the house rules, and policies that let it reach the gateway and nothing else. */
// Long: one Kubernetes manifest, written as an object
function manifests(image: string): object {
  const metadata = { name: NAME, labels };
  const policy = (name: string, spec: object) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, labels },
    spec,
  });
  const ports = [{ port: 8080, protocol: 'TCP' }];
  const [gateway, shoppers] = ['api-gateway', NAME].map((name) => ({
    podSelector: { matchLabels: { 'app.kubernetes.io/name': name } },
  }));
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 1,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65_532,
        runAsGroup: 65_532,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'shoppers',
          image,
          command: ['node', '/drill/load.mjs', 'http://api-gateway:8080', '/tmp/end'],
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          resources: {
            requests: { cpu: '50m', memory: '64Mi', 'ephemeral-storage': '8Mi' },
            limits: { cpu: '1', memory: '192Mi', 'ephemeral-storage': '32Mi' },
          },
          volumeMounts: [
            { name: 'drill', mountPath: '/drill', readOnly: true },
            { name: 'tmp', mountPath: '/tmp' },
          ],
        },
      ],
      volumes: [
        { name: 'drill', configMap: { name: NAME } },
        { name: 'tmp', emptyDir: { sizeLimit: '8Mi' } },
      ],
    },
  };
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      policy(NAME, { ...shoppers, policyTypes: ['Egress'], egress: [{ to: [gateway], ports }] }),
      policy(`${NAME}-gateway`, { ...gateway, policyTypes: ['Ingress'], ingress: [{ from: [shoppers], ports }] }),
      pod,
    ],
  };
}
