import { hash, type Options, verify } from '@node-rs/argon2';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { normalizePassword } from '../domain/password-policy.ts';

/** argon2id, the package's default algorithm, at OWASP's minimum: 19 MiB, two passes, one lane. */
const cost: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export type PasswordHasher = {
  /** A new hash in the PHC format. */
  hash(password: string): Promise<string>;
  verify(o: { hash: string; password: string }): Promise<boolean>;
  stats(): { running: number; waiting: number };
};

export type HasherOptions = {
  /** Hashes at once: each takes 19 MiB and a thread of libuv's pool. */
  concurrency: number;
  /** Hashes that may wait; more are refused with `overloaded`. */
  queue: number;
  onRun?: (operation: 'hash' | 'verify' | 'refused') => void;
};

/**
 * Hashes passwords, a few at a time. Both operations cost the same, so that the time does not reveal whether
 * there was a hash to compare with.
 */
export function createPasswordHasher({ concurrency, queue, onRun }: HasherOptions): PasswordHasher {
  const waiting: (() => void)[] = [];
  let running = 0;

  const inTurn = async <T>(operation: 'hash' | 'verify', work: () => Promise<T>): Promise<T> => {
    if (running >= concurrency) {
      if (waiting.length >= queue) {
        onRun?.('refused');
        throw new ProblemError('overloaded', 'Too many passwords are being checked at the moment', { retryAfter: 1 });
      }
      // Whoever is done hands the place over, so that nobody who comes meanwhile can take it.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    onRun?.(operation);
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };

  return {
    hash: (password) => inTurn('hash', () => hash(normalizePassword(password), cost)),
    verify: (o) => inTurn('verify', () => verify(o.hash, normalizePassword(o.password))),
    stats: () => ({ running, waiting: waiting.length }),
  };
}
