import { faultKinds } from '../faults/kinds.ts';
import { escapeHtml } from './chart.ts';
import type { Figures, Requests } from './figures.ts';
import { timelinePicture } from './picture.ts';
import { stylesheet } from './style.ts';
import type { Bucket } from './timeline.ts';

const count = (n: number): string => n.toLocaleString('en');
const percent = (share: number): string => `${(Math.floor(share * 100_000) / 1000).toFixed(3)} %`;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const millis = (ms: number): string => (ms < 10_000 ? `${count(Math.round(ms))} ms` : seconds(ms));

/** A page about one run that needs nothing else: no script, no font and no picture from elsewhere. */
export function pageOf(figures: Figures, buckets: readonly Bucket[]): string {
  const { verdict, orders, run, faults } = figures;
  const held = verdict === 'held';
  const minutes = `${Math.floor(run.seconds / 60)} min ${run.seconds % 60} s`;
  const share =
    run.capacity === null ? '' : `, ${Math.round((run.rate / run.capacity) * 100)} % of what the machine could do`;
  const how = run.sabotage ? ` With the guard <b>${escapeHtml(run.sabotage)}</b> switched off.` : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tradepost, proven: ${verdict}</title><style>${stylesheet}</style></head><body><main>
<h1><span class="verdict ${verdict}">${held ? '✓ Held' : '✗ Violated'}</span>${count(orders.accepted)} orders through ${faults.length} faults</h1>
<p class="soft">Placed in ${minutes}, ${run.rate} visits a second in an open loop${share}, against two processes of each service, four PostgreSQL
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
<div class="card"><p><code>${escapeHtml(run.command)}</code></p><p class="soft">Seed ${run.seed} · ${escapeHtml(run.machine)}</p></div>
</main></body></html>
`;
}

function tiles({ orders, requests }: Figures): string {
  const tile = (value: string, name: string, className = '') =>
    `<div class="tile"><b class="${className}">${value}</b><span>${name}</span></div>`;
  const wrong = (n: number) => (n === 0 ? 'held' : 'violated');
  return `<div class="tiles">${[
    tile(count(orders.lost), 'lost', wrong(orders.lost)),
    tile(count(orders.doubled), 'doubled', wrong(orders.doubled)),
    tile(count(orders.oversold), 'oversold', wrong(orders.oversold)),
    tile(count(orders.mismatched), 'mismatched', wrong(orders.mismatched)),
    tile(count(orders.wronglySent), 'wrongly sent', wrong(orders.wronglySent)),
    tile(percent(requests.availability), 'answered at the first attempt'),
    tile(
      count(requests.failedInTheEnd),
      `of ${count(requests.total)} requests in vain`,
      wrong(requests.failedInTheEnd),
    ),
    tile(millis(orders.decidedMs.p50), `until decided (p99 ${millis(orders.decidedMs.p99)})`),
  ].join('')}</div>`;
}

function checkList({ checks, requests }: Figures): string {
  const items = checks.map(({ says, problems, examples }) =>
    problems === 0
      ? `<li>${escapeHtml(says)}</li>`
      : `<li class="wrong">${escapeHtml(says)}: <b>not so, ${count(problems)} times</b><br>${examples.map(escapeHtml).join('<br>')}</li>`,
  );
  const strange = requests.unexpected.map((answer) => `<li class="wrong">unexpected: ${escapeHtml(answer)}</li>`);
  return `<ul class="checks">${[...items, ...strange].join('')}</ul>`;
}

const cell = (value: string, className = ''): string => `<td class="n ${className}">${value}</td>`;
const heads = (names: readonly string[], text: number): string =>
  `<tr>${names.map((name, n) => `<th${n < text ? '' : ' class="n"'}>${name}</th>`).join('')}</tr>`;

function shares({ total, failed, failedInTheEnd, availability }: Requests): string {
  const failures = (n: number, className: string) => cell(count(n), n === 0 ? 'zero' : className);
  return cell(count(total)) + failures(failed, '') + failures(failedInTheEnd, 'bad') + cell(percent(availability));
}

function requestTable({ requests, orders }: Figures): string {
  const rows = requests.byKind
    .filter(({ total }) => total > 0)
    .map((kind) => {
      const { p50, p95, p99, max } = kind.ms;
      return `<tr><td>${kind.kind}</td>${shares(kind)}${[p50, p95, p99, max].map((ms) => cell(millis(ms))).join('')}</tr>`;
    });
  const ends = Object.entries(orders.ends).map(([status, n]) => `${count(n)} ${status}`);
  const all = `<tr><td><b>all</b></td>${shares(requests)}<td colspan="4"></td></tr>`;
  const names = ['Request', 'asked', 'failed', 'in vain', 'available', 'p50', 'p95', 'p99', 'longest'];
  return `<table>${heads(names, 1)}${rows.join('')}${all}</table><p class="soft" style="margin-top:12px">The orders ended as ${ends.join(', ')}.</p>`;
}

function missingTable({ missing }: Figures): string {
  const rows = missing.map(({ fault, failed, share, reasons }) => {
    const named = Object.entries(reasons).map(([reason, n]) => `${count(n)} ${reason}`);
    const why = `<td class="soft">${escapeHtml(named.join(', '))}</td>`;
    return `<tr><td>${escapeHtml(fault)}</td>${why}${cell(count(failed))}${cell(`${(share * 100).toFixed(3)} %`)}</tr>`;
  });
  const none = '<p>Nothing: every first attempt was answered.</p>';
  return rows.length > 0
    ? `<table>${heads(['Fault under way', '', 'failed', 'of all'], 2)}${rows.join('')}</table>`
    : none;
}

function faultTable({ faults }: Figures): string {
  const rows = faults.map((fault) => {
    const lasted = fault.endedMs === undefined ? '–' : seconds(fault.endedMs - fault.startedMs);
    const note = fault.failure ? `<span class="bad">✗ ${escapeHtml(fault.failure)}</span>` : escapeHtml(fault.note);
    const title = escapeHtml(faultKinds[fault.kind]);
    return `<tr><td title="${title}">${fault.kind}</td><td>${escapeHtml(fault.target)}</td><td class="soft">${note}</td>${cell(seconds(fault.startedMs))}${cell(lasted)}${shares(fault.requests)}</tr>`;
  });
  const names = ['Fault', 'of', '', 'at', 'for', 'requests', 'failed', 'in vain', 'available'];
  return `<table>${heads(names, 3)}${rows.join('')}</table>`;
}
