type PageEntry = {
  path: string;
  /** The file of the page, below src/. */
  file: string;
  /** What the HTML says that it is, until the page does; a page of one product or category is titled by what it shows. */
  title?: string;
  /** It is for search engines too. */
  indexed?: true;
  /** What it asks of the API first, as `api/catalogue.ts` writes it: the answers come along with the HTML. */
  data?: readonly string[];
};

/**
 * The addresses of the shop, and the file of each one's page. The build reads this too: the gateway then answers these
 * addresses with the shop, all others with 404, and puts what a page needs first into its HTML. Add the page to routes.ts
 * as well.
 */
export const pages = {
  home: {
    path: '/',
    file: 'shop/home/home-page.tsx',
    indexed: true,
    data: ['/api/v1/products?featured=true&limit=11', '/api/v1/categories?navigation=true'],
  },
  search: {
    path: '/search',
    file: 'shop/listing/search-page.tsx',
    title: 'Search',
    data: ['/api/v1/categories?navigation=true'],
  },
  category: {
    path: '/categories/:slug',
    file: 'shop/listing/category-page.tsx',
    indexed: true,
    data: ['/api/v1/products?category=:slug&facets=true&limit=12', '/api/v1/categories?navigation=true'],
  },
  product: {
    path: '/products/:slug',
    file: 'shop/product/product-page.tsx',
    indexed: true,
    data: ['/api/v1/products/:slug'],
  },
  cart: { path: '/cart', file: 'shop/cart/cart-page.tsx', title: 'Your cart' },
  checkout: { path: '/checkout', file: 'shop/checkout/checkout-page.tsx', title: 'Checkout' },
  orders: { path: '/orders', file: 'shop/orders/orders-page.tsx', title: 'Your orders' },
  order: { path: '/orders/:id', file: 'shop/orders/order-page.tsx', title: 'Your order' },
  invoice: { path: '/orders/:id/invoices/:number', file: 'shop/invoices/invoice-page.tsx', title: 'Invoice' },
  sandboxBank: {
    path: '/sandbox/payments/:challenge',
    file: 'shop/payments/sandbox-bank-page.tsx',
    title: 'Test bank',
  },
  signIn: { path: '/sign-in', file: 'account/sign-in-page.tsx', title: 'Sign in' },
  signInProvider: { path: '/sign-in/provider', file: 'account/provider-page.tsx', title: 'Sign in' },
  signUp: { path: '/sign-up', file: 'account/sign-up-page.tsx', title: 'Create an account' },
  forgotPassword: { path: '/forgot-password', file: 'account/forgot-password-page.tsx', title: 'Forgot password' },
  resetPassword: { path: '/reset-password', file: 'account/reset-password-page.tsx', title: 'Set a new password' },
  verifyEmail: { path: '/verify-email', file: 'account/email-link-pages.tsx', title: 'Verify your address' },
  confirmEmail: { path: '/confirm-email', file: 'account/email-link-pages.tsx', title: 'Confirm your new address' },
  acceptInvitation: {
    path: '/invitations/accept',
    file: 'account/accept-invitation-page.tsx',
    title: 'Invitation',
  },
  account: { path: '/account', file: 'account/account-page.tsx', title: 'Your account' },
  unsubscribe: { path: '/unsubscribe', file: 'account/mails/unsubscribe-page.tsx', title: 'Unsubscribe' },
  mailSettings: { path: '/account/mails', file: 'account/mails/mail-settings-page.tsx', title: 'Mail settings' },
  addresses: { path: '/account/addresses', file: 'shop/addresses/addresses-page.tsx', title: 'Your addresses' },
  sell: { path: '/sell/*?', file: 'sell/sell-pages.tsx', title: 'Sell' },
  control: { path: '/control/*?', file: 'control/control-pages.tsx', title: 'Control room' },
} as const satisfies Record<string, PageEntry>;

export type PageName = keyof typeof pages;

/** The table, as the build reads it. */
export const pageEntries: readonly PageEntry[] = Object.values(pages);
