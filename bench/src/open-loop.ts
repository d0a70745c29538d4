import { percentile } from './closed-loop.ts';
import type { Connection } from './http-client.ts';

/** How one request ended. */
export type Outcome = 'done' | 'shed' | 'failed';

/** A stretch of time with requests that arrive at a rate, whether those before are answered or not. */
export type Phase = { name: string; rate: number; seconds: number };

/** What was seen in one stretch between two looks. */
export type Interval = {
  phase: string;
  /** Seconds since the beginning, at its end. */
  atSeconds: number;
  /** A second. */
  sent: number;
  done: number;
  shed: number;
  failed: number;
  inFlight: number;
  /** Of those that were done; NaN if there was none. */
  p50Ms: number;
  p99Ms: number;
};

const TICK_MS = 5;

/** Sends requests in phases and looks at what has become of them every `everyMs`; resolves when all are answered. */
export async function openLoop(o: {
  connection: Connection;
  phases: readonly Phase[];
  everyMs: number;
  request: (connection: Connection) => Promise<Outcome>;
  onInterval: (interval: Interval) => Promise<void>;
}): Promise<void> {
  const beganAt = performance.now();
  let inFlight = 0;
  let counts = { sent: 0, done: 0, shed: 0, failed: 0 };
  let latencies: number[] = [];
  const send = () => {
    const sentAt = performance.now();
    inFlight++;
    counts.sent++;
    o.request(o.connection)
      .catch((): Outcome => 'failed')
      .then((outcome) => {
        inFlight--;
        counts[outcome]++;
        if (outcome === 'done') latencies.push(performance.now() - sentAt);
      });
  };
  let lookedAt = beganAt;
  const look = async (phase: string) => {
    const now = performance.now();
    const seconds = (now - lookedAt) / 1000;
    const sorted = latencies.sort((a, b) => a - b);
    const { sent, done, shed, failed } = counts;
    const interval = { sent: sent / seconds, done: done / seconds, shed: shed / seconds, failed: failed / seconds };
    counts = { sent: 0, done: 0, shed: 0, failed: 0 };
    latencies = [];
    lookedAt = now;
    const atSeconds = Math.round((now - beganAt) / 100) / 10;
    const latency = { p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99) };
    await o.onInterval({ phase, atSeconds, ...interval, inFlight, ...latency });
  };
  for (const phase of o.phases) {
    const phaseAt = performance.now();
    let sent = 0;
    while (performance.now() - phaseAt < phase.seconds * 1000) {
      const due = ((performance.now() - phaseAt) / 1000) * phase.rate;
      for (; sent < due; sent++) send();
      if (performance.now() - lookedAt >= o.everyMs) await look(phase.name);
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
  }
  while (inFlight > 0) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  await look('after');
}
