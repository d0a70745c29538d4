// `node bench/bundles.ts`: size, start-up and idle memory of the bundles, run as pods from the manifests of dev (root on Linux).
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { markdownTable } from '@tradepost/testing/report/text-tables';
import { builtServices } from '../images/built-services.ts';
import { runOverlay, serviceNames } from '../tests/manifests/pods/cluster.ts';
import { canRunContainers } from '../tests/manifests/pods/container.ts';
import { median } from './src/measurement.ts';

const STARTS = 5;
const IDLE_MS = 10_000;

async function measure(): Promise<string[][]> {
  const bundles = await builtServices();
  const pods = await runOverlay(bundles);
  try {
    const rows: string[][] = [];
    for (const service of serviceNames) {
      const starts: { live: number; ready: number }[] = [];
      for (let start = 0; start < STARTS; start++) {
        await pods.get(service).stop();
        const { liveAfterMs, readyAfterMs } = await pods.run(service);
        starts.push({ live: liveAfterMs, ready: readyAfterMs });
      }
      const folder = path.join(bundles, service, 'src');
      const programs = readdirSync(folder).filter((file) => file.endsWith('.mjs'));
      const size = programs.reduce((sum, file) => sum + statSync(path.join(folder, file)).size, 0) / 1e6;
      rows.push([
        service,
        `${size.toFixed(2)} MB`,
        `${Math.round(median(starts.map(({ live }) => live)))} ms`,
        `${Math.round(median(starts.map(({ ready }) => ready)))} ms`,
      ]);
    }
    await sleep(IDLE_MS);
    return rows.map((row, index) => {
      const mebibytes = pods.get(serviceNames[index] ?? '').container.workingSet() / 2 ** 20;
      return [...row, `${Math.round(mebibytes)} MiB`];
    });
  } finally {
    await pods.stop();
  }
}

if (!canRunContainers()) {
  console.error('This needs root on Linux, with control groups.');
  process.exit(1);
}
const rows = await measure();
const text = `# Bundles

\`node bench/bundles.ts\` on ${cpus().length} × ${cpus()[0]?.model}, Node.js ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}; the median of ${STARTS} starts.
Each bundle runs with the environment, user, read-only root and memory limit of \`k8s/overlays/dev\`. Start-up is from the start of
the container (its mounts included) to the first answer of \`/livez\` and of \`/readyz\`, with database and broker there. Memory is the
working set of its control group, as Kubernetes counts it, ${IDLE_MS / 1000} s after the last start.

${markdownTable(['service', 'bundle', 'live after', 'ready after', 'idle'], rows)}
`;
writeFileSync(path.resolve(import.meta.dirname, 'results/bundles.md'), text);
console.log(text);
