/** What the sandbox does with each of its tokens. */
export const sandboxTokens = {
  ok: 'the money is taken',
  declined: 'the payment is declined',
  timeout: 'the first answer comes too late; the money is taken once',
  flaky: 'fails at first, before or after the money was taken; the money is taken once',
  '3ds': 'the shopper is asked to confirm the payment (3-D Secure)',
  processing: 'the outcome follows some seconds later',
} as const;

export type SandboxToken = keyof typeof sandboxTokens;

export const isSandboxToken = (token: string): token is SandboxToken => Object.hasOwn(sandboxTokens, token);
