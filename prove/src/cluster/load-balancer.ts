import { setTimeout as pause } from 'node:timers/promises';
import type { Instance } from '@tradepost/testing/deployment';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** What stands in for the load balancer of a cluster, in front of the gateways. */
export type LoadBalancer = { url: string; proxy: TcpProxy; close(): Promise<void> };

const LOOK_EVERY_MS = 500;
const LOOK_TIMEOUT_MS = 400;

/**
 * Gives each new connection to a gateway that was ready when it last looked, in turn, and to the next where it is not
 * accepted. What was sent is never sent again: that is left to the shoppers.
 */
export async function startLoadBalancer(gateways: readonly Instance[]): Promise<LoadBalancer> {
  const closing = new AbortController();
  const ready = new Set(gateways);
  const look = async (gateway: Instance) => {
    while (!closing.signal.aborted) {
      const isReady = await answersReady(gateway);
      if (isReady) ready.add(gateway);
      else ready.delete(gateway);
      await pause(LOOK_EVERY_MS, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };
  let turn = 0;
  const proxy = await openTcpProxy('gateway', () => {
    turn++;
    const first = gateways.map((_, n) => gateways[(turn + n) % gateways.length]);
    return first.flatMap((gateway) =>
      gateway && ready.has(gateway) ? [{ port: Number(new URL(gateway.url).port) }] : [],
    );
  });
  for (const gateway of gateways) void look(gateway);
  return {
    url: `http://127.0.0.1:${proxy.port}`,
    proxy,
    close: async () => {
      closing.abort();
      await proxy.close();
    },
  };
}

async function answersReady({ managementUrl }: Instance): Promise<boolean> {
  try {
    const response = await fetch(`${managementUrl}/readyz`, { signal: AbortSignal.timeout(LOOK_TIMEOUT_MS) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}
