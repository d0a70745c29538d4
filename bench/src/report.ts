import { bars, escaped, lines } from './charts.ts';
import { kindNames } from './options.ts';
import type { Results } from './results.ts';
import type { LoadTestResult } from './soak.ts';
import { milliseconds } from './table.ts';

/** The results as one page of HTML that needs nothing else; light and dark, and to be read without colours, too. */
export function reportOf(results: Results): string {
  const { machine: m } = results;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tradepost: measurements of ${results.startedAt.slice(0, 10)}</title>
<style>${STYLE}</style>
<main>
<h1>What Tradepost costs</h1>
<p>Processor time of all server processes, services, PostgreSQL and broker together, for each completed operation.
${m.cores} × ${escaped(m.processor)}, ${m.memoryGiB} GiB, Linux ${escaped(m.kernel)}, Node.js ${m.node}, PostgreSQL ${m.postgres};
${results.products.toLocaleString('en')} products; ${results.startedAt.slice(0, 16).replace('T', ' ')} UTC, ${results.tookSeconds} s.</p>
<pre>${escaped(results.command)}</pre>
${[operations(results), starts(results), memory(results), growth(results), load('At a rate near capacity', results.soak), load('At three times the capacity', results.overload)].join('\n')}
</main>
</html>
`;
}

function operations(results: Results): string {
  const sections = kindNames.flatMap((name) => {
    const one = results[name];
    if (!one) return [];
    const parts = Object.entries(one.cpuByPart).map(([part, value]) => ({ name: part, value }));
    const others = [...(one.reference ? [one.reference] : []), ...one.others];
    const chart = bars({
      unit: 'CPU-ms',
      format: milliseconds,
      target: one.targetCpuMs,
      rows: [
        { label: 'Tradepost', parts, total: one.cpuMs },
        ...others.map(({ name: label, cpuMs }) => ({ label, parts: [{ name: 'all', value: cpuMs }], total: cpuMs })),
      ],
    });
    const verdict = one.cpuMs <= one.targetCpuMs ? 'within the target' : 'above the target';
    return [
      `<section><h3>${escaped(one.title)}</h3>
<p>${milliseconds(one.cpuMs)} CPU-ms, ${verdict} of ${milliseconds(one.targetCpuMs)}; ${Math.round(one.throughput).toLocaleString('en')} a second,
p50 ${one.p50Ms.toFixed(1)} ms, p99 ${one.p99Ms.toFixed(1)} ms; repetitions ${one.repetitions.map(milliseconds).join(', ')}.</p>${chart}</section>`,
    ];
  });
  if (sections.length === 0) return '';
  const count = results.statementsPerPurchase;
  const note = count
    ? `<p>A purchase takes ${count.statements.toFixed(1)} SQL statements in all databases, and ${count.beginAndCommit.toFixed(1)} begin or commit.</p>`
    : '';
  return `<h2>Operations</h2><div class="grid">${sections.join('\n')}</div>${note}`;
}

const rounded = (value: number): string => value.toFixed(0);

function starts(results: Results): string {
  const rows = [...Object.entries(results.coldStartMs), ...Object.entries(results.referenceColdStartMs)];
  if (rows.length === 0) return '';
  const chart = bars({
    unit: 'ms until ready',
    format: rounded,
    target: 250,
    rows: rows.map(([label, value]) => ({ label, parts: [{ name: 'all', value }], total: value })),
  });
  return `<h2>Cold start</h2><p>From the start of the process to the first answer that it is ready, database and broker being there.</p>${chart}`;
}

function memory(results: Results): string {
  const loaded = Object.entries(results.memoryMiB);
  if (loaded.length === 0) return '';
  const chart = bars({
    unit: 'MiB',
    format: rounded,
    target: 150,
    rows: loaded.map(([label, total]) => {
      const atRest = Object.entries(results.idleMemoryMiB).find(([name]) => name === label)?.[1] ?? 0;
      const parts = [
        { name: 'at rest', value: Math.min(atRest, total) },
        { name: 'under load, on top', value: Math.max(0, total - atRest) },
      ];
      return { label, parts, total };
    }),
  });
  return `<h2>Memory</h2><p>Resident. At rest all four use ${results.idleCpuMsPerSecond.all?.toFixed(1)} ms of processor time a second.</p>${chart}`;
}

const short = new Intl.NumberFormat('en', { notation: 'compact' });

function growth({ growth: steps }: Results): string {
  if (steps.length === 0) return '';
  const sections = [...new Set(steps.map(({ kind }) => kind))].map((kind) => {
    const rows = steps
      .filter((step) => step.kind === kind)
      .flatMap(({ products, orders, cpuMs, baseCpuMs, ratio }) => [
        { label: `first size, beside it`, parts: [{ name: 'all', value: baseCpuMs }], total: baseCpuMs },
        {
          label: `${short.format(products)} products, ${short.format(orders)} orders: ${ratio.toFixed(2)} ×`,
          parts: [{ name: 'all', value: cpuMs }],
          total: cpuMs,
        },
      ]);
    return `<section><h3>${kind}</h3>${bars({ unit: 'CPU-ms', format: milliseconds, rows })}</section>`;
  });
  return `<h2>Growth</h2><div class="grid">${sections.join('\n')}</div>`;
}

function load(title: string, found: LoadTestResult | undefined): string {
  if (!found) return '';
  const at = (pick: (sample: LoadTestResult['samples'][number]) => number) =>
    found.samples.map((sample) => ({ x: sample.atSeconds, y: pick(sample) }));
  const services = Object.keys(found.samples[0]?.memoryMiB ?? {});
  const memoryOf = (name: string) =>
    at(({ memoryMiB }) => Object.entries(memoryMiB).find(([service]) => service === name)?.[1] ?? 0);
  const charts = [
    lines('requests a second', [
      { name: 'accepted', points: at(({ done }) => done) },
      { name: 'shed', points: at(({ shed }) => shed) },
      { name: 'failed', points: at(({ failed }) => failed) },
    ]),
    lines('latency, ms', [
      { name: 'p50', points: at(({ p50Ms }) => p50Ms) },
      { name: 'p99', points: at(({ p99Ms }) => p99Ms) },
    ]),
    lines('on their way', [
      { name: 'orders to settle', points: at(({ unsettled }) => unsettled) },
      { name: 'messages to publish', points: at(({ outbox }) => outbox) },
    ]),
    lines(
      'memory, MiB',
      services.map((name) => ({ name, points: memoryOf(name) })),
    ),
  ];
  return `<h2>${title}</h2><p>Capacity ${Math.round(found.capacity)} purchases a second. ${found.accepted.toLocaleString('en')} orders accepted,
${found.unpaid} of them not paid for at the end; settled ${found.settledAfterSeconds.toFixed(1)} s after the load; ${found.shed.toLocaleString('en')} shed,
${found.shedWithoutRetryAfter} of them without <code>Retry-After</code>; ${found.failed} failed.
Phases: ${found.phases.map(({ name, rate, seconds }) => `${name} ${Math.round(rate)}/s for ${seconds} s`).join(', ')}.</p>
<div class="grid">${charts.map((chart) => `<section>${chart}</section>`).join('\n')}</div>`;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2530; --faint: #5c6773; --line: #d5dbe1; --paper: #fff; --card: #f6f8fa;
  --c0: #1f6f8b; --c1: #e08e45; --c2: #5a9a5a; --c3: #a05195; --c4: #7a8793; --c5: #c8553d; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf2; --faint: #9aa7b4; --line: #37424d; --paper: #12181e; --card: #1b232b;
  --c0: #58b4d1; --c1: #f0b27a; --c2: #8fcf8f; --c3: #d490c8; --c4: #a9b5c0; --c5: #f08a74; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 2rem; margin: 0 0 .5rem; } h2 { margin: 2.5rem 0 .5rem; } h3 { margin: 0; font-size: 1.05rem; }
p { margin: .25rem 0 .75rem; color: var(--faint); } pre { background: var(--card); padding: .6rem .8rem; overflow-x: auto; border-radius: 6px; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 1rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 1rem; }
svg { width: 100%; height: auto; display: block; } main > svg { max-width: 640px; } svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
svg .faint { fill: var(--faint); } svg .axis { stroke: var(--line); } svg .target { stroke: var(--ink); stroke-dasharray: 4 3; }
`;
