import { networkOf } from '@tradepost/runtime/client-address';

/** One thing that is counted: at most `limit` times in a window of `windowSeconds`. A limit of 0 is none. */
export type Count = {
  /** What is counted; it is stored as a hash. */
  subject: string;
  limit: number;
  windowSeconds: number;
  /** Begun anew by a success? Otherwise a success only takes itself back. */
  clearedBySuccess: boolean;
};

export type AttemptLimits = {
  perAccountAndAddress: number;
  perAccount: number;
  perAddress: number;
  windowSeconds: number;
};

/**
 * What a guess at a password counts for. Most guesses are stopped by the narrow count, of one account from one network,
 * so that nobody can shut the owner out from elsewhere. The wider ones stop who spreads guesses over networks or over
 * accounts; the last is not begun anew by a success, or an account of one's own would open the others.
 */
export function passwordCounts(email: string, address: string, limits: AttemptLimits): Count[] {
  const network = networkOf(address);
  const { windowSeconds } = limits;
  return [
    {
      subject: `password ${email} ${network}`,
      limit: limits.perAccountAndAddress,
      windowSeconds,
      clearedBySuccess: true,
    },
    { subject: `password ${email}`, limit: limits.perAccount, windowSeconds, clearedBySuccess: true },
    { subject: `password from ${network}`, limit: limits.perAddress, windowSeconds, clearedBySuccess: false },
  ];
}

/** What a sign-up counts for. It is not taken back: that an address is taken is worth something to who collects them. */
export function signUpCounts(address: string, limit: number, windowSeconds: number): Count[] {
  return [{ subject: `sign-up from ${networkOf(address)}`, limit, windowSeconds, clearedBySuccess: false }];
}

/** What a guess at a code of an account counts for, from anywhere: whoever guesses has the password already. */
export function codeCounts(accountId: string, limit: number, windowSeconds: number): Count[] {
  return [{ subject: `code ${accountId}`, limit, windowSeconds, clearedBySuccess: true }];
}

/** What beginning to sign in with a passkey counts for; a success takes it back. Each begins with a row in the database. */
export function passkeyCounts(address: string, limits: AttemptLimits): Count[] {
  const subject = `passkey from ${networkOf(address)}`;
  return [{ subject, limit: limits.perAddress, windowSeconds: limits.windowSeconds, clearedBySuccess: false }];
}

/** What going to a sign-in provider counts for. Nothing is taken back: each begins with a row in the database and a request to the provider. */
export function providerCounts(address: string, limits: AttemptLimits): Count[] {
  const subject = `provider from ${networkOf(address)}`;
  return [{ subject, limit: limits.perAddress, windowSeconds: limits.windowSeconds, clearedBySuccess: false }];
}

export type MailLimits = { perRecipient: number; perAddress: number; windowSeconds: number };

/**
 * What asking for a mail counts for: at whom it is directed, whether there is an account or not, and who asks. Nothing is taken back:
 * each may have sent a mail.
 */
export function mailCounts(recipients: readonly string[], address: string, limits: MailLimits): Count[] {
  const { windowSeconds } = limits;
  const count = (subject: string, limit: number): Count => ({ subject, limit, windowSeconds, clearedBySuccess: false });
  return [
    ...recipients.map((recipient) => count(`mail to ${recipient}`, limits.perRecipient)),
    count(`mail from ${networkOf(address)}`, limits.perAddress),
  ];
}

/** Seconds to wait, if any of the counts is past its limit: until the last of those begins anew. */
export function waitFor(
  counts: readonly { limit: number; count: number; resetsInSeconds: number }[],
): number | undefined {
  const exceeded = counts.filter(({ limit, count }) => limit > 0 && count > limit);
  if (exceeded.length === 0) return undefined;
  return Math.max(1, ...exceeded.map(({ resetsInSeconds }) => Math.ceil(resetsInSeconds)));
}
