import { expect, test } from 'vitest';
import { type PageRequestFacts, pageHead } from './seo-head.ts';

const about: PageRequestFacts = {
  title: undefined,
  indexed: true,
  path: '/products/mug',
  params: { slug: 'mug' },
  origin: 'https://shop.example',
};
const product = {
  slug: 'mug',
  title: 'Mug',
  description: 'A mug.',
  media: [
    { url: '/media/mug.svg', alt: '' },
    { url: 'https://cdn.example/mug.png', alt: '' },
  ],
  variants: [
    { sku: 'MUG 1', title: 'Blue', price: { amount: 1805, currency: 'EUR' }, available: 3 },
    { sku: 'MUG-2', title: '', price: { amount: 1805, currency: 'JPY' }, available: 0 },
  ],
};

test('a product is described, with its pictures and offers', () => {
  expect(pageHead(about, product)).toEqual({
    title: 'Mug',
    description: 'A mug.',
    canonical: 'https://shop.example/products/mug',
    indexed: true,
    type: 'product',
    image: { url: 'https://cdn.example/mug.png', alt: '' },
    preload: ['/media/mug.svg'],
    structured: {
      '@context': 'https://schema.org',
      '@type': 'Product',
      name: 'Mug',
      description: 'A mug.',
      image: ['https://shop.example/media/mug.svg', 'https://cdn.example/mug.png'],
      url: 'https://shop.example/products/mug',
      offers: [
        expect.objectContaining({
          sku: 'MUG 1',
          name: 'Blue',
          price: '18.05',
          availability: 'https://schema.org/InStock',
          url: 'https://shop.example/products/mug?variant=MUG%201',
        }),
        expect.objectContaining({ price: '1805', priceCurrency: 'JPY', availability: 'https://schema.org/OutOfStock' }),
      ],
    },
  });
});

test('a link preview shows a picture that networks can draw: the product’s, or the shop’s in the size that they ask for', () => {
  const ours = { url: 'https://shop.example/preview.png', alt: 'The shop', width: 1200, height: 630 };
  const imageOf = (...urls: string[]) => pageHead(about, { ...product, media: urls.map((url) => ({ url })) }).image;
  expect(imageOf('/media/mug.svg')).toEqual(ours);
  expect(imageOf()).toEqual(ours);
  expect(imageOf('/media/mug.svg', '/media/mug.JPG?v=2')?.url).toBe('https://shop.example/media/mug.JPG?v=2');
  expect(pageHead({ ...about, path: '/', params: {} }, { items: [product] }).image).toEqual(ours);
  expect(pageHead({ ...about, origin: undefined }, product).image).toBeUndefined();
});

test('a long description is cut at a word', () => {
  const { description = '' } = pageHead(about, { ...product, description: 'word '.repeat(100) });
  expect(description).toMatch(/word …$/);
  expect(description.length).toBeLessThan(165);
});

test('a long description without blanks is cut between characters, not inside of one', () => {
  const { description = '' } = pageHead(about, { ...product, description: `a${'🏺'.repeat(100)}` });
  expect(description).toBe(`a${'🏺'.repeat(79)} …`);
});

test('a category is named, and begins with the pictures that are seen first', () => {
  const pictures = ['/media/desk.svg', undefined, '/media/lamp.svg', '/media/below.svg'];
  const items = pictures.map((url) => ({ media: url === undefined ? [] : [{ url }] }));
  const head = pageHead({ ...about, path: '/categories/home-office', params: { slug: 'home-office' } }, { items });
  const preload = ['/media/desk.svg', '/media/lamp.svg'];
  expect(head).toMatchObject({ title: 'Home office', preload, structured: undefined });
});

test('without anything to show, or an origin, it says what it can', () => {
  const bare = { ...about, origin: undefined, title: 'Search', params: {} };
  expect(pageHead(bare, undefined)).toMatchObject({ title: 'Search', canonical: undefined, image: undefined });
  expect(pageHead({ ...about, indexed: false }, undefined).canonical).toBeUndefined();
});

test('a picture elsewhere is not asked for ahead of time', () => {
  for (const url of ['https://cdn.example/a.png', '//cdn.example/a.png']) {
    expect(pageHead(about, { ...product, media: [{ url }] }).preload).toEqual([]);
  }
});
