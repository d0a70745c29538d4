import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { signalProcess } from './signal-process.ts';

test('ends a process that runs, and does nothing to one that has ended', async () => {
  const child = spawn('sleep', ['1000']);
  const { pid = 0 } = child;
  signalProcess(pid, 'SIGTERM');
  expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
  signalProcess(pid, 'SIGTERM');
});
