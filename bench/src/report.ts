import { barChart, barPatterns, lineChart } from '@tradepost/testing/report/charts';
import { formatCount, formatCpuMs } from '@tradepost/testing/report/formats';
import { escapeHtml, htmlPage } from '@tradepost/testing/report/html';
import { serviceNames } from '../../images/built-services.ts';
import type { Results } from './results.ts';
import type { LoadTestResult } from './soak.ts';

/** What the page adds to the stylesheet of all reports. */
const style = `
.soft { max-width: none; } .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 1rem; }
main > svg { max-width: 640px; } svg .ink { fill: var(--ink); } svg .target { stroke: var(--ink); stroke-dasharray: 4 3; }
`;

/** The results as one page; to be read without colours, too. */
export function reportOf(results: Results): string {
  const { machine: m } = results;
  const body = `${barPatterns}<h1>What Tradepost costs</h1>
<p class="soft">Processor time of all server processes, services, PostgreSQL and broker together, for each completed operation.
${m.cores} × ${escapeHtml(m.processor)}, ${m.memoryGiB} GiB, Linux ${escapeHtml(m.kernel)}, Node.js ${m.node}, PostgreSQL ${m.postgres};
${formatCount(results.products)} products; ${results.startedAt.slice(0, 16).replace('T', ' ')} UTC, ${results.tookSeconds} s.</p>
<div class="card"><code>${escapeHtml(results.command)}</code></div>
${[operations(results), peers(results), starts(results), memory(results), growth(results), load('At a rate near capacity', results.soak), load('At three times the capacity', results.overload)].join('\n')}`;
  return htmlPage({ title: `Tradepost: measurements of ${results.startedAt.slice(0, 10)}`, style, body });
}

function operations(results: Results): string {
  const sections = results.operations.map((one) => {
    const parts = Object.entries(one.cpuByPart).map(([part, value]) => ({ name: part, value }));
    const others = [...(one.reference ? [one.reference] : []), ...one.others];
    const chart = barChart({
      unit: 'CPU-ms',
      format: formatCpuMs,
      target: one.targetCpuMs,
      bars: [
        { label: 'Tradepost', parts, total: one.cpuMs },
        ...others.map(({ name: label, cpuMs }) => ({ label, parts: [{ name: 'all', value: cpuMs }], total: cpuMs })),
      ],
    });
    const verdict = one.cpuMs <= one.targetCpuMs ? 'within the target' : 'above the target';
    return `<section class="card"><h3>${escapeHtml(one.title)}, ${one.connections} at once</h3>
<p class="soft">${formatCpuMs(one.cpuMs)} CPU-ms, ${verdict} of ${formatCpuMs(one.targetCpuMs)}; ${formatCount(Math.round(one.throughput))} a second,
p50 ${one.p50Ms.toFixed(1)} ms, p99 ${one.p99Ms.toFixed(1)} ms; repetitions ${one.repetitions.map(formatCpuMs).join(', ')}.</p>${chart}</section>`;
  });
  if (sections.length === 0) return '';
  const [count] = results.counts;
  const note = count
    ? `<p class="soft">A purchase takes ${count.statements.toFixed(1)} SQL statements in all databases, ${count.commits.toFixed(1)} commits,
${count.walFlushes.toFixed(2)} flushes and ${(count.walBytes / 1000).toFixed(1)} kB of the write-ahead log, ${count.connections} at once.</p>`
    : '';
  return `<h2>Operations</h2><div class="charts">${sections.join('\n')}</div>${note}`;
}

function peers({ peers: found = [] }: Results): string {
  if (found.length === 0) return '';
  const sections = found.map(({ kind, connections, shops }) => {
    const bars = shops.map(({ name, version = '', cpuMs, cpuByPart }) => ({
      label: `${name} ${version}`.trim(),
      parts: servicesTogether(cpuByPart),
      total: cpuMs,
    }));
    return `<section class="card"><h3>${kind}, ${connections} at once</h3>${barChart({ unit: 'CPU-ms', format: formatCpuMs, bars })}</section>`;
  });
  return `<h2>Beside other shops</h2><div class="charts">${sections.join('\n')}</div>`;
}

/** Tradepost's services as one part: a chart tells six parts apart. */
function servicesTogether(cpuByPart: Readonly<Record<string, number>>): { name: string; value: number }[] {
  const isService = (part: string) => serviceNames.some((name) => name === part);
  const byName = Map.groupBy(Object.entries(cpuByPart), ([part]) => (isService(part) ? 'services' : part));
  return [...byName].map(([name, parts]) => ({ name, value: parts.reduce((sum, [, value]) => sum + value, 0) }));
}

