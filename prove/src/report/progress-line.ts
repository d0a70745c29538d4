import { formatCount } from '@tradepost/testing/report/formats';
import type { Progress } from '../chaos-run.ts';

const WIDTH = 24;

/** On a terminal one line that is written over; elsewhere a line a minute. */
export function progressWriter(out: NodeJS.WriteStream): (progress: Progress) => void {
  let nextAt = 0;
  return (progress) => {
    const text = progressLine(progress);
    if (progress.phase !== 'load') out.write(`${out.isTTY ? '\r\u001b[K' : ''}${text}\n`);
    else if (out.isTTY) out.write(`\r\u001b[K${text.slice(0, (out.columns ?? 80) - 1)}`);
    else if (progress.seconds >= nextAt) {
      nextAt = progress.seconds + 60;
      out.write(`${text}\n`);
    }
  };
}

/** One line about how far a run has come. */
function progressLine(progress: Progress): string {
  switch (progress.phase) {
    case 'measuring':
      return 'Measuring what this machine can do …';
    case 'planned':
      return planLine(progress);
    case 'settling':
      return 'Waiting until every order is decided …';
    case 'audit':
      return 'Auditing …';
    default:
      return loadLine(progress);
  }
}

function planLine({ load, plan }: Progress & { phase: 'planned' }): string {
  const { rate, orders, capacity } = load;
  const seconds = Math.round(Math.max(plan.durationMs / 1000, orders / rate));
  const share = capacity && `${Math.round((rate / Math.max(capacity.visitsPerSecond, rate)) * 100)} %`;
  const measured = capacity ? `, ${share} of the ${capacity.visitsPerSecond.toFixed(1)} that this machine can do` : '';
  return `${formatCount(orders)} orders at ${rate} visits a second${measured}; ${plan.faults.length} faults over about ${seconds} s`;
}

function loadLine(progress: Progress & { phase: 'load' }): string {
  const { accepted, orders, seconds, fault, faults, plannedFaults } = progress;
  const share = Math.min(1, accepted / Math.max(1, orders));
  const filled = Math.round(share * WIDTH);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`;
  const now = fault ? ` · ${fault.kind} ${fault.target}` : '';
  return `${bar} ${formatCount(accepted)} of ${formatCount(orders)} orders · ${seconds.toFixed(0)} s · fault ${faults} of ${plannedFaults}${now}`;
}
