import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { clientHeaders } from '../domain/response-headers.ts';
import type { AnswerHeaders, Failure, Sink } from '../upstream/upstream-exchange.ts';
import { endResponse } from './end-response.ts';

export type ResponseWriterOptions = {
  response: ServerResponse;
  /** Added to a `Vary` of the service, or alone. */
  vary: string | undefined;
  /** Called once, before the head is written; returns what to add to the headers, as names and values in turn. */
  begin(status: number, headers: AnswerHeaders): readonly string[];
  /** Called instead of an answer, when nothing has been written. */
  fail(failure: Failure): void;
  /** How long a client may take none of what is ready for it. */
  stallTimeoutMs: number;
};

/** Writes the answer of a service to the client as it comes in, at the pace of the client. */
export class ResponseWriter implements Sink {
  readonly #options: ResponseWriterOptions;
  #flow: Dispatcher.DispatchController | undefined;
  #left: number | undefined;
  #ended = false;
  #stalled: NodeJS.Timeout | undefined;

  constructor(options: ResponseWriterOptions) {
    this.#options = options;
  }

  head(status: number, headers: AnswerHeaders, flow: Dispatcher.DispatchController): void {
    const { response, vary } = this.#options;
    this.#flow = flow;
    const length = headers['content-length'];
    if (typeof length === 'string') this.#left = Number(length);
    const added = this.#options.begin(status, headers);
    const out = clientHeaders(headers, vary);
    out.push(...added);
    response.writeHead(status, out);
    // The head goes out at once where the first event may be long in coming.
    if (isEventStream(headers)) response.flushHeaders();
  }

  data(chunk: Buffer): boolean {
    const { response } = this.#options;
    if (this.#left !== undefined) {
      this.#left -= chunk.length;
      if (this.#left <= 0) {
        // The last part, in most answers the only one, leaves together with the head.
        this.#ended = true;
        endResponse(response, chunk);
        return true;
      }
    }
    if (response.write(chunk)) return true;
    this.#awaitDrain();
    return false;
  }

  end(): void {
    clearTimeout(this.#stalled);
    if (!this.#ended) this.#options.response.end();
  }

  fail(failure: Failure): void {
    clearTimeout(this.#stalled);
    const { response } = this.#options;
    // A body that broke off must not look complete. One that is complete may not have been written yet.
    if (this.#flow === undefined) this.#options.fail(failure);
    else if (!this.#ended && !response.writableEnded) response.destroy();
  }

  #awaitDrain(): void {
    const { response, stallTimeoutMs } = this.#options;
    this.#stalled = setTimeout(() => response.destroy(), stallTimeoutMs);
    response.once('drain', () => {
      clearTimeout(this.#stalled);
      this.#flow?.resume();
    });
  }
}

export function isEventStream(headers: AnswerHeaders): boolean {
  const type = headers['content-type'];
  return typeof type === 'string' && type.startsWith('text/event-stream');
}
