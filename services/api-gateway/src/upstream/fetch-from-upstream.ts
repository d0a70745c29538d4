import type { Upstream } from './upstream.ts';
import {
  type AnswerHeaders,
  type ExchangeObserver,
  type Failure,
  type Sink,
  UpstreamExchange,
  type UpstreamRequest,
} from './upstream-exchange.ts';

export type UpstreamResponse = { status: number; headers: AnswerHeaders; body: Buffer };

/** No response: the service is unavailable, or its response was not valid. */
export class UpstreamError extends Error {
  readonly failure: Failure;

  constructor(upstream: Upstream, failure: Failure) {
    super(`${upstream.name} gave no answer (${failure.stage})`, { cause: failure.error });
    this.name = 'UpstreamError';
    this.failure = failure;
  }
}

/** Asks a service on the gateway's own behalf, with a GET, and reads the whole answer: at most `maxBytes`. `share` may put a sink before it. */
export function fetchFromUpstream(
  upstream: Upstream,
  question: { path: string; headers: readonly string[]; timeoutMs: number; maxBytes: number },
  observer: ExchangeObserver,
  share: (sink: Sink) => Sink = (sink) => sink,
): Promise<UpstreamResponse> {
  const request: UpstreamRequest = {
    method: 'GET',
    path: question.path,
    headers: ['host', '', ...question.headers],
    body: null,
    idempotent: true,
    headersTimeoutMs: question.timeoutMs,
    bodyTimeoutMs: question.timeoutMs,
  };
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let status = 0;
    let headers: AnswerHeaders = {};
    const exchange = new UpstreamExchange(
      upstream,
      request,
      share({
        head(answerStatus, answerHeaders) {
          status = answerStatus;
          headers = answerHeaders;
        },
        data(chunk) {
          size += chunk.length;
          if (size > question.maxBytes) exchange.abort();
          else chunks.push(chunk);
          return true;
        },
        end: () => resolve({ status, headers, body: Buffer.concat(chunks, size) }),
        fail: (failure) => reject(new UpstreamError(upstream, failure)),
      }),
      observer,
    );
    exchange.start();
  });
}