const rounded = (value: number): string => value.toFixed(0);

function starts(results: Results): string {
  const rows = [...Object.entries(results.coldStartMs), ...Object.entries(results.referenceColdStartMs)];
  if (rows.length === 0) return '';
  const chart = barChart({
    unit: 'ms until ready',
    format: rounded,
    target: 250,
    bars: rows.map(([label, value]) => ({ label, parts: [{ name: 'all', value }], total: value })),
  });
  return `<h2>Cold start</h2><p class="soft">From the start of the process to the first answer that it is ready, database and broker being there.</p>${chart}`;
}

function memory(results: Results): string {
  const loaded = Object.entries(results.memoryMiB);
  if (loaded.length === 0) return '';
  const chart = barChart({
    unit: 'MiB',
    format: rounded,
    target: 150,
    bars: loaded.map(([label, total]) => {
      const atRest = Object.entries(results.idleMemoryMiB).find(([name]) => name === label)?.[1] ?? 0;
      const parts = [
        { name: 'at rest', value: Math.min(atRest, total) },
        { name: 'under load, on top', value: Math.max(0, total - atRest) },
      ];
      return { label, parts, total };
    }),
  });
  return `<h2>Memory</h2><p class="soft">Resident. At rest all four use ${results.idleCpuMsPerSecond.all?.toFixed(1)} ms of processor time a second.</p>${chart}`;
}

const short = new Intl.NumberFormat('en', { notation: 'compact' });

function growth({ growth: steps }: Results): string {
  if (steps.length === 0) return '';
  const sections = [...new Set(steps.map(({ kind }) => kind))].map((kind) => {
    const bars = steps
      .filter((step) => step.kind === kind)
      .flatMap(({ products, orders, cpuMs, baseCpuMs, ratio }) => [
        { label: `first size, beside it`, parts: [{ name: 'all', value: baseCpuMs }], total: baseCpuMs },
        {
          label: `${short.format(products)} products, ${short.format(orders)} orders: ${ratio.toFixed(2)} ×`,
          parts: [{ name: 'all', value: cpuMs }],
          total: cpuMs,
        },
      ]);
    return `<section class="card"><h3>${kind}</h3>${barChart({ unit: 'CPU-ms', format: formatCpuMs, bars })}</section>`;
  });
  return `<h2>Growth</h2><div class="charts">${sections.join('\n')}</div>`;
}

function load(title: string, found: LoadTestResult | undefined): string {
  if (!found) return '';
  const at = (pick: (sample: LoadTestResult['samples'][number]) => number) =>
    found.samples.map((sample) => ({ x: sample.atSeconds, y: pick(sample) }));
  const services = Object.keys(found.samples[0]?.memoryMiB ?? {});
  const memoryOf = (name: string) =>
    at(({ memoryMiB }) => Object.entries(memoryMiB).find(([service]) => service === name)?.[1] ?? 0);
  const charts = [
    lineChart('requests a second', [
      { name: 'accepted', points: at(({ done }) => done) },
      { name: 'shed', points: at(({ shed }) => shed) },
      { name: 'failed', points: at(({ failed }) => failed) },
    ]),
    lineChart('latency, ms', [
      { name: 'p50', points: at(({ p50Ms }) => p50Ms) },
      { name: 'p99', points: at(({ p99Ms }) => p99Ms) },
    ]),
    lineChart('on their way', [
      { name: 'orders to settle', points: at(({ unsettled }) => unsettled) },
      { name: 'messages to publish', points: at(({ outbox }) => outbox) },
    ]),
    lineChart(
      'memory, MiB',
      services.map((name) => ({ name, points: memoryOf(name) })),
    ),
  ];
  return `<h2>${title}</h2><p class="soft">Capacity ${Math.round(found.capacity)} purchases a second. ${formatCount(found.accepted)} orders accepted,
${found.unpaid} of them not paid for at the end; settled ${found.settledAfterSeconds.toFixed(1)} s after the load; ${formatCount(found.shed)} shed,
${found.shedWithoutRetryAfter} of them without <code>Retry-After</code>; ${found.failed} failed.
Phases: ${found.phases.map(({ name, rate, seconds }) => `${name} ${Math.round(rate)}/s for ${seconds} s`).join(', ')}.</p>
<div class="charts">${charts.map((chart) => `<section class="card">${chart}</section>`).join('\n')}</div>`;
}
