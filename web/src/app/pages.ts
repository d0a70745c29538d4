/**
 * The addresses of the shop, and the file of each one's page. The build reads this too: the gateway then answers these
 * addresses with the shop, all others with 404, and names the files of a page in its HTML. Add the page to routes.ts as well.
 */
export const pages = {
  home: { path: '/', file: 'shop/home/home-page.tsx' },
  search: { path: '/search', file: 'shop/listing/search-page.tsx' },
  category: { path: '/categories/:slug', file: 'shop/listing/category-page.tsx' },
  product: { path: '/products/:slug', file: 'shop/product/product-page.tsx' },
  cart: { path: '/cart', file: 'shop/cart/cart-page.tsx' },
  checkout: { path: '/checkout', file: 'shop/checkout/checkout-page.tsx' },
  orders: { path: '/orders', file: 'shop/orders/orders-page.tsx' },
  order: { path: '/orders/:id', file: 'shop/orders/order-page.tsx' },
  signIn: { path: '/sign-in', file: 'account/sign-in-page.tsx' },
  signUp: { path: '/sign-up', file: 'account/sign-up-page.tsx' },
  account: { path: '/account', file: 'account/account-page.tsx' },
  sell: { path: '/sell/*?', file: 'sell/sell-pages.tsx' },
  control: { path: '/control/*?', file: 'control/control-pages.tsx' },
} as const;

export type PageName = keyof typeof pages;
