import { afterEach, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';
import { bearer, cookie, requestOrders } from './order-requests.ts';

let gateway: TestGateway;
afterEach(() => gateway.stop());

const alice = '0199c0de-0000-7000-8000-00000000a11c';

describe('changes with a cookie', () => {
  test('must come from a page of this host or of a trusted origin', async () => {
    gateway = await startGateway({ TRUSTED_ORIGINS: 'https://office.example' });
    gateway.auth.sessions.set('session-1', { accountId: alice });
    const host = new URL(gateway.url).origin;
    const statusOf = async (headers: Record<string, string>, method = 'POST') =>
      (await requestOrders(gateway, headers, method)).status;
    const signedIn = cookie('session-1');
    expect(await statusOf({ ...signedIn, origin: host })).toBe(200);
    expect(await statusOf({ ...signedIn, origin: 'https://office.example' })).toBe(200);
    expect(await statusOf({ ...signedIn, origin: 'https://evil.example' })).toBe(403);
    expect(await statusOf({ ...signedIn, origin: 'null' })).toBe(403);
    expect(await statusOf(signedIn)).toBe(403);
    const refused = await requestOrders(gateway, { ...signedIn, origin: 'https://evil.example' }, 'DELETE');
    expect(await refused.json()).toMatchObject({ code: 'origin_refused' });
    // Nothing is changed by reading, and nothing but a cookie is sent by a browser on its own.
    expect(await statusOf({ ...signedIn, origin: 'https://evil.example' }, 'GET')).toBe(200);
    expect(await statusOf({ ...bearer('session-1'), origin: 'https://evil.example' })).toBe(200);
    expect(await statusOf({})).toBe(200);
  });
});

describe('CORS', () => {
  test('nothing is allowed unless it is set', async () => {
    gateway = await startGateway();
    const response = await requestOrders(gateway, { origin: 'https://office.example' });
    expect(response.headers.has('access-control-allow-origin')).toBe(false);
    expect(response.headers.has('vary')).toBe(false);
  });

  test('trusted origins may read with cookies, open ones without, others not at all', async () => {
    gateway = await startGateway({ TRUSTED_ORIGINS: 'https://office.example', CORS_ORIGINS: 'https://open.example' });
    gateway.order.handler = (_request, response) => {
      response.writeHead(200, { vary: 'accept', 'access-control-allow-origin': '*' }).end();
    };
    const headersFor = async (origin: string) => Object.fromEntries((await requestOrders(gateway, { origin })).headers);
    expect(await headersFor('https://office.example')).toMatchObject({
      'access-control-allow-origin': 'https://office.example',
      'access-control-allow-credentials': 'true',
      vary: 'accept, origin',
    });
    const open = await headersFor('https://open.example');
    expect(open).toMatchObject({ 'access-control-allow-origin': 'https://open.example' });
    expect(open).not.toHaveProperty('access-control-allow-credentials');
    expect(await headersFor('https://evil.example')).not.toHaveProperty('access-control-allow-origin');
    // A refusal, too, has to be readable by the page.
    const refused = await fetch(`${gateway.url}/nothing`, { headers: { origin: 'https://office.example' } });
    expect(refused.headers.get('access-control-allow-origin')).toBe('https://office.example');
    expect(refused.headers.get('vary')).toBe('origin');
  });

  test('a preflight is answered here', async () => {
    gateway = await startGateway({ TRUSTED_ORIGINS: 'https://office.example' });
    const preflight = (origin: string) =>
      fetch(`${gateway.url}/api/v1/orders`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization, idempotency-key',
        },
      });
    const allowed = await preflight('https://office.example');
    expect(allowed.status).toBe(204);
    expect(Object.fromEntries(allowed.headers)).toMatchObject({
      'access-control-allow-origin': 'https://office.example',
      'access-control-allow-methods': expect.stringContaining('POST'),
      'access-control-allow-headers': 'authorization, idempotency-key',
    });
    expect(gateway.order.seen).toEqual([]);
    const refused = await preflight('https://evil.example');
    expect(refused.headers.has('access-control-allow-origin')).toBe(false);
  });
});
