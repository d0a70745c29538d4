import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import type { Cluster } from '../kubectl.ts';
import type { LoadResult } from './load.ts';
import { POD_NAME, shopperManifests } from './shoppers-pod.ts';

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
    const selector = `--selector=app.kubernetes.io/name=${POD_NAME}`;
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
  cluster.kubectl('create', 'configmap', POD_NAME, `--from-file=${path.join(folder, 'load.mjs')}`);
  cluster.kubectl('label', 'configmap', POD_NAME, `app.kubernetes.io/name=${POD_NAME}`);
  const jsonpath = '{.spec.template.spec.containers[0].image}';
  const image = cluster.kubectl('get', 'deployment', 'api-gateway', `--output=jsonpath=${jsonpath}`);
  cluster.send(JSON.stringify(shopperManifests(image)), 'apply', '--filename', '-');
  cluster.kubectl('wait', '--for=condition=ready', `pod/${POD_NAME}`, '--timeout=5m');
  await cluster.follow(
    (line) => {
      const seller = field(line, 'seller');
      if (seller) grantSeller(cluster, String(seller));
      return field(line, 'shopping') === true;
    },
    ...['logs', '--follow', `pod/${POD_NAME}`],
  );
  return {
    remove,
    async end() {
      cluster.kubectl('exec', POD_NAME, '--', 'node', '-e', "require('node:fs').writeFileSync('/tmp/end', '')");
      let result: LoadResult | undefined;
      await cluster.follow(
        (line) => {
          // as: load.ts says it so.
          result = field(line, 'result') as LoadResult | undefined;
          return result !== undefined;
        },
        ...['logs', '--follow', `pod/${POD_NAME}`],
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
