/** A problem document of the API (RFC 9457), thrown: branch on `code`. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly { field: string; message: string }[];
  /** Whatever else the document says: `total` with `price_changed`, say. */
  readonly document: Readonly<Record<string, unknown>>;

  constructor(status: number, document: Record<string, unknown>) {
    super(typeof document.detail === 'string' ? document.detail : String(document.title ?? `Answer ${status}`));
    this.name = 'ApiProblem';
    this.status = status;
    this.code = typeof document.code === 'string' ? document.code : 'internal';
    this.errors = Array.isArray(document.errors) ? document.errors : [];
    this.document = document;
  }
}

/** There was no answer: no network, or the shop is down. */
export class ShopUnreachable extends Error {
  constructor(cause: unknown) {
    super('The shop cannot be reached at the moment', { cause });
    this.name = 'ShopUnreachable';
  }
}

export const hasCode = (error: unknown, code: string): error is ApiProblem =>
  error instanceof ApiProblem && error.code === code;

/** Whether the same request may succeed later. */
export const isTransient = (error: unknown): boolean =>
  error instanceof ShopUnreachable || (error instanceof ApiProblem && (error.status >= 500 || error.status === 429));

/** What to tell the reader about any error. */
export function explain(error: unknown): string {
  if (error instanceof ShopUnreachable) return `${error.message}. Check your connection, then try again.`;
  if (error instanceof ApiProblem && isTransient(error)) {
    return 'This part of the shop is not available at the moment. Try again shortly.';
  }
  if (hasCode(error, 'unauthenticated')) return 'Your session has ended. Sign in again.';
  if (hasCode(error, 'idempotency_key_reused')) {
    return 'What was sent before has been counted already. See what is there before you send something else.';
  }
  return error instanceof Error ? error.message : 'Something went wrong';
}

/** What the API said about one field of a form; `field` is as in the problem document (`/shippingAddress/city`). */
export function fieldError(error: unknown, field: string): string | undefined {
  return error instanceof ApiProblem ? error.errors.find((one) => one.field === field)?.message : undefined;
}
