import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { PageName } from './pages.ts';

type LazyPage = LazyExoticComponent<ComponentType> & { preload: () => Promise<unknown> };

/** The page of each address, whose code is loaded when it is first needed. */
export const routes: Record<PageName, LazyPage> = {
  home: page(() => import('../shop/home/home-page.tsx').then((m) => m.HomePage)),
  signIn: page(() => import('../account/sign-in-page.tsx').then((m) => m.SignInPage)),
  sell: page(() => import('../sell/sell-pages.tsx').then((m) => m.SellPages)),
  control: page(() => import('../control/control-pages.tsx').then((m) => m.ControlPages)),
};

function page(load: () => Promise<ComponentType>): LazyPage {
  return Object.assign(
    lazy(async () => ({ default: await load() })),
    { preload: load },
  );
}
