import { type FieldError, type ProblemCode, problems } from './problem.ts';

/**
 * Thrown to refuse what was asked, with a code of the closed table in `problem.ts`. The HTTP edge answers it as a
 * problem document; a consumer parks the message. `extra` are members added to the document (RFC 9457, section 3.2).
 */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly errors: FieldError[] | undefined;
  readonly extra: Record<string, unknown>;
  /** Seconds, sent as `Retry-After`. */
  readonly retryAfter: number | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    more: { errors?: FieldError[]; extra?: Record<string, unknown>; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(detail, { cause: more.cause });
    this.name = 'ProblemError';
    this.code = code;
    this.errors = more.errors;
    this.extra = more.extra ?? {};
    this.retryAfter = more.retryAfter;
  }

  /** The HTTP status of the code. */
  get status(): number {
    return problems[this.code].status;
  }
}
