import { formatCpuMs } from '@tradepost/testing/report/formats';
import { markdownTable } from '@tradepost/testing/report/text-tables';
import { serviceNames } from '../../images/built-services.ts';
import type { PurchaseCounts } from './counts.ts';
import { median } from './measurement.ts';
import { peersTable } from './peers/table.ts';
import type { Results } from './results.ts';
import type { LoadTestResult, Sample } from './soak.ts';

/** The results as text, in the form of a Markdown table. */
export function tableOf(results: Results): string {
  const { machine: m } = results;
  const parts = [
    `${m.cores} × ${m.processor}, ${m.memoryGiB} GiB, Node.js ${m.node}, PostgreSQL ${m.postgres}; ` +
      `${results.products} products, ${results.orders} orders before; ${results.startedAt.slice(0, 16)} UTC, ${results.tookSeconds} s`,
    `\`${results.command}\``,
    operations(results),
    counts(results),
    cells(results),
    peersTable(results.peers ?? []),
    services(results),
    growth(results),
    loadTests('soak', results.soak),
    loadTests('overload', results.overload),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function operations(results: Results): string {
  const rows = results.operations.map((one) => {
    const others = [...(one.reference ? [one.reference] : []), ...one.others];
    const isMet = one.cpuMs <= one.targetCpuMs ? 'yes' : 'no';
    const besideIt = others.map((other) => `${other.name} ${formatCpuMs(other.cpuMs)}`).join(', ');
    const ratio = one.ratio === undefined ? '' : `${one.ratio.toFixed(1)} ×`;
    const speed = [Math.round(one.throughput), one.p50Ms.toFixed(1), one.p99Ms.toFixed(1)];
    const own = [formatCpuMs(one.cpuMs), formatCpuMs(one.targetCpuMs), isMet];
    return [one.kind, one.connections, ...own, besideIt, ratio, ...speed, partsText(one.cpuByPart)];
  });
  const failed = results.failures.map(
    ({ kind, connections, error }) => `${kind}, ${connections} connections, FAILED: ${error}`,
  );
  if (rows.length === 0) return failed.join('\n');
  const own = ['CPU-ms an operation', 'at once', 'Tradepost', 'target', 'met'];
  const heads = [...own, 'beside it', 'ratio', 'a second', 'p50 ms', 'p99 ms', 'of which'];
  return [markdownTable(heads, rows), ...failed].join('\n\n');
}

function counts(results: Results): string {
  if (results.counts.length === 0) return '';
  const rows = results.counts.map((one) => [
    ...[one.kind ?? 'purchase', one.connections, one.purchases, one.statements.toFixed(1)],
    ...[one.commits.toFixed(2), one.walFlushes.toFixed(2), one.walRecords.toFixed(0)],
    ...[(one.walBytes / 1000).toFixed(1), (one.walBytesOfPages / 1000).toFixed(1)],
    Object.entries(one.byService)
      .map(([service, own]) => `${service} ${own.statements.toFixed(1)}, ${(own.walBytes / 1000).toFixed(1)} kB`)
      .join('; '),
  ]);
  const heads = ['of each', 'at once', 'counted', 'statements', 'commits', 'WAL flushes'];
  const table = markdownTable(
    [...heads, 'WAL records', 'WAL kB', 'of whole pages, at most', 'statements, WAL by service'],
    rows,
  );
  return [table, ...results.counts.map(statements)].filter(Boolean).join('\n\n');
}

function statements({ kind = 'purchase', connections, byStatement = [] }: PurchaseCounts): string {
  if (byStatement.length === 0) return '';
  const rows = byStatement.map(({ service, text, calls, rows: touched, walRecords, executionMs }) => [
    ...[service, calls.toFixed(2), touched.toFixed(1), walRecords.toFixed(1), executionMs.toFixed(2)],
    `\`${text.slice(0, 110).replaceAll('|', '\\|').replaceAll('`', '')}\``,
  ]);
  const heads = [`statements of a ${kind}, ${connections} at once`, 'calls', 'rows', 'WAL records', 'ms'];
  return markdownTable([...heads, 'text'], rows);
}

function cells({ cells: found = [] }: Results): string {
  if (found.length === 0) return '';
  const rows = found.map((one) => [
    ...[one.name, one.connections, formatCpuMs(one.cpuMs), Math.round(one.throughput)],
    ...[one.p50Ms.toFixed(1), one.p99Ms.toFixed(1), partsText(one.cpuByPart)],
  ]);
  return markdownTable(['purchases', 'at once', 'CPU-ms', 'a second', 'p50 ms', 'p99 ms', 'of which'], rows);
}

function loadTests(name: string, found: LoadTestResult | undefined): string {
  if (!found) return '';
  const rows = found.phases.map((phase) => {
    const samples = found.samples.filter((sample) => sample.phase === phase.name);
    const mean = (pick: (sample: Sample) => number) =>
      samples.reduce((sum, sample) => sum + pick(sample), 0) / samples.length;
    const quarter = Math.ceil(samples.length / 4);
    /** From the first quarter of the phase to the last: medians, since one look says little. */
    const course = (pick: (sample: Sample) => number) =>
      [samples.slice(0, quarter), samples.slice(-quarter)]
        .map((part) => Math.round(median(part.map(pick))))
        .join(' → ');
    return [
      `${name}: ${phase.name}`,
      Math.round(phase.rate),
      Math.round(mean(({ done }) => done)),
      Math.round(mean(({ shed }) => shed)),
      course(({ p99Ms }) => p99Ms),
      course(({ memoryMiB }) => Object.values(memoryMiB).reduce((sum, one) => sum + one, 0)),
      Math.max(...samples.map(({ unsettled }) => unsettled)),
    ];
  });
  const heads = ['load', 'offered a second', 'accepted', 'shed', 'p99 ms', 'MiB, all services', 'most unsettled'];
  return `${markdownTable(heads, rows)}

Capacity ${Math.round(found.capacity)} a second. ${found.accepted} orders accepted, ${found.unpaid} of them not paid for at the end, all settled \
${found.settledAfterSeconds.toFixed(1)} s after the load; ${found.shed} shed, ${found.shedWithoutRetryAfter} without Retry-After; ${found.failed} failed.`;
}

function services(results: Results): string {
  if (Object.keys(results.coldStartMs).length === 0) return '';
  const number = (value: number | undefined) => (value === undefined ? '' : String(Math.round(value)));
  const { liveMs, coldStartMs, idleMemoryMiB, ownMemoryMiB = {}, memoryMiB, idleCpuMsPerSecond } = results;
  // Results of earlier versions have fewer services.
  const measured = serviceNames.filter((name) => idleCpuMsPerSecond[name] !== undefined);
  const rows = measured.map((name) => [
    ...[name, ...[liveMs, coldStartMs, idleMemoryMiB, ownMemoryMiB, memoryMiB].map((figures) => number(figures[name]))],
    (idleCpuMsPerSecond[name] ?? Number.NaN).toFixed(1),
  ]);
  const heads = [
    'service',
    'live ms',
    'ready ms',
    'MiB at rest',
    'of which its own',
    'MiB under load',
    'CPU-ms a second at rest',
  ];
  const baselines = Object.entries(results.referenceColdStartMs).map(([name, ms]) => `${name} ${Math.round(ms)} ms`);
  return `${markdownTable(heads, rows)}

Ready beside it: ${baselines.join(', ')}. All at rest: ${results.idleCpuMsPerSecond.all?.toFixed(1)} CPU-ms a second.`;
}

function growth({ growth: steps }: Results): string {
  if (steps.length === 0) return '';
  const rows = steps.map((step) => [
    ...[step.kind, step.products, step.orders],
    ...[formatCpuMs(step.cpuMs), formatCpuMs(step.baseCpuMs), `${step.ratio.toFixed(2)} ×`],
    ...[partsText(step.cpuByPart), partsText(step.baseCpuByPart)],
  ]);
  const figures = ['CPU-ms', 'at the first size', 'ratio', 'of which', 'of which at the first size'];
  const heads = ['growth', 'products', 'orders', ...figures];
  return markdownTable(heads, rows);
}

/** What each part took of an operation, but for those that had nothing to do. */
const partsText = (parts: Record<string, number>): string =>
  Object.entries(parts)
    .filter(([, ms]) => ms >= 0.001)
    .map(([part, ms]) => `${part} ${formatCpuMs(ms)}`)
    .join(', ');
