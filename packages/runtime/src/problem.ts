import type { ServerResponse } from 'node:http';
import { type ProblemCode, problems } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { isTransient } from '@tradepost/postgres/unavailable';

/** A problem document with what HTTP sends along. */
export type ProblemResponse = { status: number; headers: Record<string, string>; body: string };

/** Seconds after which it is worth asking again, where the error does not say. */
const RETRY_AFTER: Partial<Record<ProblemCode, number>> = { rate_limited: 1, unavailable: 2, overloaded: 1 };

const FASTIFY_CODES: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_request',
  FST_ERR_BAD_URL: 'malformed_request',
  // No parameter that means anything is that long.
  FST_ERR_MAX_PARAM_LENGTH: 'not_found',
  FST_ERR_NOT_FOUND: 'not_found',
  FST_ERR_HANDLER_TIMEOUT: 'unavailable',
};

const FASTIFY_DETAILS: Partial<Record<ProblemCode, string>> = {
  too_large: 'The body is larger than is accepted here',
  unsupported_media_type: 'Send the body as application/json, with that Content-Type',
  not_found: 'There is nothing here',
  unavailable: 'It took too long',
};

/** What an error without a code of ours is answered as, when it carries an HTTP status. */
const STATUS_CODES: Readonly<Record<number, ProblemCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  408: 'request_timeout',
  413: 'too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  431: 'header_too_large',
  503: 'unavailable',
};

/** The one mapping of whatever was thrown to a code of the table. What is not known is `internal` and says nothing. */
export function toProblemError(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (isTransient(error)) return new ProblemError('unavailable', 'Please try again shortly', { cause: error });
  const { code, statusCode } = traits(error);
  const known = code === undefined ? undefined : FASTIFY_CODES[code];
  if (known) return new ProblemError(known, FASTIFY_DETAILS[known] ?? messageOf(error), { cause: error });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new ProblemError(STATUS_CODES[statusCode] ?? 'malformed_request', messageOf(error), { cause: error });
  }
  return new ProblemError('internal', 'Quote the request id when asking for help', { cause: error });
}

/** The response to a `ProblemError`. Source: https://www.rfc-editor.org/rfc/rfc9457 */
export function problemResponse(
  problemError: ProblemError,
  about: { requestId: string; path?: string },
): ProblemResponse {
  const { status, title } = problems[problemError.code];
  const document = {
    ...problemError.extra,
    type: `/problems/${problemError.code}`,
    title,
    status,
    code: problemError.code,
    detail: problemError.message,
    instance: about.path,
    requestId: about.requestId,
    errors: problemError.errors,
  };
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    'x-request-id': about.requestId,
  };
  const retryAfter = problemError.retryAfter ?? RETRY_AFTER[problemError.code];
  if (retryAfter !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfter)));
  // RFC 6750, section 3.
  if (status === 401) headers['www-authenticate'] = 'Bearer realm="tradepost"';
  return { status, headers, body: JSON.stringify(document) };
}

/** Answers with a problem on a bare `node:http` response, where there is no Fastify (yet). */
export function sendProblem(response: ServerResponse, answer: ProblemResponse): void {
  response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
  response.end(answer.body);
}

function traits(error: unknown): { code: string | undefined; statusCode: number | undefined } {
  if (typeof error !== 'object' || error === null) return { code: undefined, statusCode: undefined };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const statusCode = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined;
  return { code, statusCode };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'The request could not be handled';
}

/** The message of an error and of what caused it, for one line of a log. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const cause = error.cause === undefined ? '' : `: ${reasonOf(error.cause)}`;
  return `${error.message}${cause}`;
}
