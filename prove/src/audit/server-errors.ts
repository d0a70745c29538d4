import type { ServerError } from '../workload/request-log.ts';
import type { Expectations, Problem, SystemUnderAudit } from './system-under-audit.ts';

/** A fault is felt for some time after it is over: by requests that had begun, and while queues are worked off. */
const AFTERMATH_MS = 3000;

/**
 * A 500 is always a fault of ours. A 502 and a 504 say that nobody knows what became of a request: that is true only while
 * something is broken. A 503 has to say when to try again.
 */
export async function serverErrors(_: SystemUnderAudit, o: Expectations): Promise<Problem[]> {
  const { serverErrors: seen = [], disturbances = [] } = o;
  const isDisturbed = ({ startedMs, endedMs }: ServerError) =>
    disturbances.some((one) => startedMs < one.endedMs + AFTERMATH_MS && endedMs > one.startedMs);
  return seen
    .filter((one) => one.status === 500 || one.status === 503 || !isDisturbed(one))
    .map(({ request, status }) => ({
      kind: 'mismatched',
      subject: request,
      what: `${request} was answered ${status}`,
    }));
}
