import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { cpuOf, cpuOfTree } from '../src/processor.ts';

const BURNT_MS = 60;
const burn = `{ const since = process.cpuUsage(); while (process.cpuUsage(since).user < ${BURNT_MS}_000); }`;
/** Five children and three threads that burn processor time and end, one after the other; then it says what it has used itself. */
const program = `
const { spawnSync } = require('node:child_process');
const { Worker } = require('node:worker_threads');
for (let n = 0; n < 5; n++) spawnSync(process.execPath, ['-e', ${JSON.stringify(burn)}]);
const work = (n) => n === 0 ? tell() : new Worker(${JSON.stringify(burn)}, { eval: true }).once('exit', () => work(n - 1));
const tell = () => console.log(Object.values(process.cpuUsage()).reduce((sum, one) => sum + one) / 1000);
work(3);
process.stdin.once('end', () => process.exit()).resume();
`;

it('counts threads and children that have ended', async () => {
  const parent = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const [text] = await once(parent.stdout, 'data');
    const pid = parent.pid ?? -1;
    // Node.js counts microseconds. Two ticks of 10 ms are lost at most, and a little is used after it has said so.
    expect(Math.abs(cpuOf(pid) - Number(text))).toBeLessThan(40);
    expect(cpuOfTree(pid) - cpuOf(pid)).toBeGreaterThan(5 * BURNT_MS - 20);
  } finally {
    parent.stdin.end();
    await once(parent, 'exit');
  }
});
