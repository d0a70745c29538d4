// Lighthouse's mobile preset (a slow phone on a slow network, simulated) on the pages that a shopper lands on:
//   node tools/run.mjs bench/lighthouse.ts [--runs 3] [--report bench/results/lighthouse.md]
// It needs Chromium, and begins a demo shop of its own.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { freePort } from '@tradepost/testing/free-port';
import { formatSeconds } from '@tradepost/testing/report/formats';
import { markdownTable } from '@tradepost/testing/report/text-tables';
import lighthouse, { type Result } from 'lighthouse';
import { launchBrowser } from '../tests/browser/chromium.ts';
import { openDemoShop } from '../tests/browser/shop.ts';
import { median } from './src/measurement.ts';

const paths = ['/', '/categories/kitchen', '/products/speckled-stoneware-mug'];
const categories = ['performance', 'accessibility', 'best-practices', 'seo'];
const timings = [
  'first-contentful-paint',
  'largest-contentful-paint',
  'total-blocking-time',
  'cumulative-layout-shift',
  'speed-index',
];

type PageMeasurement = { path: string; scores: number[]; timings: number[]; scriptBytes: number };

async function measure(url: string, path: string, port: number): Promise<PageMeasurement> {
  const result = await lighthouse(url + path, { port, output: 'json', logLevel: 'error', onlyCategories: categories });
  if (!result) throw new Error(`Lighthouse has nothing to say about ${path}`);
  const { lhr } = result;
  return {
    path,
    scores: categories.map((name) => Math.round((lhr.categories[name]?.score ?? 0) * 100)),
    timings: timings.map((name) => lhr.audits[name]?.numericValue ?? Number.NaN),
    scriptBytes: scriptBytes(lhr),
  };
}

function scriptBytes({ audits }: Result): number {
  const { details } = audits['network-requests'] ?? {};
  const items = details?.type === 'table' ? details.items : [];
  return items
    .filter(({ resourceType }) => resourceType === 'Script')
    .reduce((sum, { transferSize }) => sum + Number(transferSize), 0);
}

/** Of each figure the middle one. */
function medianOf(runs: readonly PageMeasurement[], path: string): PageMeasurement {
  return {
    path,
    scores: categories.map((_, index) => median(runs.map((run) => run.scores[index] ?? 0))),
    timings: timings.map((_, index) => median(runs.map((run) => run.timings[index] ?? 0))),
    scriptBytes: median(runs.map((run) => run.scriptBytes)),
  };
}

function tableOf(measured: readonly PageMeasurement[]): string {
  const rows = measured.map(
    ({ path, scores, timings: [first = 0, largest = 0, blocked = 0, shift = 0, index = 0], scriptBytes }) => {
      const paints = [formatSeconds(first), formatSeconds(largest), `${Math.round(blocked)} ms`];
      const others = [shift.toFixed(3), formatSeconds(index), `${(scriptBytes / 1000).toFixed(0)} kB`];
      return [`\`${path}\``, ...scores, ...paints, ...others];
    },
  );
  const scores = ['performance', 'accessibility', 'best practices', 'SEO'];
  const times = ['first paint', 'largest paint', 'blocked', 'shift', 'speed index'];
  return markdownTable(['page', ...scores, ...times, 'script'], rows);
}

async function measureAll(runs: number): Promise<PageMeasurement[]> {
  const shop = await openDemoShop();
  const port = await freePort();
  const browser = await launchBrowser({ debuggingPort: port });
  try {
    const measured: PageMeasurement[] = [];
    for (const path of paths) {
      const ofPath: PageMeasurement[] = [];
      while (ofPath.length < runs) ofPath.push(await measure(shop.url, path, port));
      measured.push(medianOf(ofPath, path));
    }
    return measured;
  } finally {
    await browser.close();
    await shop.stop();
  }
}

const { values } = parseArgs({ options: { runs: { type: 'string', default: '3' }, report: { type: 'string' } } });
const table = tableOf(await measureAll(Number(values.runs)));
console.log(table);
if (values.report) {
  const command = `node tools/run.mjs bench/lighthouse.ts --runs ${values.runs}`;
  writeFileSync(
    values.report,
    `# Lighthouse\n\n\`${command}\`, on ${new Date().toISOString().slice(0, 10)}: the mobile preset, the median of ${values.runs} runs.\n\n${table}\n`,
  );
}
