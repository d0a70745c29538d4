import type { Progress } from '../chaos-run.ts';

const WIDTH = 24;

/** One line about where a result has got to, for a terminal. */
export function progressLine(progress: Progress, plannedFaults: number): string {
  if (progress.phase === 'settling') return 'waiting until every order is decided …';
  if (progress.phase === 'audit') return 'auditing …';
  const { accepted, orders, seconds, fault, faults } = progress;
  const share = Math.min(1, accepted / Math.max(1, orders));
  const filled = Math.round(share * WIDTH);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`;
  const now = fault ? ` · ${fault.kind} ${fault.target}` : '';
  const so = `${accepted.toLocaleString('en')} of ${orders.toLocaleString('en')} orders`;
  return `${bar} ${so} · ${seconds.toFixed(0)} s · fault ${faults} of ${plannedFaults}${now}`;
}
