import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Role } from '@tradepost/contracts/roles';
import { CLIENT_ADDRESS_HEADER } from './better-auth-options.ts';
import type { Requester } from './context.ts';

/** A user as better-auth gives one. */
type User = {
  id: string;
  name: string;
  email: string;
  emailVerified: boolean;
  locale?: string | null | undefined;
  role: Role;
  createdAt: Date;
  updatedAt: Date;
};

/** What comes of signing in: the session token, whose it is, and the headers that set the cookie. */
export type OpenedSession = { token: string; user: User; setCookie: string[] };

/** The headers that better-auth sees: where a session is from, and nothing that was not looked at before. */
export function headersFor(requester: Requester, more: Record<string, string> = {}): Headers {
  const headers = new Headers({ ...more, [CLIENT_ADDRESS_HEADER]: requester.address });
  if (requester.userAgent !== undefined) headers.set('user-agent', requester.userAgent);
  return headers;
}

export function sessionResponse({
  headers,
  response,
}: {
  headers: Headers;
  response: { token: string | null; user: User };
}): OpenedSession {
  const { token, user } = response;
  if (token === null) throw new ProblemError('internal', 'No session was opened');
  return { token, user, setCookie: headers.getSetCookie() };
}
