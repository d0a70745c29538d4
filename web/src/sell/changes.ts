import type { operations } from '@tradepost/client/schema';
import { api, type ResponseOf, unwrap } from '../api/client.ts';
import { isTransient } from '../api/problem.ts';
import type { Product } from './queries.ts';

type BodyOf<Name extends keyof operations> = operations[Name] extends {
  requestBody: { content: { 'application/json': infer Body } };
}
  ? Body
  : never;

export type NewProduct = BodyOf<'createProduct'>;
export type ProductChange = BodyOf<'updateProduct'>;
export type NewFulfilment = BodyOf<'fulfilOrder'>;
export type NewRefund = BodyOf<'refundOrder'>;
export type NewReturn = BodyOf<'returnGoods'>;

/** A new idempotency key: made for each change, not for each attempt, so that a change that is sent twice is made once. */
export const newKey = (): string => crypto.randomUUID();

/**
 * Whether the server refused the request, so that the next one needs a new key. Without an answer the first request may have
 * taken effect: the next one keeps the key, so that the server does not do it twice.
 */
export const isRefused = (error: unknown): boolean => error !== null && !isTransient(error);

const once = (key: string) => ({ 'Idempotency-Key': key });

export const createProduct = ({ body, key }: { body: NewProduct; key: string }): Promise<Product> =>
  unwrap(api.POST('/api/v1/products', { params: { header: once(key) }, body }));

/** Throws `version_conflict` when it is no longer the version that was read. */
export const updateProduct = (product: Pick<Product, 'id' | 'version'>, body: ProductChange): Promise<Product> =>
  unwrap(
    api.PATCH('/api/v1/products/{id}', {
      params: { path: { id: product.id }, header: { 'If-Match': `"${product.version}"` } },
      body,
    }),
  );

export const adjustStock = (
  sku: string,
  body: BodyOf<'adjustStock'>,
  key: string,
): Promise<ResponseOf<'adjustStock'>> =>
  unwrap(api.POST('/api/v1/stock/{sku}/adjustments', { params: { path: { sku }, header: once(key) }, body }));

const onceInOrder = (key: string) => ({ 'idempotency-key': key });

export const fulfilOrder = (id: string, body: NewFulfilment, key: string): Promise<ResponseOf<'fulfilOrder'>> =>
  unwrap(api.POST('/api/v1/orders/{id}/fulfilments', { params: { path: { id }, header: onceInOrder(key) }, body }));

export const deliverOrder = (id: string): Promise<ResponseOf<'deliverOrder'>> =>
  unwrap(api.POST('/api/v1/orders/{id}/deliver', { params: { path: { id } } }));

export const refundOrder = (id: string, body: NewRefund, key: string): Promise<ResponseOf<'refundOrder'>> =>
  unwrap(api.POST('/api/v1/orders/{id}/refunds', { params: { path: { id }, header: onceInOrder(key) }, body }));

export const returnGoods = (id: string, body: NewReturn, key: string): Promise<ResponseOf<'returnGoods'>> =>
  unwrap(api.POST('/api/v1/orders/{id}/returns', { params: { path: { id }, header: onceInOrder(key) }, body }));
