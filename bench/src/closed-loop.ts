import { type Connection, openConnection } from './http-client.ts';

/** One completed operation of a kind, over a connection that is its own while it runs. Throws if it fails. */
export type Operation = (connection: Connection) => Promise<void>;

/** Where operations are sent, and how. */
export type Load = { origin: string; connections: number; operation: Operation };

/** What a closed loop came to. `latencies` are in milliseconds, sorted. */
export type LoopResult = { operations: number; seconds: number; latencies: Float64Array };

/**
 * Runs operations one after the other on each connection for so long, and waits for the last of them. One that fails ends all
 * and throws: a run with a failure in it says nothing about speed.
 */
export async function closedLoop(load: Load, durationMs: number): Promise<LoopResult> {
  const connections = Array.from({ length: load.connections }, () => openConnection(load.origin));
  const latencies: number[] = [];
  let failure: unknown;
  const beganAt = performance.now();
  const work = async (connection: Connection) => {
    while (failure === undefined && performance.now() - beganAt < durationMs) {
      const startedAt = performance.now();
      await load.operation(connection);
      latencies.push(performance.now() - startedAt);
    }
  };
  try {
    await Promise.all(
      connections.map((connection) =>
        work(connection).catch((error: unknown) => {
          failure ??= error;
        }),
      ),
    );
  } finally {
    await Promise.all(connections.map((connection) => connection.close()));
  }
  if (failure !== undefined) throw failure;
  const seconds = (performance.now() - beganAt) / 1000;
  return { operations: latencies.length, seconds, latencies: Float64Array.from(latencies).sort() };
}

/** The latency that this share of the operations stayed below. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
