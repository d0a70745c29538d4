import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Credentials } from './s3-signature.ts';

export type Store = { endpoint: string; stop(): void };

/** Starts the stand-in for an S3-compatible store, which has one bucket, `bucket`, and accepts these credentials alone. S3 lists 1,000 keys in a page. */
export async function startStore(
  credentials: Credentials,
  o: { pageSize: number } = { pageSize: 1000 },
): Promise<Store> {
  const args = [credentials.accessKey, credentials.secretKey, String(o.pageSize)];
  const program = path.join(import.meta.dirname, 's3-server.ts');
  const server = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(server.stdout, 'data');
  return { endpoint: `http://127.0.0.1:${String(port).trim()}`, stop: () => void server.kill() };
}
