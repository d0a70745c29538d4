import { isTryLater, persist } from '@tradepost/testing/persistence';
import { type Answer, ask, type Message, type Shopper, type Site } from '@tradepost/testing/shopper';
import type { RequestKind, RequestLog } from './request-log.ts';

/** A request as somebody wants it answered. */
export type Wanted = Message & {
  kind: RequestKind;
  method: 'GET' | 'POST' | 'PATCH';
  path: string;
  /** Answers that are as they should be; another is noted as unexpected. */
  expected: readonly number[];
  /** How long it is asked again, in milliseconds. */
  patienceMs?: number;
};

/** Asks as a real client does, again and again under the same key, and notes how it went; undefined if it was given up. */
export type Client = (who: Shopper | undefined, wanted: Wanted) => Promise<Answer | undefined>;

/** Longer than the gateway gives a service to begin its answer. */
const ATTEMPT_MS = 12_000;
const PATIENCE_MS = 60_000;
const MAX_UNEXPECTED = 50;

export function createClient(o: { site: Site; requestLog: RequestLog; now: () => number }): Client {
  const { site, requestLog, now } = o;
  return async (who, wanted) => {
    const { kind, method, path, expected } = wanted;
    const startedMs = now();
    const giveUpAt = performance.now() + (wanted.patienceMs ?? PATIENCE_MS);
    const message = { ...wanted, timeoutMs: ATTEMPT_MS };
    const sample = { kind, startedMs, tookMs: 0, attempts: 0, answeredAtOnce: false, answered: false };
    const heard = (attempt: { answered: boolean; reason: string }) => {
      sample.attempts++;
      requestLog.attempts++;
      if (attempt.answered && sample.attempts === 1) sample.answeredAtOnce = true;
      if (!attempt.answered) {
        const reason = `${kind}: ${attempt.reason}`;
        requestLog.failures.set(reason, (requestLog.failures.get(reason) ?? 0) + 1);
      }
    };
    const request = () => (who ? who.call(method, path, message) : ask(site, method, path, message));
    const answer = await persist(request, { giveUpAt, heard }).catch(() => undefined);
    const isExpected = answer !== undefined && expected.includes(answer.status);
    sample.tookMs = now() - startedMs;
    sample.answered = isExpected;
    sample.answeredAtOnce &&= isExpected;
    requestLog.samples.push(sample);
    if (answer && !isExpected && !isTryLater(answer.status) && requestLog.unexpected.length < MAX_UNEXPECTED) {
      requestLog.unexpected.push(`${method} ${path} → ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`);
    }
    return isExpected ? answer : undefined;
  };
}
