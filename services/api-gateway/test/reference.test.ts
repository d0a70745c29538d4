import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';

let gateway: TestGateway;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-media-'));
  await writeFile(join(folder, 'mug.svg'), '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
  await writeFile(join(folder, '.secret'), 'secret');
  gateway = await startGateway({ MEDIA_DIR: folder, PUBLIC_URL: 'https://shop.example' });
});
afterAll(async () => {
  await gateway.stop();
  await rm(folder, { recursive: true });
});

const problem = { type: 'object', properties: { code: { type: 'string' } } };
const described = (paths: object, schemas: object) => ({
  openapi: '3.1.0',
  info: { title: 'part', version: '1' },
  paths,
  components: { schemas: { Problem: problem, ...schemas } },
});
const reading = (operationId: string) => ({
  get: {
    operationId,
    responses: {
      200: {
        description: 'ok',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Item' } } },
      },
    },
  },
});

const document = async () => JSON.parse(await (await fetch(`${gateway.url}/openapi.json`)).text());

describe('/openapi.json', () => {
  test('joins what the services say, and stays whole while they are unavailable', async () => {
    gateway.product.openapi = described(
      { '/api/v1/products': reading('list'), '/internal/export': reading('export') },
      { Item: { type: 'object', title: 'product' } },
    );
    gateway.order.openapi = described(
      { '/api/v1/orders': reading('list') },
      { Item: { type: 'object', title: 'order' } },
    );
    gateway.auth.openapi = described(
      { '/api/v1/auth/token': reading('token') },
      { Item: { type: 'object', title: 'auth' } },
    );
    const merged = await until(async () => {
      const current = await document();
      return Object.keys(current.paths).length === 10 && current;
    });
    expect(Object.keys(merged.paths)).toEqual([
      '/api/v1/auth/token',
      '/api/v1/products',
      '/api/v1/orders',
      '/api/v1/audit',
      '/api/v1/traffic',
      '/api/v1/account/export',
      '/api/v1/admin/api-gateway/accounts/{id}/export',
      '/api/v1/admin/api-gateway/dead-letters',
      '/api/v1/admin/api-gateway/dead-letters/{eventId}',
      '/api/v1/admin/api-gateway/dead-letters/{eventId}/replay',
    ]);
    expect(merged.servers).toEqual([{ url: 'https://shop.example' }]);
    expect(merged.components.schemas).toMatchObject({ Item: { title: 'auth' }, 'order.Item': { title: 'order' } });
    expect(await new Validator().validate(structuredClone(merged))).toMatchObject({ valid: true });

    await Promise.all([gateway.product.kill(), gateway.order.kill(), gateway.auth.kill()]);
    expect(await document()).toEqual(merged);
    // Another gateway, started while they are unavailable, has it from the database.
    const saved = () => gateway.service.pool.query<{ service: string }>({ text: 'select service from api_document' });
    await until(async () => (await saved()).rows.length === 3);
    const other = await startGateway({ DATABASE_URL: gateway.service.databaseUrl, PUBLIC_URL: 'https://shop.example' });
    try {
      await Promise.all([other.product.kill(), other.order.kill(), other.auth.kill()]);
      await until(async () => {
        const text = await (await fetch(`${other.url}/openapi.json`)).text();
        return text === JSON.stringify(merged);
      });
    } finally {
      await other.stop();
    }
    await Promise.all([gateway.product.revive(), gateway.order.revive(), gateway.auth.revive()]);
  });

  test('answers 304 to a client that has it already', async () => {
    const first = await fetch(`${gateway.url}/openapi.json`);
    const etag = first.headers.get('etag') ?? '';
    const again = await fetch(`${gateway.url}/openapi.json`, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });
});

describe('pages', () => {
  test('/asyncapi.json describes the events', async () => {
    const response = await fetch(`${gateway.url}/asyncapi.json`);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toMatchObject({ asyncapi: expect.stringMatching(/^3\./) });
  });

  test('/docs shows the reference, from this host only', async () => {
    const response = await fetch(`${gateway.url}/docs`);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(policy).not.toContain('unsafe');
    const html = await response.text();
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file ?? '');
    expect(files.length).toBeGreaterThanOrEqual(4);
    for (const file of files) {
      expect(file.startsWith('/docs/')).toBe(true);
      const asset = await fetch(gateway.url + file);
      expect([file, asset.status]).toEqual([file, 200]);
      expect(asset.headers.get('x-content-type-options')).toBe('nosniff');
      await asset.arrayBuffer();
    }
    expect((await fetch(`${gateway.url}/docs/`, { redirect: 'manual' })).headers.get('location')).toBe('/docs');
    expect((await fetch(`${gateway.url}/docs/package.json`)).status).toBe(404);
  });

  test('/ leads to the reference where there is no shop', async () => {
    const response = await fetch(gateway.url, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([302, '/docs']);
    expect(response.headers.get('strict-transport-security')).toContain('max-age=');
  });

  test('the address that a problem names says what it is', async () => {
    const refused = JSON.parse(await (await fetch(`${gateway.url}/nothing`)).text());
    expect(await (await fetch(gateway.url + refused.type)).json()).toEqual({
      code: 'not_found',
      status: 404,
      title: 'Not found',
    });
    expect((await fetch(`${gateway.url}/problems/nonsense`)).status).toBe(404);
    expect((await fetch(`${gateway.url}/problems/constructor`)).status).toBe(404);
  });

  test('/media/ serves files that cannot act, and no others', async () => {
    const response = await fetch(`${gateway.url}/media/mug.svg`);
    expect(response.headers.get('content-type')).toBe('image/svg+xml');
    expect(response.headers.get('cache-control')).toBe('public, max-age=3600');
    expect(response.headers.get('etag')).toBeTruthy();
    expect(response.headers.get('content-security-policy')).toBe(
      "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    );
    for (const path of ['/media/.secret', '/media/missing.png', '/media/', '/media/%2e%2e/etc/passwd']) {
      expect([path, (await fetch(gateway.url + path)).status]).toEqual([path, expect.toBeOneOf([400, 404])]);
    }
  });
});
