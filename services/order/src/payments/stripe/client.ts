import { AsyncLocalStorage } from 'node:async_hooks';
import Stripe from 'stripe';

/** The SDK never waits longer than this, whatever signal it is given. */
const LONGEST_CALL_MS = 60_000;

/** One call of Stripe's API, which ends with the signal. Throws `StripeCallError` only. */
export type StripeCall = <T>(signal: AbortSignal, request: (sdk: Stripe) => Promise<T>) => Promise<T>;

/**
 * A call that Stripe refused, or did not answer. The SDK's own errors are not passed on: they carry headers, and the payment intent
 * with its client secret, which a log would show.
 */
export class StripeCallError extends Error {
  override readonly name = 'StripeCallError';
  /** The HTTP status; undefined without an answer. */
  readonly status: number | undefined;
  /** Of https://docs.stripe.com/error-codes, such as `payment_intent_unexpected_state`. */
  readonly code: string | undefined;
  /** Such as `invalid_request_error` or `idempotency_error`. */
  readonly type: string | undefined;
  /** The parameter that Stripe objects to. */
  readonly param: string | undefined;

  constructor(message: string, error?: InstanceType<typeof Stripe.errors.StripeError>) {
    super(message);
    this.status = error?.statusCode;
    this.code = error?.code;
    this.type = error?.rawType;
    this.param = error?.param;
  }
}

export type StripeClientOptions = {
  secretKey: string;
  /** For a stand-in; Stripe itself where it is absent. */
  apiUrl?: string | undefined;
};

/**
 * The official SDK with two changes. It takes no `AbortSignal`, so its `fetch` is given the one of the call that it runs in. And it
 * does not try again by itself: `order` does, with its own backoff, and the same keys.
 */
export function createStripeCall({ secretKey, apiUrl }: StripeClientOptions): StripeCall {
  const signals = new AsyncLocalStorage<AbortSignal>();
  const fetchWithSignal: typeof fetch = (url, init) => {
    const all = [signals.getStore(), init?.signal].filter((signal) => signal !== null && signal !== undefined);
    return fetch(url, { ...init, signal: AbortSignal.any(all) });
  };
  const sdk = new Stripe(secretKey, {
    ...addressOf(apiUrl),
    httpClient: Stripe.createFetchHttpClient(fetchWithSignal),
    maxNetworkRetries: 0,
    timeout: LONGEST_CALL_MS,
    telemetry: false,
    appInfo: { name: 'Tradepost' },
  });
  return (signal, request) =>
    signals.run(signal, async () => {
      try {
        signal.throwIfAborted();
        return await request(sdk);
      } catch (error) {
        throw callError(error, signal, secretKey);
      }
    });
}

function addressOf(apiUrl: string | undefined): { host?: string; port?: string; protocol?: 'http' | 'https' } {
  if (apiUrl === undefined) return {};
  const { hostname, port, protocol } = new URL(apiUrl);
  const isPlain = protocol === 'http:';
  return { host: hostname, port: port || (isPlain ? '80' : '443'), protocol: isPlain ? 'http' : 'https' };
}

function callError(error: unknown, signal: AbortSignal, secretKey: string): unknown {
  if (signal.aborted) return new StripeCallError('Stripe did not answer in time');
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  if (error.statusCode === undefined) {
    return new StripeCallError(`Stripe cannot be reached, or broke off its answer${networkCode(error.detail)}`);
  }
  const what = [error.statusCode, error.rawType, error.code].filter((part) => part !== undefined).join(' ');
  const request = error.requestId === undefined ? '' : ` (request ${error.requestId})`;
  return new StripeCallError(`Stripe answered ${what}: ${withoutSecrets(error.message, secretKey)}${request}`, error);
}

/** Such as ECONNREFUSED, which `fetch` has in the cause of its error. */
function networkCode(detail: unknown): string {
  const cause = detail instanceof Error ? detail.cause : undefined;
  return cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
}

/** What Stripe says of a wrong key shows the beginning and the end of the key. */
const withoutSecrets = (text: string, secretKey: string): string =>
  text.replaceAll(secretKey, '…').replaceAll(/\b(?:[sr]k_(?:live|test)|whsec|pi_\w+_secret)_[\w*]+/g, '…');
