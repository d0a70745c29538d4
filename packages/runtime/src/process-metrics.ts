import type { Pool } from '@tradepost/postgres/pool';
import { Counter, Gauge, type Registry } from 'prom-client';

/**
 * Registers what is worth knowing of a Node.js process. Everything is read when it is asked for: the default metrics of
 * prom-client keep timers and observers running, which an idle service should not have.
 */
export function registerProcessMetrics(registry: Registry): void {
  let lastUtilization = performance.eventLoopUtilization();
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  let countedCpu = 0;
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'User and system CPU time spent',
    registers: [registry],
    collect() {
      const { user, system } = process.cpuUsage();
      const seconds = (user + system) / 1e6;
      this.inc(Math.max(0, seconds - countedCpu));
      countedCpu = seconds;
    },
  });
  gauge('process_resident_memory_bytes', 'Resident memory', () => process.memoryUsage.rss());
  gauge('process_start_time_seconds', 'When the process started, in seconds since 1970', () =>
    Math.round(Date.now() / 1000 - process.uptime()),
  );
  gauge('nodejs_heap_size_used_bytes', 'Heap in use', () => process.memoryUsage().heapUsed);
  gauge('nodejs_heap_size_total_bytes', 'Heap', () => process.memoryUsage().heapTotal);
  gauge(
    'nodejs_external_memory_bytes',
    'Memory outside of the heap, buffers included',
    () => process.memoryUsage().external,
  );
  gauge('nodejs_eventloop_utilization', 'Share of time that the event loop was busy, since it was last asked', () => {
    const { utilization } = performance.eventLoopUtilization(lastUtilization);
    lastUtilization = performance.eventLoopUtilization();
    return utilization;
  });
  new Gauge({
    name: 'nodejs_eventloop_lag_seconds',
    help: 'Delay of the event loop at the time of the scrape',
    registers: [registry],
    async collect() {
      const due = performance.now();
      await new Promise((resolve) => setImmediate(resolve));
      this.set((performance.now() - due) / 1000);
    },
  });
}

/** Registers what a pool knows of its connections. */
export function registerPoolMetrics(registry: Registry, pool: Pool): void {
  new Gauge({
    name: 'tradepost_db_connections',
    help: 'Connections to the database',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const { total, idle } = pool.stats();
      this.set({ state: 'idle' }, idle);
      this.set({ state: 'used' }, total - idle);
    },
  });
  new Gauge({
    name: 'tradepost_db_waiting',
    help: 'Statements and transactions that wait for a connection',
    registers: [registry],
    collect() {
      this.set(pool.stats().waiting);
    },
  });
  new Gauge({
    name: 'tradepost_db_recovering',
    help: 'Statements and transactions that wait for an unavailable database',
    registers: [registry],
    collect() {
      this.set(pool.stats().recovering);
    },
  });
}
