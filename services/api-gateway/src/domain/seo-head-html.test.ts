import { describe, expect, test } from 'vitest';
import { type PageHead, pageTemplate, renderPage } from './seo-head-html.ts';

const template = pageTemplate(
  '<html><head><title>Shop</title><meta name="description" content="Ours"><link></head><body></body></html>',
);
const plain: PageHead = {
  title: undefined,
  description: undefined,
  canonical: undefined,
  indexed: true,
  type: 'website',
  image: undefined,
  preload: [],
  structured: undefined,
};
const hostile = '</title></script><script>alert(1)</script>" onload="$& $1';

describe('the HTML of a page', () => {
  test('is that of the shop, where there is nothing to add', () => {
    expect(renderPage(template, { links: '', head: plain, brought: [] })).toBe(
      '<html><head><title>Shop</title><meta name="description" content="Ours"><link>' +
        '<meta property="og:site_name" content="Shop"><meta property="og:type" content="website">' +
        '<meta property="og:title" content="Shop"><meta property="og:description" content="Ours">' +
        '<meta name="twitter:card" content="summary"><meta name="twitter:title" content="Shop">' +
        '</head><body></body></html>',
    );
  });

  test('has what networks need for a link preview', () => {
    const image = { url: 'https://shop.example/preview.png', alt: 'The shop', width: 1200, height: 630 };
    const html = renderPage(template, {
      links: '',
      head: { ...plain, type: 'product', title: 'Mug', image },
      brought: [],
    });
    for (const [name, content] of [
      ['og:title', 'Mug'],
      ['og:type', 'product'],
      ['og:image', image.url],
      ['og:image:width', '1200'],
      ['og:image:height', '630'],
      ['og:image:alt', 'The shop'],
      ['twitter:card', 'summary_large_image'],
      ['twitter:image', image.url],
    ]) {
      expect(html).toMatch(new RegExp(`<meta (name|property)="${name}" content="${content}">`));
    }
  });

  test('has a title and a description of its own', () => {
    const html = renderPage(template, {
      links: '',
      head: { ...plain, title: 'Mug', description: 'Blue' },
      brought: [],
    });
    expect(html).toContain('<title>Mug · Shop</title><meta name="description" content="Blue"><link>');
    expect(html).not.toContain('Ours');
  });

  test('escapes text that strangers wrote', () => {
    const head = {
      ...plain,
      title: hostile,
      description: hostile,
      canonical: hostile,
      image: { url: hostile, alt: hostile },
      preload: [hostile],
    };
    const brought = [{ url: hostile, json: JSON.stringify({ name: hostile }) }];
    const html = renderPage(template, { links: '', head: { ...head, structured: { name: hostile } }, brought });
    expect(html).not.toContain('<script>');
    expect(html.replace(/<script .*?<\/script>/gs, '')).not.toContain('" onload');
    expect(html.match(/<\/title>/g)).toHaveLength(1);
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    const [, json = ''] = /data-url="[^"]*">(.*?)<\/script>/s.exec(html) ?? [];
    expect(JSON.parse(json)).toEqual({ name: hostile });
  });

  test('is kept from search engines where it should be', () => {
    expect(renderPage(template, { links: '', head: { ...plain, indexed: false }, brought: [] })).toContain(
      '<meta name="robots" content="noindex">',
    );
  });
});
