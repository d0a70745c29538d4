import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { ORIGIN } from './client.ts';

/** Somebody who has an account at the provider. */
export type Person = { sub: string; email?: string; email_verified?: boolean; name?: string };

/** A provider of OpenID Connect on this machine, which lets in whoever the test names, and does not ask for consent. */
export type OpenIdProvider = {
  issuer: string;
  clientSecret: string;
  /** Goes to the address as the browser of this person, and gives what the provider adds to the address it sends it back to. */
  visit(url: string, person: Person): Promise<{ state: string; code: string; iss?: string }>;
  stop(): Promise<void>;
};

const REDIRECT_URI = `${ORIGIN}/sign-in/provider`;

export async function startOpenIdProvider(): Promise<OpenIdProvider> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // as: a server that listens on a port has an address of this kind.
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientSecret = 'of-the-test-0123456789-abcdefghijklmnop';
  const people = new Map<string, Person>();
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'shop', client_secret: clientSecret, redirect_uris: [REDIRECT_URI] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['of-the-test'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ ...people.get(sub), sub }) }),
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: 'shop', accountId: oidc.session?.accountId ?? '' });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return callback(request, response);
    // Whoever visits says who they are: no form is needed.
    const accountId = String(request.headers['x-person']);
    return provider.interactionFinished(request, response, { login: { accountId } });
  });
  return {
    issuer,
    clientSecret,
    async visit(url, person) {
      people.set(person.sub, person);
      return visit(url, person.sub);
    },
    stop: () => close(server),
  };
}

async function visit(start: string, sub: string): Promise<{ state: string; code: string; iss?: string }> {
  const jar = new Map<string, string>();
  let url = start;
  for (let step = 0; step < 8; step++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie, 'x-person': sub } });
    for (const set of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (set.split(';', 1)[0] ?? '').split('=', 2);
      jar.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`The provider answered ${response.status}: ${await response.text()}`);
    url = new URL(location, url).href;
    if (url.startsWith(REDIRECT_URI)) return readAnswer(new URL(url).searchParams);
  }
  throw new Error('The provider redirects for ever');
}

function readAnswer(params: URLSearchParams): { state: string; code: string; iss?: string } {
  const [state, code, iss] = ['state', 'code', 'iss'].map((name) => params.get(name));
  if (!state || !code) throw new Error(`The provider answered ${params}`);
  return { state, code, ...(iss && { iss }) };
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
