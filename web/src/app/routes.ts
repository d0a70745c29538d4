import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { loadCode } from '../design/load-code.ts';
import { type PageName, pages } from './pages.ts';

type LazyPage = LazyExoticComponent<ComponentType> & { preload: () => Promise<unknown> };

/** The page of each address, whose code is loaded when it is first needed. */
export const routes: Record<PageName, LazyPage> = {
  home: page(() => import('../shop/home/home-page.tsx').then((m) => m.HomePage)),
  search: page(() => import('../shop/listing/search-page.tsx').then((m) => m.SearchPage)),
  category: page(() => import('../shop/listing/category-page.tsx').then((m) => m.CategoryPage)),
  product: page(() => import('../shop/product/product-page.tsx').then((m) => m.ProductPage)),
  cart: page(() => import('../shop/cart/cart-page.tsx').then((m) => m.CartPage)),
  checkout: page(() => import('../shop/checkout/checkout-page.tsx').then((m) => m.CheckoutPage)),
  orders: page(() => import('../shop/orders/orders-page.tsx').then((m) => m.OrdersPage)),
  order: page(() => import('../shop/orders/order-page.tsx').then((m) => m.OrderPage)),
  invoice: page(() => import('../shop/invoices/invoice-page.tsx').then((m) => m.InvoicePage)),
  sandboxBank: page(() => import('../shop/payments/sandbox-bank-page.tsx').then((m) => m.SandboxBankPage)),
  signIn: page(() => import('../account/sign-in-page.tsx').then((m) => m.SignInPage)),
  signInProvider: page(() => import('../account/provider-page.tsx').then((m) => m.ProviderPage)),
  signUp: page(() => import('../account/sign-up-page.tsx').then((m) => m.SignUpPage)),
  forgotPassword: page(() => import('../account/forgot-password-page.tsx').then((m) => m.ForgotPasswordPage)),
  resetPassword: page(() => import('../account/reset-password-page.tsx').then((m) => m.ResetPasswordPage)),
  verifyEmail: page(() => import('../account/email-link-pages.tsx').then((m) => m.VerifyEmailPage)),
  confirmEmail: page(() => import('../account/email-link-pages.tsx').then((m) => m.ConfirmEmailPage)),
  acceptInvitation: page(() => import('../account/accept-invitation-page.tsx').then((m) => m.AcceptInvitationPage)),
  account: page(() => import('../account/account-page.tsx').then((m) => m.AccountPage)),
  unsubscribe: page(() => import('../account/mails/unsubscribe-page.tsx').then((m) => m.UnsubscribePage)),
  mailSettings: page(() => import('../account/mails/mail-settings-page.tsx').then((m) => m.MailSettingsPage)),
  addresses: page(() => import('../shop/addresses/addresses-page.tsx').then((m) => m.AddressesPage)),
  sell: page(() => import('../sell/sell-pages.tsx').then((m) => m.SellPages)),
  control: page(() => import('../control/control-pages.tsx').then((m) => m.ControlPages)),
};

function page(load: () => Promise<ComponentType>): LazyPage {
  return Object.assign(
    lazy(async () => ({ default: await loadCode(load) })),
    { preload: load },
  );
}

/** Fetches the code of the page at an address, so that it can be shown without a pause. */
export async function preloadPage(pathname: string): Promise<void> {
  const name = pageAt(pathname);
  // Without it the page itself says what is wrong.
  if (name) await routes[name].preload().catch(() => undefined);
}

function pageAt(pathname: string): PageName | undefined {
  const segments = pathname.split('/').filter(Boolean);
  // as: Object.keys knows no more than that they are strings.
  return (Object.keys(pages) as PageName[]).find((name) => {
    const pattern = pages[name].path.split('/').filter(Boolean);
    const isOpen = pattern.at(-1) === '*?';
    const fixed = isOpen ? pattern.slice(0, -1) : pattern;
    const fits = fixed.every((part, index) => (part.startsWith(':') ? segments[index] : part === segments[index]));
    return fits && (isOpen || segments.length === fixed.length);
  });
}
