import type { Expectations, Problem, SystemUnderAudit } from './system-under-audit.ts';

/**
 * A 500 is always a fault of ours, and a 503 has to say when to try again. A 502 or a 504 says that nobody knows what became of a
 * request: that happens while something is broken and on a machine that is too slow for the load, so it counts against the
 * availability and is no finding here.
 */
export async function serverErrors(_: SystemUnderAudit, o: Expectations): Promise<Problem[]> {
  return (o.serverErrors ?? [])
    .filter(({ status }) => status === 500 || status === 503)
    .map(({ request, status }) => ({
      kind: 'mismatched',
      subject: request,
      what: `${request} was answered ${status}`,
    }));
}
