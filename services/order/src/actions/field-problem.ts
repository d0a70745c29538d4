import type { ProblemCode } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';

/** A problem with one field of the request; the detail says the same. */
export const fieldProblem = (code: ProblemCode, message: string, field: string): ProblemError =>
  new ProblemError(code, message, { errors: [{ field, message }] });
