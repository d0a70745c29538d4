import { isTryLater, persist } from '@tradepost/testing/persistence';
import { type Answer, type Message, type Shopper, type Site, sendRequest } from '@tradepost/testing/shopper';
import type { Action, RequestKind, RequestLog } from './request-log.ts';

/** A request with the responses that are as they should be. */
export type ClientRequest = Message & {
  kind: RequestKind;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  /** Statuses of responses that do what was asked. */
  accepts: readonly number[];
  /** Statuses of responses that refuse it for a good reason; any other is logged as unexpected. */
  refusals?: readonly number[] | undefined;
  /** Whether a response was right that is in neither list: asked once it is there, since the reason may have come meanwhile. */
  isExpectedProblem?: ((answer: Answer) => boolean) | undefined;
  /** How long it is sent again, in milliseconds. */
  patienceMs?: number;
};

/** What came of a request; `answer` is there if it was accepted or refused for a good reason. */
export type Exchange = Action & { answer: Answer | undefined };

/** Sends a request as a real client does, again under the same key while no response comes, and logs how it went. */
export type Client = (who: Shopper | undefined, request: ClientRequest) => Promise<Exchange>;

/** Longer than the gateway gives a service to begin its response. */
const ATTEMPT_MS = 12_000;
const PATIENCE_MS = 60_000;
const MAX_UNEXPECTED = 1000;
const MAX_SERVER_ERRORS = 1000;

type Attempt = { answer: Answer | undefined; reason: string; startedMs: number; endedMs: number };

export function createClient(o: { site: Site; requestLog: RequestLog; now: () => number }): Client {
  return async (who, request) => {
    const { method, path } = request;
    const startedMs = o.now();
    const giveUpAt = performance.now() + (request.patienceMs ?? PATIENCE_MS);
    const message = { ...request, timeoutMs: ATTEMPT_MS };
    const attempts: Attempt[] = [];
    const attempt = async () => {
      const began = o.now();
      const end = (answer: Answer | undefined, reason: string) =>
        attempts.push({ answer, reason, startedMs: began, endedMs: o.now() });
      try {
        const answer = await (who ? who.call(method, path, message) : sendRequest(o.site, method, path, message));
        end(answer, reasonOf(answer));
        return answer;
      } catch (err) {
        end(undefined, errorCode(err));
        throw err;
      }
    };
    const last = await persist(attempt, { giveUpAt }).catch(() => undefined);
    const answer = last && isAsItShouldBe(request, last) ? last : undefined;
    logExchange(o.requestLog, request, { startedMs, endedMs: o.now(), attempts, last, answer });
    return { ...toAction(request, { startedMs, endedMs: o.now(), attempts, last }), answer };
  };
}

function isAsItShouldBe({ accepts, refusals = [], isExpectedProblem }: ClientRequest, answer: Answer): boolean {
  return accepts.includes(answer.status) || refusals.includes(answer.status) || (isExpectedProblem?.(answer) ?? false);
}

type LoggedRequest = { startedMs: number; endedMs: number; attempts: readonly Attempt[]; last: Answer | undefined };

function toAction({ accepts }: ClientRequest, { startedMs, endedMs, attempts, last }: LoggedRequest): Action {
  const count = attempts.length;
  if (last && accepts.includes(last.status)) return { startedMs, endedMs, attempts: count, outcome: 'acknowledged' };
  // A refusal tells of its own attempt only: one before it, whose response was lost, may have done what was asked.
  const isRefused = last !== undefined && !isTryLater(last.status) && count === 1;
  return {
    startedMs,
    endedMs: isRefused ? endedMs : Number.POSITIVE_INFINITY,
    attempts: count,
    outcome: isRefused ? 'refused' : 'unknown',
  };
}

function logExchange(
  requestLog: RequestLog,
  request: ClientRequest,
  o: LoggedRequest & { answer: Answer | undefined },
): void {
  const { kind, method, path } = request;
  const [first] = o.attempts;
  const isFirstFine = first?.answer !== undefined && first.answer === o.answer;
  requestLog.attempts += o.attempts.length;
  requestLog.samples.push({
    ...{ kind, startedMs: o.startedMs, tookMs: o.endedMs - o.startedMs, attempts: o.attempts.length },
    ...{ answeredAtOnce: isFirstFine, answered: o.answer !== undefined },
    ...(first && !isFirstFine ? { firstFailure: { reason: first.reason, endedMs: first.endedMs } } : {}),
  });
  for (const { answer, reason, startedMs, endedMs } of o.attempts) {
    if (answer && !isTryLater(answer.status)) continue;
    const failure = `${kind}: ${reason}`;
    requestLog.failures.set(failure, (requestLog.failures.get(failure) ?? 0) + 1);
    if (!answer || answer.status < 500 || saysWhenToTryAgain(answer)) continue;
    if (requestLog.serverErrors.length < MAX_SERVER_ERRORS) {
      requestLog.serverErrors.push({ request: `${method} ${path}`, status: answer.status, startedMs, endedMs });
    }
  }
  const { last } = o;
  if (last && !o.answer && !isTryLater(last.status) && requestLog.unexpected.length < MAX_UNEXPECTED) {
    requestLog.unexpected.push(`${method} ${path} → ${last.status} ${JSON.stringify(last.body).slice(0, 300)}`);
  }
}

const saysWhenToTryAgain = ({ status, headers }: Answer): boolean => status === 503 && headers.has('retry-after');

/** The status, and what the problem document calls it: `503 overloaded` was refused by load shedding, `503 unavailable` was not. */
function reasonOf({ status, body }: Answer): string {
  const code: unknown = typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
  return typeof code === 'string' ? `${status} ${code}` : String(status);
}

/** The innermost code or name of an error: `ECONNRESET`, `TimeoutError`. */
function errorCode(err: unknown): string {
  if (!(err instanceof Error)) return String(err);
  if (err.cause instanceof Error) return errorCode(err.cause);
  return 'code' in err && typeof err.code === 'string' ? err.code : err.name;
}
