import type { ProblemCode } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { APIError } from 'better-auth/api';
import type { BetterAuth } from './better-auth.ts';

type Answer = { code: ProblemCode; detail: string; field?: string };

const unexpected: Answer = { code: 'internal', detail: 'Quote the request id when you ask for help' };
const noSession: Answer = { code: 'unauthenticated', detail: 'The session has ended: sign in again' };
const deadLink: Answer = { code: 'link_not_valid', detail: 'The link has expired or was used: ask for another one' };
const wrongCredentials: Answer = { code: 'invalid_credentials', detail: 'The e-mail address or the password is wrong' };
const taken: Answer = { code: 'email_taken', detail: 'There is an account with this e-mail address', field: '/email' };
const weak: Answer = { code: 'weak_password', detail: 'The password is too short or too long' };

/**
 * What each of better-auth's own codes is answered as. `internal` are those that the endpoints in use never give, or only
 * when something is broken.
 */
const answers: Record<keyof BetterAuth['$ERROR_CODES'], Answer> = {
  INVALID_EMAIL_OR_PASSWORD: wrongCredentials,
  INVALID_PASSWORD: { code: 'invalid_credentials', detail: 'The current password is wrong', field: '/currentPassword' },
  CREDENTIAL_ACCOUNT_NOT_FOUND: { code: 'unprocessable', detail: 'The account has no password' },
  // The schema of the route has checked the address by a stricter rule.
  INVALID_EMAIL: unexpected,
  USER_ALREADY_EXISTS: taken,
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: taken,
  PASSWORD_TOO_SHORT: weak,
  PASSWORD_TOO_LONG: weak,
  SESSION_EXPIRED: noSession,
  SESSION_NOT_FRESH: noSession,
  // Of a link in a mail.
  INVALID_TOKEN: deadLink,
  TOKEN_EXPIRED: noSession,
  USER_NOT_FOUND: deadLink,
  FAILED_TO_CREATE_USER: unexpected,
  FAILED_TO_CREATE_SESSION: unexpected,
  FAILED_TO_UPDATE_USER: unexpected,
  FAILED_TO_GET_SESSION: unexpected,
  INVALID_USER: unexpected,
  SOCIAL_ACCOUNT_ALREADY_LINKED: unexpected,
  PROVIDER_NOT_FOUND: unexpected,
  ID_TOKEN_NOT_SUPPORTED: unexpected,
  FAILED_TO_GET_USER_INFO: unexpected,
  USER_EMAIL_NOT_FOUND: unexpected,
  EMAIL_NOT_VERIFIED: unexpected,
  EMAIL_CAN_NOT_BE_UPDATED: unexpected,
  CHANGE_EMAIL_DISABLED: unexpected,
  FAILED_TO_UNLINK_LAST_ACCOUNT: unexpected,
  ACCOUNT_NOT_FOUND: unexpected,
  USER_ALREADY_HAS_PASSWORD: unexpected,
  CROSS_SITE_NAVIGATION_LOGIN_BLOCKED: unexpected,
  VERIFICATION_EMAIL_NOT_ENABLED: unexpected,
  EMAIL_ALREADY_VERIFIED: unexpected,
  EMAIL_MISMATCH: unexpected,
  LINKED_ACCOUNT_ALREADY_EXISTS: unexpected,
  INVALID_ORIGIN: unexpected,
  INVALID_CALLBACK_URL: unexpected,
  INVALID_REDIRECT_URL: unexpected,
  INVALID_ERROR_CALLBACK_URL: unexpected,
  INVALID_NEW_USER_CALLBACK_URL: unexpected,
  MISSING_OR_NULL_ORIGIN: unexpected,
  CALLBACK_URL_REQUIRED: unexpected,
  FAILED_TO_CREATE_VERIFICATION: unexpected,
  FIELD_NOT_ALLOWED: unexpected,
  ASYNC_VALIDATION_NOT_SUPPORTED: unexpected,
  VALIDATION_ERROR: unexpected,
  MISSING_FIELD: unexpected,
  METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED: unexpected,
  BODY_MUST_BE_AN_OBJECT: unexpected,
  PASSWORD_ALREADY_SET: unexpected,
};

/** The codes that do not come from its table: those of its middleware, and of our adapter. */
const others: Readonly<Record<string, Answer>> = {
  UNAUTHORIZED: noSession,
  BANNED_USER: { code: 'account_suspended', detail: 'This account has been suspended' },
};

/** For a link in a mail that has expired, was used, or never was. */
export function linkNotValid(): ProblemError {
  return new ProblemError(deadLink.code, deadLink.detail);
}

/** Calls better-auth, and throws its errors as `ProblemError`. */
export async function withProblemErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (err) {
    throw err instanceof APIError ? problemOf(err) : err;
  }
}

function problemOf(err: APIError): unknown {
  // A fault of the database, wrapped up on its way through better-auth.
  if (err.statusCode >= 500 && err.cause !== undefined) return err.cause;
  const code = err.body?.code ?? '';
  const { code: ours, detail, field } = (isKnown(code) ? answers[code] : others[code]) ?? unexpected;
  const errors = field === undefined ? {} : { errors: [{ field, message: detail }] };
  return new ProblemError(ours, detail, { ...errors, cause: err });
}

function isKnown(code: string): code is keyof typeof answers {
  return Object.hasOwn(answers, code);
}
