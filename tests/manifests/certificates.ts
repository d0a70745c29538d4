import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export type Authority = { key: string; certificate: string; pem: string };

function openssl(...args: string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
}

/** An authority that signs itself, as cert-manager makes the one of the component tls. */
export function makeAuthority(folder: string, name: string): Authority {
  const [key, certificate] = [path.join(folder, `${name}.key`), path.join(folder, `${name}.crt`)];
  const own = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-keyout', key];
  openssl('req', '-x509', ...own, '-out', certificate, '-days', '2', '-subj', `/CN=${name}`);
  return { key, certificate, pem: readFileSync(certificate, 'utf8') };
}

/** `tls.crt`, `tls.key` and `ca.crt` of a server with this name in a folder, as the Secret of a Certificate has them. */
export function issueCertificate(authority: Authority, folder: string, hostName: string): void {
  const file = (name: string) => path.join(folder, name);
  const own = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-keyout', file('tls.key')];
  openssl('req', ...own, '-out', file('tls.csr'), '-subj', '/');
  writeFileSync(file('tls.ext'), `subjectAltName=DNS:${hostName}\nextendedKeyUsage=serverAuth\n`);
  const by = ['-CA', authority.certificate, '-CAkey', authority.key, '-CAcreateserial', '-extfile', file('tls.ext')];
  openssl('x509', '-req', '-in', file('tls.csr'), '-out', file('tls.crt'), '-days', '2', ...by);
  writeFileSync(file('ca.crt'), authority.pem);
  for (const name of ['tls.key', 'tls.crt', 'ca.crt']) chmodSync(file(name), 0o600);
}
