/**
 * The addresses of the shop, and the file of each one's page. The build reads this too: the gateway then answers these
 * addresses with the shop, all others with 404, and names the files of a page in its HTML. Add the page to routes.ts as well.
 */
export const pages = {
  home: { path: '/', file: 'shop/home/home-page.tsx' },
  signIn: { path: '/sign-in', file: 'account/sign-in-page.tsx' },
  sell: { path: '/sell/*?', file: 'sell/sell-pages.tsx' },
  control: { path: '/control/*?', file: 'control/control-pages.tsx' },
} as const;

export type PageName = keyof typeof pages;
