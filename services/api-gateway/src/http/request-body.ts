import type { IncomingMessage } from 'node:http';
import { type Readable, Transform } from 'node:stream';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { ClientGone } from '../upstream/upstream-exchange.ts';

/** Up to here a body is read whole before it is sent on, so that the request can be sent again. */
export const SMALL_BODY = 64 * 1024;

export type RequestBody = {
  content: Buffer | Readable | null;
  /** Of a streamed body of known length. */
  contentLength: string | undefined;
};

const none: RequestBody = { content: null, contentLength: undefined };

/**
 * Makes the body of a request ready to be sent on: nothing, a small one as a buffer, or a stream. `done` is called
 * once, at once when there is none; never if the client disconnects. More than `bytes`: `too_large`; not whole after
 * `timeoutMs` (0: no limit of its own): `request_timeout`, so that nobody keeps connections busy with bodies that never end.
 */
export function prepareBody(
  request: IncomingMessage,
  { bytes: limit, timeoutMs }: { bytes: number; timeoutMs: number },
  done: (refusal: ProblemError | undefined, body: RequestBody) => void,
): void {
  const { 'content-length': declared, 'transfer-encoding': encoding } = request.headers;
  if (encoding === undefined && (declared === undefined || declared === '0')) {
    done(undefined, none);
    return;
  }
  const length = encoding === undefined ? Number(declared) : undefined;
  if (length !== undefined && length > limit) {
    done(tooLarge(limit), none);
  } else if (length !== undefined && length > SMALL_BODY) {
    done(undefined, { content: streamed(request, { limit, timeoutMs }, []), contentLength: String(length) });
  } else if (length === undefined && limit === Number.POSITIVE_INFINITY) {
    // An import of unknown length may be written as it goes, so that to wait for the first so many bytes could be long.
    done(undefined, { content: streamed(request, { limit, timeoutMs }, []), contentLength: undefined });
  } else {
    collect(request, { limit, timeoutMs }, done);
  }
}

type BodyLimits = { limit: number; timeoutMs: number };

function collect(
  request: IncomingMessage,
  { limit, timeoutMs }: BodyLimits,
  done: (refusal: ProblemError | undefined, body: RequestBody) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const stop = () => {
    clearTimeout(timer);
    request.off('data', onData).off('end', onEnd).off('close', stop).off('error', stop);
  };
  const onData = (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size <= SMALL_BODY && size <= limit) return;
    stop();
    request.pause();
    if (size > limit) done(tooLarge(limit), none);
    else done(undefined, { content: streamed(request, { limit, timeoutMs }, chunks), contentLength: undefined });
  };
  const onEnd = () => {
    stop();
    const [only] = chunks;
    const content = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks, size);
    done(undefined, size === 0 ? none : { content, contentLength: undefined });
  };
  const onTimeout = () => {
    stop();
    request.pause();
    done(tooSlow(), none);
  };
  const timer = timeoutMs > 0 ? setTimeout(onTimeout, timeoutMs) : undefined;
  request.on('data', onData).on('end', onEnd).on('close', stop).on('error', stop);
}

/**
 * The rest of the body as a stream of its own: when it is destroyed, because the connection to the service was lost, the
 * client's connection stays open for the response.
 */
function streamed(request: IncomingMessage, { limit, timeoutMs }: BodyLimits, begun: readonly Buffer[]): Readable {
  let size = 0;
  const body = new Transform({
    transform(chunk: Buffer, _encoding, pass) {
      size += chunk.length;
      if (size > limit) pass(tooLarge(limit));
      else pass(null, chunk);
    },
  });
  // Whoever sends it on learns of an error by `close`; without a listener of its own it would end the process.
  body.on('error', () => undefined);
  const timer = timeoutMs > 0 ? setTimeout(() => body.destroy(tooSlow()), timeoutMs) : undefined;
  body.once('close', () => clearTimeout(timer));
  request.once('end', () => clearTimeout(timer));
  request.on('close', () => {
    if (!request.complete) body.destroy(new ClientGone());
  });
  for (const chunk of begun) body.write(chunk);
  request.pipe(body);
  return body;
}

function tooLarge(limit: number): ProblemError {
  return new ProblemError('too_large', `The body is larger than the ${limit} bytes that are accepted here`);
}

function tooSlow(): ProblemError {
  return new ProblemError('request_timeout', 'The body took too long to arrive');
}
