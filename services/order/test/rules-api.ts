import type { Answer, Shop } from './shop.ts';

/** The pricing rules as an operator reads and writes them. */
export type RulesApi = {
  get(path: string): Promise<Answer>;
  put(path: string, body: unknown, etag?: string): Promise<Answer>;
  remove(path: string): Promise<Answer>;
  /** Deletes all rules but the settings. */
  empty(): Promise<unknown>;
};

export const at = (path: string) => `/api/v1/admin/order/${path}`;

export async function openRulesApi(shop: Shop): Promise<RulesApi> {
  const admin = await shop.someone('admin');
  const text = 'truncate tax_rate, shipping_zone, shipping_method, promotion, promotion_use';
  return {
    get: (path) => admin.call('GET', at(path)),
    put: (path, body, etag) => admin.call('PUT', at(path), body, etag === undefined ? {} : { 'if-match': etag }),
    remove: (path) => admin.call('DELETE', at(path)),
    empty: () => shop.pool.query({ text }),
  };
}

export const fieldOf = ({ field }: { field: string }) => field;

/** What a refusal says: its status, its code and the fields. */
export const problem = ({ status, body }: Answer) => [status, body.code, ...(body.errors ?? []).map(fieldOf)];
