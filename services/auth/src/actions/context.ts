import type { Pool } from '@tradepost/postgres/pool';
import type { AttemptLimits } from '../domain/attempts.ts';
import type { SessionCookie } from '../domain/cookies.ts';
import type { PublishEvents } from '../store/account-events.ts';
import type { BetterAuth } from './better-auth.ts';
import type { KeyRing } from './key-ring.ts';

/** What the actions work with. */
export type Context = {
  pool: Pool;
  betterAuth: BetterAuth;
  keys: KeyRing;
  announce: PublishEvents;
  cookie: SessionCookie;
  /** The secret that signs session cookies, and before it those whose signatures are still good. */
  secrets: readonly [string, ...string[]];
  sessionSeconds: number;
  refreshSeconds: number;
  passwordLimits: AttemptLimits;
  signUpLimit: number;
  signUpWindowSeconds: number;
  apiKeysPerAccount: number;
  now(): Date;
};

/** What a request says of who sent it. */
export type Requester = {
  authorization: string | undefined;
  cookie: string | undefined;
  /** The address it comes from. */
  address: string;
  userAgent: string | undefined;
};
