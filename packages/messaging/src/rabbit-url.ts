import type { ConnectionOptions } from 'rabbitmq-client';

/** Where the broker is, and under which name our queues stand there. */
export type RabbitAddress = {
  options: Pick<ConnectionOptions, 'hosts' | 'username' | 'password' | 'vhost' | 'tls'>;
  /** What the names of exchanges and queues begin with; `tradepost`. */
  namespace: string;
};

/**
 * Reads `amqp://user:password@host:port/vhost?namespace=name`, or `amqps:` for TLS. Further hosts of the same cluster
 * follow after commas, with or without all that: `amqp://user:password@a:5672,b:5672,c:5672/vhost`. The port is 5672,
 * or 5671 with TLS; a comma in a password is written `%2C`. Throws an error that does not repeat the URL, for it holds a password.
 */
export function parseRabbitUrl(text: string): RabbitAddress {
  const [first, ...others] = text.split(',').map((part) => part.trim());
  const scheme = /^amqps?:\/\//.exec(first ?? '')?.[0];
  if (!first || !scheme) throw new Error('The URL of the broker must begin with amqp:// or amqps://');
  const urls = [first, ...others].map((part) => parseOne(part.includes('://') ? part : scheme + part));
  if (urls.some((url) => url.protocol !== urls[0]?.protocol)) {
    throw new Error('All hosts of the broker must be reached by the same protocol');
  }
  const login = urls.find((url) => url.username !== '');
  const path = urls.map((url) => url.pathname.slice(1)).find((name) => name !== '');
  const namespace = urls.map((url) => url.searchParams.get('namespace')).find((name) => name !== null) ?? 'tradepost';
  if (!/^[\w-]{1,64}$/.test(namespace)) throw new Error('The namespace in the URL of the broker is not a plain name');
  return {
    options: {
      hosts: urls.map((url) => `${url.hostname}:${url.port || (scheme === 'amqps://' ? '5671' : '5672')}`),
      username: decodeURIComponent(login?.username ?? 'guest'),
      password: decodeURIComponent(login?.password ?? 'guest'),
      vhost: decodeURIComponent(path ?? '/'),
      tls: scheme === 'amqps://',
    },
    namespace,
  };
}

function parseOne(text: string): URL {
  const url = URL.parse(text);
  if (!url?.hostname) throw new Error('The URL of the broker cannot be read');
  return url;
}
