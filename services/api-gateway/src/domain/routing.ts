/** The services behind the gateway. */
export const upstreamNames = ['auth', 'product', 'order', 'notification'] as const;
export type UpstreamName = (typeof upstreamNames)[number];

export type Route = {
  upstream: UpstreamName;
  /** What the audit trail and the metrics call it. */
  prefix: string;
  /** Bodies may be of any size: they are streamed on (imports). */
  unlimitedBody: boolean;
  /** For operators: not part of what the shop does. */
  forOperators: boolean;
  /** The service may allow that answers to anonymous reads are kept for a moment. */
  cacheable: boolean;
};

/** A prefix matches itself and everything below it; one with a `/` at its end only what is below. */
const prefixes: readonly (readonly [prefix: string, upstream: UpstreamName])[] = [
  ['/api/v1/products', 'product'],
  ['/api/v1/orders', 'order'],
  ['/api/v1/carts', 'order'],
  ['/api/v1/addresses', 'order'],
  ['/api/v1/quotes', 'order'],
  ['/api/v1/shop', 'order'],
  ['/api/v1/payments/', 'order'],
  ['/api/v1/categories', 'product'],
  ['/api/v1/stock', 'product'],
  ['/api/v1/auth/', 'auth'],
  ['/api/v1/admin/auth/', 'auth'],
  ['/api/v1/admin/product/', 'product'],
  ['/api/v1/admin/order/', 'order'],
  ['/api/v1/admin/notification/', 'notification'],
  ['/api/v1/mail/', 'notification'],
  // Of a local run: the mails that it wrote.
  ['/mail', 'notification'],
];

const routes = prefixes.map(
  ([prefix, upstream]): Route => ({
    prefix,
    upstream,
    unlimitedBody: false,
    forOperators: prefix.startsWith('/api/v1/admin/'),
    cacheable: prefix === '/api/v1/products' || prefix === '/api/v1/categories',
  }),
);

const importPath = '/api/v1/products/imports';
const importRoute: Route = {
  prefix: importPath,
  upstream: 'product',
  unlimitedBody: true,
  forOperators: false,
  cacheable: false,
};

/** The patterns under which a router has to know the paths that `findRoute` finds. */
export function proxiedPaths(): string[] {
  return prefixes.flatMap(([prefix]) => (prefix.endsWith('/') ? [`${prefix}*`] : [prefix, `${prefix}/*`]));
}

/** The path of a request target. */
export function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query === -1 ? target : target.slice(0, query);
}

/** The route of a path in its normal form; undefined when no service has it. Case matters, and nothing is decoded here. */
export function findRoute(path: string): Route | undefined {
  for (const route of routes) {
    const { prefix } = route;
    if (!path.startsWith(prefix)) continue;
    const exact = path.length === prefix.length;
    if (!prefix.endsWith('/') && !exact && path.charCodeAt(prefix.length) !== 47) continue;
    if (exact && prefix.endsWith('/')) continue;
    return isImport(path) ? importRoute : route;
  }
  return undefined;
}

function isImport(path: string): boolean {
  return (
    path.startsWith(importPath) && (path.length === importPath.length || path.charCodeAt(importPath.length) === 47)
  );
}

/** Does this request target ask for what matches a text? */
export const isSearch = (target: string): boolean => target.includes('?q=') || target.includes('&q=');

const signInPath =
  /^\/api\/v1\/auth\/(?:sign-in|sign-up|forget-password|request-password-reset|reset-password|two-factor|invitations)(?:\/|$)/;

/** Is it one of the paths on which credentials can be guessed, or accounts made in bulk? */
export function isSignIn(path: string): boolean {
  return signInPath.test(path);
}
