/** An answer of the API: its status, and its body if that is JSON. */
export type Answer = { status: number; body: Record<string, unknown> };

/** What is sent: `body` as JSON, or `text` as it is, with its content type in `headers`. */
export type ApiRequest = { token?: string; body?: unknown; text?: string; headers?: Record<string, string> };

/** Asks the shop's public API, as any client would. */
export type Api = (method: 'GET' | 'POST' | 'PUT', path: string, sent?: ApiRequest) => Promise<Answer>;

/** The limit for one request, far above what a slow machine needs. */
const TIMEOUT_MS = 300_000;

/** The API at `baseUrl`. `signal` ends requests that are under way. */
export function createApi(baseUrl: string, signal: AbortSignal): Api {
  return async (method, path, { token, body, text, headers } = {}) => {
    const content = body === undefined ? text : JSON.stringify(body);
    const response = await fetch(new URL(path, baseUrl), {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(content === undefined ? {} : { body: content }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    return { status: response.status, body: parse(await response.text()) };
  };
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    // Not ours to read: the status says enough.
    return {};
  }
}

/** An answer that was not the one hoped for. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly status: number;
  constructor(message: string, answer: Answer) {
    super(`${message}: ${problemOf(answer)}`);
    this.status = answer.status;
  }
}

/** What went wrong, for a message. */
export function problemOf({ status, body }: Answer): string {
  return typeof body.detail === 'string' ? `${status} ${body.detail}` : String(status);
}
