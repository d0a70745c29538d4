import { readdirSync, readFileSync } from 'node:fs';
import { slugOf } from '@tradepost/product/domain/slug';
import { NewProduct } from '@tradepost/product/http/product-schemas';
import { createAjv } from '@tradepost/runtime/validation';
import { describe, expect, test } from 'vitest';
import { demoCatalogue, PICTURES_FOLDER } from '../src/demo-catalogue.ts';
import { bodyOf, mixed } from '../src/seed/catalogue.ts';

const { categories, featured, products } = demoCatalogue;
const variants = products.flatMap((product) => product.variants);

const isUnique = (values: readonly string[]) => new Set(values).size === values.length;

describe('the demo catalogue', () => {
  test('is a shop, with products enough in every category', () => {
    expect(products.length).toBeGreaterThanOrEqual(60);
    for (const category of categories) {
      const inIt = products.filter((product) => product.categories.includes(category));
      expect(inIt.length, category).toBeGreaterThanOrEqual(6);
    }
  });

  test('says what each variant weighs, and what is taxed at another rate', () => {
    for (const { sku, weightGrams } of variants) expect(weightGrams, sku).toBeGreaterThan(0);
    const bodies = products.map(bodyOf);
    expect(bodies.flatMap((body) => body.variants.map(({ weightGrams }) => weightGrams))).toEqual(
      variants.map(({ weightGrams }) => weightGrams),
    );
    expect(bodies.filter(({ taxClass }) => taxClass === 'reduced').length).toBeGreaterThan(0);
  });

  test('features what it has', () => {
    const slugs = products.map(({ slug }) => slug);
    expect(featured.length).toBeGreaterThan(5);
    for (const slug of featured) expect(slugs).toContain(slug);
  });

  test('names nothing twice', () => {
    expect(isUnique(products.map((product) => product.slug))).toBe(true);
    expect(isUnique(products.map((product) => product.title))).toBe(true);
    expect(isUnique(products.map((product) => product.description))).toBe(true);
    expect(isUnique(variants.map((variant) => variant.sku))).toBe(true);
  });

  test.each(products)('$title is what the product service takes', (product) => {
    const validate = createAjv({ allErrors: true }).compile(NewProduct);
    expect(validate(bodyOf(product)) ? [] : validate.errors).toEqual([]);
    expect(slugOf(product.title)).toBe(product.slug);
  });

  test.each(products)('$title is described in two to four sentences', ({ description }) => {
    const sentences = description.split(/(?<=[a-z)]\.)\s+(?=[A-Z])/);
    expect(sentences.length).toBeGreaterThanOrEqual(2);
    expect(sentences.length).toBeLessThanOrEqual(4);
    expect(description).toMatch(/\.$/);
    expect(description).not.toMatch(/lorem|ipsum| {2}/i);
  });

  test('has some things sold out and some nearly, and enough of most', () => {
    const units = variants.map((variant) => variant.stock);
    expect(units.filter((stock) => stock === 0).length).toBeGreaterThanOrEqual(4);
    expect(units.filter((stock) => stock > 0 && stock <= 3).length).toBeGreaterThanOrEqual(4);
    expect(units.filter((stock) => stock >= 10).length).toBeGreaterThan(units.length / 2);
    expect(products.some((product) => product.variants.every(({ stock }) => stock === 0))).toBe(true);
  });

  test('gives the variants of a product different titles', () => {
    for (const product of products) {
      const titles = product.variants.map(({ title }) => title);
      expect(isUnique(titles), product.slug).toBe(true);
      if (titles.length > 1) expect(titles, product.slug).not.toContain('');
    }
  });

  test('is put on sale by turns, all of it', () => {
    const order = mixed(products);
    expect(new Set(order)).toEqual(new Set(products));
    expect(new Set(order.slice(0, 8).map((product) => product.categories[0])).size).toBe(8);
  });
});

describe('its pictures', () => {
  const pictures = products.flatMap(({ pictures }) => pictures);

  test('have names of their own, and say what is to be seen', () => {
    expect(pictures.map(({ file }) => file).sort()).toEqual(readdirSync(PICTURES_FOLDER).sort());
    expect(isUnique(pictures.map(({ file }) => file))).toBe(true);
    expect(isUnique(pictures.map(({ alt }) => alt))).toBe(true);
    for (const product of products) expect(product.pictures[0]?.file).toBe(`${product.slug}.svg`);
  });

  test.each(pictures)('$file is a whole SVG that runs and loads nothing', ({ file, alt }) => {
    const text = readFileSync(new URL(file, PICTURES_FOLDER), 'utf8');
    expect(unclosed(text)).toEqual([]);
    expect(text).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 800 800"/);
    expect(text).not.toMatch(/<(script|foreignObject|style|image|use|a|iframe)\b|\son\w+=|href|javascript:|@import/i);
    expect(text.match(/https?:/g)).toHaveLength(1);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
    expect(text).toContain(`<title>${alt}</title>`);
    const defined = new Set([...text.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]));
    for (const [, id] of text.matchAll(/url\(#([^)]+)\)/g)) expect(defined).toContain(id);
    expect(text.length).toBeLessThan(100_000);
  });

  test('are as many as there are colours to choose from', () => {
    const mug = products.find((product) => product.slug === 'speckled-stoneware-mug');
    expect(mug?.pictures.map(({ file }) => file)).toEqual([
      'speckled-stoneware-mug.svg',
      'speckled-stoneware-mug-ink.svg',
      'speckled-stoneware-mug-terracotta.svg',
      'speckled-stoneware-mug-oat.svg',
    ]);
  });
});

/** The elements that are not closed where they should be, and whatever is no element at all. */
function unclosed(text: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  const rest = text.replace(
    /<(\/?)([A-Za-z]+)((?:\s+[A-Za-z][\w:-]*="[^"<&]*")*)\s*(\/?)>/g,
    (_, close, name, _a, self) => {
      if (close && open.pop() !== name) wrong.push(name);
      if (!close && !self) open.push(name);
      return '';
    },
  );
  if (/[<>]|&(?!#\d+;)/.test(rest)) wrong.push(rest.slice(0, 200));
  return [...open, ...wrong];
}
