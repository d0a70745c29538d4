import type { Figures, Requests } from './figures.ts';

/** The figures as text for a terminal, 100 columns wide. */
export function tableOf(figures: Figures): string {
  const parts = [faultTable, requestTable, missingTable, orderTable, checkTable, resultBlock];
  return parts.map((part) => part(figures)).join('\n\n');
}

/** Of the requests, at their first attempt, over a run in which each fault happens once. */
const OBJECTIVE = 0.999;
const MOST_REASONS = 4;

const count = (n: number): string => n.toLocaleString('en');
const percent = (share: number): string => `${(Math.floor(share * 100_000) / 1000).toFixed(3)} %`;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const millis = (ms: number): string => (ms < 10_000 ? `${Math.round(ms)} ms` : seconds(ms));

function columns(widths: readonly number[], cells: readonly string[]): string {
  // A negative width is for text, which stands on the left.
  return cells
    .map((cell, n) => ((widths[n] ?? 0) < 0 ? cell.padEnd(-(widths[n] ?? 0)) : cell.padStart(widths[n] ?? 0)))
    .join(' ')
    .trimEnd();
}

const shares = ({ total, failed, failedInTheEnd, availability }: Requests): string[] => [
  ...[count(total), count(failed), count(failedInTheEnd), percent(availability)],
];

function faultTable({ faults }: Figures): string {
  const widths = [-13, -18, 8, 8, 9, 7, 8, 11];
  const head = columns(widths, ['Fault', 'of', 'at', 'for', 'requests', 'failed', 'in vain', 'available']);
  const rows = faults.map((fault) => {
    const lasted = fault.endedMs === undefined ? '?' : seconds(fault.endedMs - fault.startedMs);
    const cells = [fault.kind, fault.target, seconds(fault.startedMs), lasted, ...shares(fault.requests)];
    return `${columns(widths, cells)}${fault.failure ? `\n  ✗ ${fault.failure}` : ''}`;
  });
  return [head, ...(rows.length > 0 ? rows : ['none'])].join('\n');
}

function requestTable({ requests }: Figures): string {
  const widths = [-10, 9, 7, 8, 11, 9, 9, 9, 10];
  const head = columns(widths, ['Request', 'asked', 'failed', 'in vain', 'available', 'p50', 'p95', 'p99', 'longest']);
  const rows = requests.byKind
    .filter(({ total }) => total > 0)
    .map((kind) =>
      columns(widths, [
        kind.kind,
        ...shares(kind),
        ...[kind.ms.p50, kind.ms.p95, kind.ms.p99, kind.ms.max].map(millis),
      ]),
    );
  return [head, ...rows, columns(widths, ['all', ...shares(requests)])].join('\n');
}

/** Which fault each failed first attempt belongs to. */
function missingTable({ missing, requests }: Figures): string {
  const widths = [-32, 7, 10];
  const title = `Failed at the first attempt: ${count(requests.failed)} of ${count(requests.total)}`;
  const rows = missing.map(({ fault, failed, share, reasons }) => {
    const named = Object.entries(reasons).map(([reason, n]) => `${n} ${reason}`);
    const more = named.length > MOST_REASONS ? ', …' : '';
    const cells = [fault, count(failed), `${(share * 100).toFixed(3)} %`];
    return `${columns(widths, cells)}  ${named.slice(0, MOST_REASONS).join(', ')}${more}`;
  });
  return [title, ...(rows.length > 0 ? [columns(widths, ['Fault under way', 'failed', 'of all']), ...rows] : [])].join(
    '\n',
  );
}

function orderTable({ orders, run }: Figures): string {
  const ends = Object.entries(orders.ends).map(([status, n]) => `${count(n)} ${status}`);
  const { p50, p99, max } = orders.decidedMs;
  return [
    `Orders      ${count(orders.accepted)} accepted in ${seconds(run.seconds * 1000)}: ${ends.join(', ')}`,
    `            decided after ${millis(p50)} (p50), ${millis(p99)} (p99), ${millis(max)} at the longest`,
  ].join('\n');
}

function checkTable({ checks, requests }: Figures): string {
  const rows = checks.flatMap(({ check, says, problems, examples }) => [
    `${problems === 0 ? '✓' : '✗'} ${check.padEnd(13)} ${says}${problems === 0 ? '' : `: NOT SO, ${count(problems)} times`}`,
    ...examples.map((example) => `    ${example}`),
  ]);
  const strange = requests.unexpected.map((answer) => `✗ unexpected   ${answer}`);
  return ['Audit', ...rows, ...strange].join('\n');
}

/** The result in a few lines, at the end. */
function resultBlock({ verdict, orders, requests, availability, faults, run }: Figures): string {
  const sabotage = run.sabotage ? ` with the guard ${run.sabotage} switched off` : '';
  const minutes = `${Math.floor(run.seconds / 60)} min ${run.seconds % 60} s`;
  const rate =
    run.capacity === null
      ? `${run.rate} visits a second`
      : `${run.rate} visits a second, ${Math.round((run.rate / run.capacity) * 100)} % of the ${run.capacity.toFixed(1)} measured`;
  const isMet = availability >= OBJECTIVE;
  return [
    `${verdict === 'held' ? 'HELD' : 'VIOLATED'}${sabotage}`,
    `  run           ${count(orders.accepted)} orders in ${minutes} through ${faults.length} faults, ${rate}; seed ${run.seed}`,
    `  orders        ${orders.lost} lost, ${orders.doubled} doubled, ${orders.oversold} oversold, ${orders.mismatched} mismatched, ${orders.wronglySent} wrongly sent`,
    `  availability  ${percent(availability)} at the first attempt (objective ${percent(OBJECTIVE)}: ${isMet ? 'met' : 'NOT MET'}); ${count(requests.failedInTheEnd)} never answered`,
  ].join('\n');
}
