import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newProduct } from './change.ts';
import { composeProduct, renderSummary } from './summary.ts';

const text = fc.string({ unit: 'binary', maxLength: 60 });

describe('a stored summary', () => {
  // Long: one product written out in full
  it('returns every text unchanged, with what is available of each variant', () => {
    const input = fc.record({
      title: text,
      description: text,
      digital: fc.boolean(),
      variants: fc.array(
        fc.record({
          ...{ title: text, amount: fc.nat(), units: fc.nat({ max: 1e9 }), archived: fc.boolean() },
          grams: fc.option(fc.nat({ max: 1e6 })),
        }),
        { minLength: 1, maxLength: 5 },
      ),
    });
    fc.assert(
      fc.property(input, ({ title, description, digital, variants }) => {
        const { product } = newProduct(
          {
            ...{ title, description, digital, taxClass: 'reduced' },
            variants: variants.map((variant, n) => ({
              sku: `S${n}`,
              title: variant.title,
              price: { amount: variant.amount, currency: 'EUR' },
              ...(variant.grams !== null && { weightGrams: variant.grams }),
            })),
          },
          { id: 'id', slug: 'slug', sellerId: 'seller', now: new Date(0) },
        );
        const mixed = {
          ...product,
          variants: product.variants.map((variant, n) => ({
            ...variant,
            status: variants[n]?.archived ? ('archived' as const) : ('active' as const),
          })),
        };
        const available = `{${variants.map(({ units }) => units).join(',')}}`;
        const whole = JSON.parse(composeProduct(renderSummary(mixed), available, { description, withArchived: true }));
        expect(whole).toMatchObject({ title: mixed.title, description, digital, taxClass: 'reduced' });
        expect(whole.variants).toEqual(
          mixed.variants.map(({ position: _, amount, weightGrams, ...variant }, n) => ({
            ...variant,
            ...(weightGrams !== null && { weightGrams }),
            price: { amount, currency: 'EUR' },
            available: variants[n]?.units,
          })),
        );
        const shown = JSON.parse(composeProduct(renderSummary(mixed), available));
        expect(shown).not.toHaveProperty('description');
        expect(shown.variants).toEqual(
          whole.variants.filter((variant: { status: string }) => variant.status === 'active'),
        );
        expect(shown.inStock).toBe(shown.variants.some((variant: { available: number }) => variant.available > 0));
      }),
    );
  });

  it('that was stored before there were tax classes is read with the defaults', () => {
    const media = '"media":[{"url":"/media/a.svg","alt":"\\"digital\\":true"}]';
    const summary = `{"id":"id",${media}\u001fa{"sku":"A","attributes":{"digital":"true"}`;
    expect(JSON.parse(composeProduct(summary, '{2}'))).toEqual({
      id: 'id',
      media: [{ url: '/media/a.svg', alt: '"digital":true' }],
      ...{ taxClass: 'standard', digital: false, inStock: true },
      variants: [{ sku: 'A', attributes: { digital: 'true' }, available: 2 }],
    });
  });
});
