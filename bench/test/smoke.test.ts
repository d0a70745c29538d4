import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isRabbitInstalled } from '@tradepost/testing/private-rabbit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceNames } from '../../images/built-services.ts';

const main = path.resolve(import.meta.dirname, '../src/main.ts');

function bench(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args]);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tradepost-bench-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('says what is wrong with the command line, and how to use it', async () => {
  const wrong = await bench('--only', 'read,fly');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('fly is none of read, ');
  const help = await bench('--help');
  expect(help.code).toBe(0);
  expect(help.stdout).toContain('--products N');
});

describe.skipIf(!(await isRabbitInstalled()))('a quick run', () => {
  it('completes operations without a failed one, and writes the figures', async () => {
    const file = path.join(folder, 'results.json');
    const run = await bench(
      '--quick',
      '--only',
      'read,purchase',
      '--products',
      '200',
      '--connections',
      '8',
      '--json',
      file,
    );
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).toContain('| purchase |');
    const results = JSON.parse(await readFile(file, 'utf8'));
    const [read, purchase] = results.operations;
    for (const one of [read, purchase]) {
      expect(one).toMatchObject({
        connections: 8,
        cpuMs: expect.any(Number),
        throughput: expect.any(Number),
        p50Ms: expect.any(Number),
        p99Ms: expect.any(Number),
      });
      expect(one.operations).toBeGreaterThan(0);
      expect(Object.keys(one.cpuByPart)).toContain('postgres');
    }
    expect(purchase.kind).toBe('purchase');
    expect(read).toMatchObject({
      kind: 'read',
      reference: { name: 'Fastify + pg', cpuMs: expect.any(Number) },
      ratio: expect.any(Number),
    });
    for (const service of serviceNames) {
      expect(results.coldStartMs[service]).toBeGreaterThan(0);
      expect(results.memoryMiB[service]).toBeGreaterThan(results.ownMemoryMiB[service]);
    }
  });
});
