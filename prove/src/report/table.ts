import {
  formatAvailability,
  formatCount,
  formatLatency,
  formatPercent,
  formatSeconds,
} from '@tradepost/testing/report/formats';
import { terminalTable } from '@tradepost/testing/report/text-tables';
import type { Figures } from './figures.ts';
import type { Requests } from './request-figures.ts';

/** The figures as text for a terminal, 100 columns wide. */
export function tableOf(figures: Figures): string {
  const parts = [faultTable, requestTable, missingTable, orderTable, checkTable, resultBlock];
  return parts.map((part) => part(figures)).join('\n\n');
}

/** Of the requests, at their first attempt, over a run in which each fault happens once. */
const OBJECTIVE = 0.999;
const MOST_REASONS = 4;

const shares = ({ total, failed, failedInTheEnd, availability }: Requests): string[] => [
  ...[formatCount(total), formatCount(failed), formatCount(failedInTheEnd), formatAvailability(availability)],
];

function faultTable({ faults }: Figures): string {
  const rows = faults.map((fault) => {
    const lasted = fault.endedMs === undefined ? '?' : formatSeconds(fault.endedMs - fault.startedMs);
    return [fault.kind, fault.target, formatSeconds(fault.startedMs), lasted, ...shares(fault.requests)];
  });
  const heads = ['Fault', 'of', 'at', 'for', 'requests', 'failed', 'in vain', 'available'];
  const [head, ...lines] = terminalTable(heads, 2, rows);
  const shown = lines.map((line, n) => (faults[n]?.failure ? `${line}\n  ✗ ${faults[n].failure}` : line));
  return [head, ...(shown.length > 0 ? shown : ['none'])].join('\n');
}

function requestTable({ requests }: Figures): string {
  const kinds = requests.byKind.filter(({ total }) => total > 0);
  const rows = kinds.map(({ kind, ms, ...own }) => [
    ...[kind, ...shares(own)],
    ...[ms.p50, ms.p95, ms.p99, ms.max].map(formatLatency),
  ]);
  const heads = ['Request', 'asked', 'failed', 'in vain', 'available', 'p50', 'p95', 'p99', 'longest'];
  return terminalTable(heads, 1, [...rows, ['all', ...shares(requests)]]).join('\n');
}

/** Which fault each failed first attempt belongs to. */
function missingTable({ missing, requests }: Figures): string {
  const rows = missing.map(({ fault, failed, share }) => [fault, formatCount(failed), formatPercent(share)]);
  const [head, ...lines] = terminalTable(['Fault under way', 'failed', 'of all'], 1, rows);
  const shown = lines.map((line, n) => {
    const named = Object.entries(missing[n]?.reasons ?? {}).map(([reason, count]) => `${count} ${reason}`);
    return `${line}  ${named.slice(0, MOST_REASONS).join(', ')}${named.length > MOST_REASONS ? ', …' : ''}`;
  });
  const title = `Failed at the first attempt: ${formatCount(requests.failed)} of ${formatCount(requests.total)}`;
  return [title, ...(shown.length > 0 ? [head, ...shown] : [])].join('\n');
}

function orderTable({ orders, run }: Figures): string {
  const ends = Object.entries(orders.ends).map(([status, n]) => `${formatCount(n)} ${status}`);
  const { p50, p99, max } = orders.decidedMs;
  return [
    `Orders      ${formatCount(orders.accepted)} accepted in ${formatSeconds(run.seconds * 1000)}: ${ends.join(', ')}`,
    `            decided after ${formatLatency(p50)} (p50), ${formatLatency(p99)} (p99), ${formatLatency(max)} at the longest`,
  ].join('\n');
}

function checkTable({ checks, requests }: Figures): string {
  const rows = checks.flatMap(({ check, says, problems, examples }) => [
    `${problems === 0 ? '✓' : '✗'} ${check.padEnd(13)} ${says}${problems === 0 ? '' : `: NOT SO, ${formatCount(problems)} times`}`,
    ...examples.map((example) => `    ${example}`),
  ]);
  const strange = requests.unexpected.map((answer) => `✗ unexpected   ${answer}`);
  return ['Audit', ...rows, ...strange].join('\n');
}

/** The result in a few lines, at the end. */
function resultBlock({ verdict, orders, mails, requests, availability, faults, run }: Figures): string {
  const sabotage = run.sabotage ? ` with the guard ${run.sabotage} switched off` : '';
  const minutes = `${Math.floor(run.seconds / 60)} min ${run.seconds % 60} s`;
  const rate =
    run.capacity === null
      ? `${run.rate} visits a second`
      : `${run.rate} visits a second, ${Math.round((run.rate / run.capacity) * 100)} % of the ${run.capacity.toFixed(1)} measured`;
  const isMet = availability >= OBJECTIVE;
  return [
    `${verdict === 'held' ? 'HELD' : 'VIOLATED'}${sabotage}`,
    `  run           ${formatCount(orders.accepted)} orders in ${minutes} through ${faults.length} faults, ${rate}; seed ${run.seed}`,
    `  orders        ${orders.lost} lost, ${orders.doubled} doubled, ${orders.oversold} oversold, ${orders.mismatched} mismatched, ${orders.wronglySent} wrongly sent`,
    `  mails         ${formatCount(mails.sent)} sent, ${formatCount(mails.repeated)} of them more than once`,
    `  availability  ${formatAvailability(availability)} at the first attempt (objective ${formatAvailability(OBJECTIVE)}: ${isMet ? 'met' : 'NOT MET'}); ${formatCount(requests.failedInTheEnd)} never answered`,
  ].join('\n');
}
