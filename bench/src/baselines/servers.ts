import { access, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from '@tradepost/testing/free-port';
import { type ServerProcess, startProcess, untilAnswered } from '../processes.ts';
import { cpuOfTree } from '../processor.ts';

/** A server to compare with, which listens at `origin`. */
export type Baseline = { origin: string; process: ServerProcess; cpu(): number };

type Program = 'node-http' | 'fastify-pg' | 'http-proxy' | 'password-hash';

/** Starts one of the programs beside this file; `probe` is a path that it answers with 200. */
export async function startBaseline(
  program: Program,
  probe: string,
  env: Record<string, string> = {},
): Promise<Baseline> {
  const { process: one, origin } = await launchBaseline(program, env);
  await untilAnswered(one, `${origin}${probe}`);
  return { origin, process: one, cpu: () => cpuOfTree(one.pid) };
}

/** The same, without waiting for it. */
export async function launchBaseline(program: Program, env: Record<string, string> = {}) {
  const port = await freePort();
  const file = path.join(import.meta.dirname, `${program}.ts`);
  const all = { NODE_ENV: 'production', ...env, PORT: String(port) };
  return { process: startProcess(program, process.execPath, [file], all), origin: `http://127.0.0.1:${port}` };
}

const NGINX = '/usr/sbin/nginx';

/** Debian's nginx with one worker as a proxy that keeps its connections, and writes no log; undefined if not installed. */
export async function startNginx(scratch: string, upstream: string, probe: string): Promise<Baseline | undefined> {
  const isThere = await access(NGINX).then(
    () => true,
    () => false,
  );
  if (!isThere) return undefined;
  const folder = path.join(scratch, 'nginx');
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const config = path.join(folder, 'nginx.conf');
  await writeFile(config, nginxConfig(folder, port, new URL(upstream).host));
  const one = startProcess('nginx', NGINX, ['-c', config, '-p', folder, '-e', path.join(folder, 'error.log')], {});
  const origin = `http://127.0.0.1:${port}`;
  await untilAnswered(one, `${origin}${probe}`);
  return { origin, process: one, cpu: () => cpuOfTree(one.pid) };
}

function nginxConfig(folder: string, port: number, upstream: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `  ${name}_temp_path ${folder}/${name};`,
  );
  return `daemon off;
worker_processes 1;
${process.getuid?.() === 0 ? 'user root;' : ''}
pid ${folder}/pid;
events { worker_connections 1024; }
http {
${temporary.join('\n')}
  access_log off;
  keepalive_requests 1000000;
  upstream product { server ${upstream}; keepalive 32; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://product;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
  }
}
`;
}
