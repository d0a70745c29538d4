import { setTimeout as pause } from 'node:timers/promises';
import type { Instance } from '@tradepost/testing/deployment';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** What stands in for the load balancer of a cluster, in front of the gateways. */
export type LoadBalancer = { url: string; proxy: TcpProxy; close(): Promise<void> };

const LOOK_EVERY_MS = 500;
/** As the readiness probe in k8s/base/service/deployment.yaml has it. */
const LOOK_TIMEOUT_MS = 2000;
const FAILURE_THRESHOLD = 2;

/**
 * Gives each new connection to a gateway that its readiness probe has not found out of service, in turn, and to the next where it
 * is not accepted. What was sent is never sent again: that is left to the shoppers.
 */
export async function startLoadBalancer(gateways: readonly Instance[]): Promise<LoadBalancer> {
  const closing = new AbortController();
  const ready = new Set(gateways);
  const look = async (gateway: Instance) => {
    let failures = 0;
    while (!closing.signal.aborted) {
      failures = (await answersReady(gateway)) ? 0 : failures + 1;
      if (failures === 0) ready.add(gateway);
      else if (failures >= FAILURE_THRESHOLD) ready.delete(gateway);
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
