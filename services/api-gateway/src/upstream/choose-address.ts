import { circuitState } from '../domain/circuit-breaker.ts';
import type { Address, Upstream } from './upstream.ts';

/**
 * Load balancing: the address for the next attempt is the least busy of those with a closed circuit, in turn when several are; a
 * draining one only when there is no other. An address whose circuit is half-open gets the next request that is `idempotent` as
 * its probe, since that one can be retried elsewhere. Undefined: there is none.
 */
export function chooseAddress(
  upstream: Upstream,
  { tried, idempotent, now }: { tried: readonly Address[]; idempotent: boolean; now: number },
): Address | undefined {
  const { addresses } = upstream;
  const count = addresses.length;
  if (count === 0) return undefined;
  upstream.turn = (upstream.turn + 1) % count;
  const noAlternative = !addresses.some((one) => !tried.includes(one) && circuitState(one.breaker, now) === 'closed');
  let best: Address | undefined;
  let bestRank = 0;
  for (let i = 0; i < count; i++) {
    const address = addresses[(upstream.turn + i) % count];
    // A lone address may stand for several instances: asking there again can reach another.
    if (address === undefined || (count > 1 && tried.includes(address))) continue;
    const rank = rankOf(address, { idempotent, now, noAlternative, full: upstream.options.maxInFlight });
    if (rank === UNUSABLE) continue;
    if (best === undefined || rank < bestRank || (rank === bestRank && address.inFlight < best.inFlight)) {
      best = address;
      bestRank = rank;
    }
  }
  if (best !== undefined && best.breaker.openUntil !== 0) best.breaker.probing = true;
  return best;
}

const UNUSABLE = 5;
/** Requests that may be sent beside a probe when there is no other address: a dead one must not delay many. */
const MAX_BESIDE_PROBE = 16;

function rankOf(
  address: Address,
  o: { idempotent: boolean; now: number; noAlternative: boolean; full: number },
): number {
  if (address.inFlight >= o.full) return UNUSABLE;
  switch (circuitState(address.breaker, o.now, o.noAlternative)) {
    case 'half-open':
      return o.idempotent ? 0 : 3;
    case 'closed':
      return 1;
    case 'avoided':
      return 2;
    default:
      return o.noAlternative && o.idempotent && address.breaker.probing && address.inFlight < MAX_BESIDE_PROBE
        ? 4
        : UNUSABLE;
  }
}

/** Is there an address that the request could be taken to instead? */
export function hasOther(upstream: Upstream, tried: readonly Address[], now: number): boolean {
  return upstream.addresses.some((one) => !tried.includes(one) && circuitState(one.breaker, now) === 'closed');
}

/** Why there was no address, and the whole seconds after which asking again makes sense. */
export function whyNone(upstream: Upstream, now: number): { full: boolean; retryAfter: number } {
  const { addresses, options } = upstream;
  const full = addresses.some(
    (one) => one.inFlight >= options.maxInFlight && circuitState(one.breaker, now) === 'closed',
  );
  const next = Math.min(...addresses.map((one) => one.breaker.openUntil));
  const wait = Number.isFinite(next) && next > now ? Math.ceil((next - now) / 1000) : 1;
  return { full, retryAfter: wait };
}
