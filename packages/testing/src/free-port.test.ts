import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { freePort } from './free-port.ts';

test('gives a port to one caller only, in this process and in others', async () => {
  const first = await freePort();
  let next = first;
  const second = await freePort(() => next++);
  expect(second).toBeGreaterThan(first);
  const script = `
    import { freePort } from ${JSON.stringify(path.join(import.meta.dirname, 'free-port.ts'))};
    let next = ${first};
    process.stdout.write(String(await freePort(() => next++)));
    process.exit();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  expect(Number(stdout)).toBeGreaterThan(second);
});
