import { sendRequest } from '@tradepost/testing/shopper';
import { expect, test } from 'vitest';
import { describeInBrowser, desk } from './browser.ts';
import { openPageHarness } from './page-harness.ts';

/** Width and height of a PNG, from its header (https://www.w3.org/TR/png-3/#11IHDR). */
function sizeOf(png: Buffer): [number, number] {
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

describeInBrowser('a link to the shop', () => {
  const harness = openPageHarness();

  test.each(['/', '/categories/kitchen', '/products/storm-lantern', '/search'])('has a preview: %s', async (path) => {
    const { page } = await harness.openVisit(desk);
    await page.goto(path);
    const tag = (name: string) =>
      page.locator(`head meta[property="${name}"], head meta[name="${name}"]`).first().getAttribute('content');
    expect(await tag('og:title')).toBeTruthy();
    expect(await tag('og:description')).toBeTruthy();
    expect(await tag('twitter:card')).toBe('summary_large_image');
    const image = (await tag('og:image')) ?? '';
    expect(image).toMatch(/^https?:\/\/.*\.png$/);
    const response = await fetch(image);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(sizeOf(Buffer.from(await response.arrayBuffer()))).toEqual([1200, 630]);
    expect([await tag('og:image:width'), await tag('og:image:height')]).toEqual(['1200', '630']);
  });

  test('has icons for tabs and home screens, and a manifest, which the policy lets a browser load', async () => {
    const visitor = await harness.openVisit(desk, { to: '/' });
    const { page } = visitor;
    const hrefs = await page
      .locator('head link[rel~="icon"], head link[rel="apple-touch-icon"]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
    expect(hrefs).toContain('/apple-touch-icon.png');
    for (const href of hrefs)
      expect((await fetch(harness.shop.url + href)).headers.get('content-type')).toMatch(/^image\//);
    const { body, headers } = await sendRequest({ gatewayUrl: harness.shop.url }, 'GET', '/shop.webmanifest');
    expect(headers.get('content-type') ?? '').toContain('application/manifest+json');
    const manifest = typeof body === 'string' ? JSON.parse(body) : body;
    for (const { src, type, sizes } of manifest.icons) {
      const icon = await fetch(harness.shop.url + src);
      expect(icon.headers.get('content-type')).toBe(type);
      if (type !== 'image/png') continue;
      expect(sizeOf(Buffer.from(await icon.arrayBuffer())).join('x')).toBe(sizes);
    }
    // Headless browsers load a manifest only when they are asked to.
    const session = await page.context().newCDPSession(page);
    const { errors } = await session.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    expect(visitor.complaints()).toEqual([]);
  });
});
