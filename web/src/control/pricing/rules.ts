import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { operations } from '@tradepost/client/schema';
import { api, type ResponseOf, unwrap } from '../../api/client.ts';

export type PricingSettings = ResponseOf<'getPricingSettings'>;
export type ShopSettings = ResponseOf<'getShopSettings'>;
export type TaxRate = ResponseOf<'listTaxRates'>['items'][number];
export type ShippingZone = ResponseOf<'listShippingZones'>['items'][number];
export type ShippingMethod = ResponseOf<'listShippingMethods'>['items'][number];
export type Promotion = ResponseOf<'listPromotions'>['items'][number];

/** The body that an operation takes. */
export type BodyOf<Name extends keyof operations> = operations[Name] extends {
  requestBody: { content: { 'application/json': infer Body } };
}
  ? Body
  : never;

const fresh = { staleTime: 0, retry: false as const };
/** A form begins with what is stored, never with what an earlier visit has left in the cache: its version would be an old one. */
const forForm = { ...fresh, gcTime: 0 };

/** Everything of the pages below /control/pricing. */
export const PRICING_KEY = ['control', 'pricing'];

export const settingsQuery = queryOptions({
  queryKey: [...PRICING_KEY, 'settings'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/admin/order/pricing-settings', { signal })),
  ...forForm,
});

export const shopSettingsQuery = queryOptions({
  queryKey: [...PRICING_KEY, 'shop'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/admin/order/shop-settings', { signal })),
  ...forForm,
});

export const taxRatesQuery = queryOptions({
  queryKey: [...PRICING_KEY, 'tax-rates'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/admin/order/tax-rates', { signal })),
  ...fresh,
});

export const zonesQuery = queryOptions({
  queryKey: [...PRICING_KEY, 'zones'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/admin/order/shipping-zones', { signal })),
  ...fresh,
});

export const methodsQuery = queryOptions({
  queryKey: [...PRICING_KEY, 'methods'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/admin/order/shipping-methods', { signal })),
  ...fresh,
});

export const promotionStates = ['active', 'ended', 'all'] as const;
export type PromotionFilter = { q?: string; state: (typeof promotionStates)[number] };

export const promotionsQuery = (filter: PromotionFilter) =>
  infiniteQueryOptions({
    queryKey: [...PRICING_KEY, 'promotions', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filter, limit: 24, ...(pageParam !== undefined && { cursor: pageParam }) };
      return unwrap(api.GET('/api/v1/admin/order/promotions', { params: { query }, signal }));
    },
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    ...fresh,
  });

/** A rule that is to be saved: with the version that was read, or none for a new one. */
export type RuleRef = { id: string; version?: number };

/** A request about one rule. A new one has no version, so that it never replaces another. */
const paramsOf = ({ id, version }: RuleRef) => ({
  path: { id },
  header: { ...(version !== undefined && { 'If-Match': `"${version}"` }) },
});

export const saveSettings = (version: number, body: BodyOf<'replacePricingSettings'>) =>
  unwrap(api.PUT('/api/v1/admin/order/pricing-settings', { params: { header: { 'If-Match': `"${version}"` } }, body }));

export const saveShopSettings = (version: number, body: BodyOf<'replaceShopSettings'>) =>
  unwrap(api.PUT('/api/v1/admin/order/shop-settings', { params: { header: { 'If-Match': `"${version}"` } }, body }));

export const saveTaxRate = (rule: RuleRef, body: BodyOf<'saveTaxRate'>) =>
  unwrap(api.PUT('/api/v1/admin/order/tax-rates/{id}', { params: paramsOf(rule), body }));

export const saveZone = (rule: RuleRef, body: BodyOf<'saveShippingZone'>) =>
  unwrap(api.PUT('/api/v1/admin/order/shipping-zones/{id}', { params: paramsOf(rule), body }));

export const saveMethod = (rule: RuleRef, body: BodyOf<'saveShippingMethod'>) =>
  unwrap(api.PUT('/api/v1/admin/order/shipping-methods/{id}', { params: paramsOf(rule), body }));

export const savePromotion = (rule: RuleRef, body: BodyOf<'savePromotion'>) =>
  unwrap(api.PUT('/api/v1/admin/order/promotions/{id}', { params: paramsOf(rule), body }));

export const deleteTaxRate = (id: string): Promise<unknown> =>
  unwrap(api.DELETE('/api/v1/admin/order/tax-rates/{id}', { params: { path: { id } } }));

export const deleteZone = (id: string): Promise<unknown> =>
  unwrap(api.DELETE('/api/v1/admin/order/shipping-zones/{id}', { params: { path: { id } } }));

export const deleteMethod = (id: string): Promise<unknown> =>
  unwrap(api.DELETE('/api/v1/admin/order/shipping-methods/{id}', { params: { path: { id } } }));

export const deletePromotion = (id: string): Promise<unknown> =>
  unwrap(api.DELETE('/api/v1/admin/order/promotions/{id}', { params: { path: { id } } }));

/** The id of a product by its address in the shop, its slug or its id. */
export async function findProductId(text: string): Promise<string> {
  const idOrSlug =
    text
      .replace(/[?#].*$/, '')
      .split('/')
      .filter(Boolean)
      .at(-1) ?? text;
  return (await unwrap(api.GET('/api/v1/products/{idOrSlug}', { params: { path: { idOrSlug } } }))).id;
}
