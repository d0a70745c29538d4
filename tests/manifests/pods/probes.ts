import { setTimeout as sleep } from 'node:timers/promises';
import { CONDITION_LIMIT_MS } from '@tradepost/testing/time-limits';
import type { IContainer, IProbe } from 'kubernetes-models/v1';
import type { RunningContainer } from './container.ts';

/** Waits until the probe passes, as often as the manifest lets it fail. */
export async function untilPasses(
  pod: { name: string; address: string; container: RunningContainer },
  main: IContainer,
  probe: IProbe | undefined,
): Promise<void> {
  let over = false;
  pod.container.ended.then(() => {
    over = true;
  });
  const deadline = performance.now() + CONDITION_LIMIT_MS;
  // More often than the manifest has it, so that start-up can be measured.
  while (!over && performance.now() < deadline) {
    const began = performance.now();
    if (await passes(pod, main, probe)) return;
    // A probe that starts a program (rabbitmq-diagnostics takes a second of CPU) must not take the time of what it waits for.
    await sleep(Math.max(20, 3 * (performance.now() - began)));
  }
  throw new Error(`${pod.name} did not get ready:\n${pod.container.log().slice(-4000)}`);
}

async function passes(
  pod: { address: string; container: RunningContainer },
  main: IContainer,
  probe: IProbe | undefined,
): Promise<boolean> {
  const number = (port: string | number | undefined) =>
    main.ports?.find(({ name }) => name === port)?.containerPort ?? Number(port);
  if (probe?.httpGet) {
    const url = `http://${pod.address}:${number(probe.httpGet.port)}${probe.httpGet.path}`;
    return fetch(url, { signal: AbortSignal.timeout(2000) }).then(
      (answer) => answer.ok,
      () => false,
    );
  }
  if (probe?.tcpSocket) {
    const { connect: dial } = await import('node:net');
    const port = number(probe.tcpSocket.port);
    return new Promise((resolve) => {
      const socket = dial({ host: pod.address, port }, () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  }
  return pod.container.exec(probe?.exec?.command ?? ['false']).status === 0;
}
