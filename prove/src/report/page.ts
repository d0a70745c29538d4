import {
  formatAvailability,
  formatCount,
  formatLatency,
  formatPercent,
  formatSeconds,
} from '@tradepost/testing/report/formats';
import { escapeHtml, figureCell, htmlPage, htmlTable } from '@tradepost/testing/report/html';
import { faultKinds } from '../faults/kinds.ts';
import type { Figures } from './figures.ts';
import { timelinePicture } from './picture.ts';
import type { Requests } from './request-figures.ts';
import { style } from './style.ts';
import type { Bucket } from './timeline.ts';

/** A page about one run. */
export function pageOf(figures: Figures, buckets: readonly Bucket[]): string {
  const { verdict, orders, run, faults } = figures;
  const held = verdict === 'held';
  const minutes = `${Math.floor(run.seconds / 60)} min ${run.seconds % 60} s`;
  const share =
    run.capacity === null ? '' : `, ${Math.round((run.rate / run.capacity) * 100)} % of what the machine could do`;
  const how = run.sabotage ? ` With the guard <b>${escapeHtml(run.sabotage)}</b> switched off.` : '';
  const body = `<h1><span class="verdict ${verdict}">${held ? '✓ Held' : '✗ Violated'}</span>${formatCount(orders.accepted)} orders through ${faults.length} faults</h1>
<p class="soft">Placed in ${minutes}, ${run.rate} visits a second in an open loop${share}, against two processes of each service, five PostgreSQL
servers and a cluster of RabbitMQ, all of which failed meanwhile. Then the result was audited.${how}</p>
${tiles(figures)}
<h2>What happened</h2>
<div class="card">${timelinePicture(buckets, faults, Math.max(run.seconds * 1000, 1000))}</div>
<h2>What the audit found</h2>
<div class="card">${checkList(figures)}</div>
<h2>How requests fared</h2>
<p class="soft">Failed: the first attempt was not answered as it should be (no connection, none in time, or a 5xx). In vain: nor was any
later attempt of the same client under the same key.</p>
<div class="card">${requestTable(figures)}</div>
<h2>What is missing from 100 %</h2>
<p class="soft">Each request whose first attempt failed, by the fault that was under way then.</p>
<div class="card">${missingTable(figures)}</div>
<h2>How each fault was felt</h2>
<p class="soft">Requests that were begun or under way while it lasted, until a second after.</p>
<div class="card">${faultTable(figures)}</div>
<h2>How it was run</h2>
<div class="card"><p><code>${escapeHtml(run.command)}</code></p><p class="soft">Seed ${run.seed} · ${escapeHtml(run.machine)}</p></div>`;
  return htmlPage({ title: `Tradepost, proven: ${verdict}`, style, body });
}

function tiles({ orders, requests }: Figures): string {
  const tile = (value: string, name: string, className = '') =>
    `<div class="tile"><b class="${className}">${value}</b><span>${name}</span></div>`;
  const wrong = (n: number) => (n === 0 ? 'held' : 'violated');
  return `<div class="tiles">${[
    tile(formatCount(orders.lost), 'lost', wrong(orders.lost)),
    tile(formatCount(orders.doubled), 'doubled', wrong(orders.doubled)),
    tile(formatCount(orders.oversold), 'oversold', wrong(orders.oversold)),
    tile(formatCount(orders.mismatched), 'mismatched', wrong(orders.mismatched)),
    tile(formatCount(orders.wronglySent), 'wrongly sent', wrong(orders.wronglySent)),
    tile(formatAvailability(requests.availability), 'answered at the first attempt'),
    tile(
      formatCount(requests.failedInTheEnd),
      `of ${formatCount(requests.total)} requests in vain`,
      wrong(requests.failedInTheEnd),
    ),
    tile(formatLatency(orders.decidedMs.p50), `until decided (p99 ${formatLatency(orders.decidedMs.p99)})`),
  ].join('')}</div>`;
}

function checkList({ checks, requests }: Figures): string {
  const items = checks.map(({ says, problems, examples }) =>
    problems === 0
      ? `<li>${escapeHtml(says)}</li>`
      : `<li class="wrong">${escapeHtml(says)}: <b>not so, ${formatCount(problems)} times</b><br>${examples.map(escapeHtml).join('<br>')}</li>`,
  );
  const strange = requests.unexpected.map((answer) => `<li class="wrong">unexpected: ${escapeHtml(answer)}</li>`);
  return `<ul class="checks">${[...items, ...strange].join('')}</ul>`;
}

function shares({ total, failed, failedInTheEnd, availability }: Requests): string {
  const failures = (n: number, className: string) => figureCell(formatCount(n), n === 0 ? 'zero' : className);
  return (
    figureCell(formatCount(total)) +
    failures(failed, '') +
    failures(failedInTheEnd, 'bad') +
    figureCell(formatAvailability(availability))
  );
}

function requestTable({ requests, orders }: Figures): string {
  const rows = requests.byKind
    .filter(({ total }) => total > 0)
    .map((kind) => {
      const { p50, p95, p99, max } = kind.ms;
      return `<tr><td>${kind.kind}</td>${shares(kind)}${[p50, p95, p99, max].map((ms) => figureCell(formatLatency(ms))).join('')}</tr>`;
    });
  const ends = Object.entries(orders.ends).map(([status, n]) => `${formatCount(n)} ${status}`);
  const all = `<tr><td><b>all</b></td>${shares(requests)}<td colspan="4"></td></tr>`;
  const names = ['Request', 'asked', 'failed', 'in vain', 'available', 'p50', 'p95', 'p99', 'longest'];
  return `${htmlTable(names, 1, [...rows, all])}<p class="soft" style="margin-top:12px">The orders ended as ${ends.join(', ')}.</p>`;
}

function missingTable({ missing }: Figures): string {
  const rows = missing.map(({ fault, failed, share, reasons }) => {
    const named = Object.entries(reasons).map(([reason, n]) => `${formatCount(n)} ${reason}`);
    const why = `<td class="soft">${escapeHtml(named.join(', '))}</td>`;
    return `<tr><td>${escapeHtml(fault)}</td>${why}${figureCell(formatCount(failed))}${figureCell(formatPercent(share))}</tr>`;
  });
  const none = '<p>Nothing: every first attempt was answered.</p>';
  return rows.length > 0 ? htmlTable(['Fault under way', '', 'failed', 'of all'], 2, rows) : none;
}

function faultTable({ faults }: Figures): string {
  const rows = faults.map((fault) => {
    const lasted = fault.endedMs === undefined ? '–' : formatSeconds(fault.endedMs - fault.startedMs);
    const note = fault.failure ? `<span class="bad">✗ ${escapeHtml(fault.failure)}</span>` : escapeHtml(fault.note);
    const title = escapeHtml(faultKinds[fault.kind]);
    return `<tr><td title="${title}">${fault.kind}</td><td>${escapeHtml(fault.target)}</td><td class="soft">${note}</td>${figureCell(formatSeconds(fault.startedMs))}${figureCell(lasted)}${shares(fault.requests)}</tr>`;
  });
  const names = ['Fault', 'of', '', 'at', 'for', 'requests', 'failed', 'in vain', 'available'];
  return htmlTable(names, 3, rows);
}
