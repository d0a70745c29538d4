import { CACHE_HEADER, type Freshness, readFreshness } from '@tradepost/contracts/response-cache';
import type { IncomingHeaders } from '../domain/request-headers.ts';
import { clientHeaders } from '../domain/response-headers.ts';

/** An answer that may be given to everybody who asks the same. Times are those of `performance.now()`. */
export type StoredResponse = {
  /** Those that clients get, as names and values in turn. */
  readonly headers: readonly string[];
  readonly etag: string | undefined;
  readonly body: Buffer;
  /** When its data was read at the latest: ages count from here. */
  readonly bornAt: number;
  /** From then on it is too old. */
  readonly until: number;
};

/** A larger answer is passed on as it comes. */
const MAX_STORED_BYTES = 256 * 1024;

/**
 * How long an answer may be given to others; undefined where it may not. It has to be a plain 200 with a body of known length, which its
 * service allows to keep. One that sets a cookie or varies with a header of the request is never shared.
 */
export function freshnessOf(status: number, headers: IncomingHeaders): Freshness | undefined {
  if (status !== 200 || headers['set-cookie'] !== undefined || headers.vary !== undefined) return undefined;
  const length = headers['content-length'];
  if (typeof length !== 'string' || !(Number(length) <= MAX_STORED_BYTES)) return undefined;
  return readFreshness(headers[CACHE_HEADER]);
}

/** What is kept of an answer. */
export function storedResponse(
  headers: IncomingHeaders,
  body: Buffer,
  times: Pick<StoredResponse, 'bornAt' | 'until'>,
): StoredResponse {
  const { etag } = headers;
  return {
    headers: clientHeaders(headers, undefined),
    etag: typeof etag === 'string' ? etag : undefined,
    body,
    ...times,
  };
}

/** Joins the parts of the body in a buffer of its own: the parts belong to larger ones, which would stay in memory. */
export function joinChunks(chunks: readonly Buffer[]): Buffer {
  const body = Buffer.allocUnsafeSlow(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) at += chunk.copy(body, at);
  return body;
}

/** The bytes that a response takes in memory, roughly. */
export function bytesOf({ headers, body }: StoredResponse): number {
  return headers.reduce((sum, { length }) => sum + length + 32, 512 + body.length);
}
