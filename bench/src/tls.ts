import { chmod, chown, copyFile, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { issueCertificate, makeAuthority } from '../../tests/manifests/certificates.ts';

/** Files of a certificate for this machine, and of the authority that has signed it. */
export type ServerCertificate = { key: string; certificate: string; ca: string };

/** Issues a certificate for `localhost` and 127.0.0.1, as cert-manager does where the component `tls` is on. */
export async function issueServerCertificate(scratch: string): Promise<ServerCertificate> {
  const folder = path.join(scratch, 'tls');
  await mkdir(folder, { recursive: true });
  issueCertificate(makeAuthority(folder, 'bench'), folder, 'localhost,IP:127.0.0.1');
  const [key = '', certificate = '', ca = ''] = ['tls.key', 'tls.crt', 'ca.crt'].map((name) => path.join(folder, name));
  // The broker runs as another user when this is root.
  for (const file of [key, certificate, ca]) await chmod(file, 0o644);
  return { key, certificate, ca };
}

/** Lets PostgreSQL take TLS connections. It wants a key that only it can read, so it gets copies. */
export async function switchTlsOn(
  run: (text: string) => Promise<pg.QueryResult>,
  { key, certificate }: ServerCertificate,
): Promise<void> {
  const { rows } = await run('show data_directory');
  const data = String(rows[0]?.data_directory);
  const { uid, gid } = await stat(data);
  for (const [file, name] of [
    [key, 'bench.key'],
    [certificate, 'bench.crt'],
  ] as const) {
    const copy = path.join(data, name);
    await copyFile(file, copy);
    await chmod(copy, 0o600);
    await chown(copy, uid, gid);
  }
  await run(`alter system set ssl_key_file = 'bench.key'`);
  await run(`alter system set ssl_cert_file = 'bench.crt'`);
  await run('alter system set ssl = on');
}

/** Has each broker speak TLS alone, on the port that it would use without. */
export const brokerTls =
  ({ key, certificate, ca }: ServerCertificate) =>
  (port: number): string[] => [
    'listeners.tcp = none',
    `listeners.ssl.1 = 127.0.0.1:${port}`,
    `ssl_options.cacertfile = ${ca}`,
    `ssl_options.certfile = ${certificate}`,
    `ssl_options.keyfile = ${key}`,
  ];
