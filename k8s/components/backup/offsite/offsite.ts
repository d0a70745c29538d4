// Copies complete backups to an S3-compatible store outside the cluster, and back.
//   node offsite.ts push                          what the store has not yet: dump and rows first, the checksum last
//   node offsite.ts pull <database> <time>        one backup back to $BACKUPS, where k8s/restore.ts finds it
// It deletes nothing, and needs no right to: how long a copy is kept is a rule of the bucket. A file may have 5 GB, as one request may.
//   S3_ENDPOINT https://s3.eu-central-1.amazonaws.com   S3_REGION   S3_BUCKET   S3_PREFIX   S3_ACCESS_KEY_ID   S3_SECRET_ACCESS_KEY
import { createHash, createHmac } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

type Store = { endpoint: string; region: string; bucket: string; prefix: string; keyId: string; secret: string };
type SignedRequest = { method: string; url: URL; headers: Record<string, string>; payloadHash: string; at: Date };

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const EMPTY = sha256('');
const uri = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** The headers of a request with its signature: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
export function signed(store: Store, { method, url, headers, payloadHash, at }: SignedRequest): Record<string, string> {
  const time = at.toISOString().replace(/[:-]|\.\d+/g, '');
  const all: Record<string, string> = {
    ...headers,
    host: url.host,
    'x-amz-content-sha256': payloadHash,
    'x-amz-date': time,
  };
  const names = Object.keys(all).sort();
  const query = [...url.searchParams].map(([name, value]) => `${uri(name)}=${uri(value)}`).sort();
  const canonical = [
    method,
    url.pathname,
    query.join('&'),
    ...names.map((name) => `${name}:${all[name]}`),
    '',
    names.join(';'),
    payloadHash,
  ].join('\n');
  const scope = `${time.slice(0, 8)}/${store.region}/s3/aws4_request`;
  const key = scope.split('/').reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${store.secret}`);
  const signature = hmac(Buffer.from(key), `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`).toString('hex');
  const credential = `Credential=${store.keyId}/${scope},SignedHeaders=${names.join(';')},Signature=${signature}`;
  return { ...all, authorization: `AWS4-HMAC-SHA256 ${credential}` };
}

type Body = { file: string; hash: string; size: number };

async function request(
  store: Store,
  method: string,
  key: string,
  o: { query?: Record<string, string>; body?: Body } = {},
) {
  const target = key === '' ? '' : `/${[store.prefix, ...key.split('/')].filter(Boolean).map(uri).join('/')}`;
  const url = new URL(`${store.endpoint}/${store.bucket}${target}`);
  for (const [name, value] of Object.entries(o.query ?? {})) url.searchParams.set(name, value);
  const headers: Record<string, string> = o.body ? { 'content-length': String(o.body.size) } : {};
  const payloadHash = o.body?.hash ?? EMPTY;
  const sent = signed(store, { method, url, headers, payloadHash, at: new Date() });
  delete sent.host;
  // as: Node.js takes a stream, and asks for `duplex` with one, which its types do not have.
  const stream = o.body ? { body: createReadStream(o.body.file), duplex: 'half' } : {};
  const response = await fetch(url, { method, headers: sent, ...(stream as RequestInit) });
  if (!response.ok)
    throw new Error(`${method} ${url.pathname}: ${response.status} ${(await response.text()).slice(0, 300)}`);
  return response;
}

/** The keys that are there, below the prefix. */
async function list(store: Store): Promise<Set<string>> {
  const keys = new Set<string>();
  const prefix = store.prefix === '' ? '' : `${store.prefix}/`;
  for (let token: string | undefined = ''; token !== undefined; ) {
    const query: Record<string, string> = {
      'list-type': '2',
      prefix,
      ...(token === '' ? {} : { 'continuation-token': token }),
    };
    const text: string = await (await request(store, 'GET', '', { query })).text();
    for (const [, key = ''] of text.matchAll(/<Key>([^<]*)<\/Key>/g)) keys.add(key.slice(prefix.length));
    token = /<NextContinuationToken>([^<]*)</.exec(text)?.[1];
  }
  return keys;
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** The files of a backup, the checksum last: without it, it is not complete. */
const ENDINGS = ['.dump', '.rows', '.sha256'];

async function push(store: Store, backups: string): Promise<void> {
  const there = await list(store);
  for (const database of readdirSync(backups).filter((name) => name.endsWith('-db'))) {
    const complete = readdirSync(path.join(backups, database)).filter((name) => name.endsWith('.sha256'));
    for (const stamp of complete.map((name) => path.basename(name, '.sha256')).sort()) {
      if (there.has(`${database}/${stamp}.sha256`)) continue;
      for (const name of ENDINGS.map((ending) => `${stamp}${ending}`)) {
        const file = path.join(backups, database, name);
        // The store refuses what does not have this hash when it arrives.
        const body = { file, hash: await hashOf(file), size: statSync(file).size };
        await request(store, 'PUT', `${database}/${name}`, { body });
      }
      console.log(`${database}: ${stamp} is copied`);
    }
  }
}

async function pull(store: Store, backups: string, database: string, stamp: string): Promise<void> {
  const folder = path.join(backups, database);
  await mkdir(folder, { recursive: true });
  const sums = await (await request(store, 'GET', `${database}/${stamp}.sha256`)).text();
  for (const name of [`${stamp}.dump`, `${stamp}.rows`]) {
    const response = await request(store, 'GET', `${database}/${name}`);
    const file = path.join(folder, `.${name}.new`);
    const handle = await open(file, 'w', 0o640);
    for await (const chunk of response.body ?? []) await handle.write(chunk);
    await handle.close();
    const wanted = sums
      .split('\n')
      .find((line) => line.endsWith(`  ${name}`))
      ?.split(' ')[0];
    if (wanted !== (await hashOf(file))) {
      await rm(file);
      throw new Error(`${database}/${name} is not what it was when it was made`);
    }
    await rename(file, path.join(folder, name));
  }
  await writeFile(path.join(folder, `${stamp}.sha256`), sums, { mode: 0o640 });
  console.log(`${database}: ${stamp} is back in ${folder}`);
}

function setting(name: string, fallback?: string): string {
  const value = process.env[name] ?? fallback;
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

async function main([command, database, stamp]: string[]): Promise<void> {
  const store: Store = {
    endpoint: setting('S3_ENDPOINT').replace(/\/$/, ''),
    region: setting('S3_REGION', 'us-east-1'),
    bucket: setting('S3_BUCKET'),
    prefix: setting('S3_PREFIX', ''),
    keyId: setting('S3_ACCESS_KEY_ID'),
    secret: setting('S3_SECRET_ACCESS_KEY'),
  };
  const backups = setting('BACKUPS');
  if (command === 'push' && existsSync(backups)) return push(store, backups);
  if (command === 'pull' && database && stamp) return pull(store, backups, database, stamp);
  throw new Error('usage: offsite.ts push | pull <database> <time>');
}

if (import.meta.main) {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? `${error.message} ${error.cause ?? ''}`.trim() : error);
    process.exitCode = 1;
  }
}
