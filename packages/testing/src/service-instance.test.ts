import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createInstance } from './service-instance.ts';

test('a process that ends before it is ready fails at once, with the end of its log', async () => {
  const logs = await mkdtemp(path.join(tmpdir(), 'tradepost-instance-'));
  const place = { service: 'order', name: 'order-2', port: 1, managementPort: 1 } as const;
  const program = ['--eval', "console.error('the port is taken'); process.exitCode = 3"];
  const instance = createInstance({ place, program, env: {}, logs });
  try {
    instance.start();
    await expect(instance.ready()).rejects.toThrow(/order-2 has ended with exit code 3.*the port is taken/s);
  } finally {
    await instance.end('SIGKILL');
    await rm(logs, { recursive: true });
  }
});
