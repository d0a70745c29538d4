import type { ReactNode } from 'react';
import { Link, useLocation, useRoute } from 'wouter';
import { hasDesk, isOperator } from '../api/permissions.ts';
import { useAccount } from '../api/session.ts';
import { SearchIcon } from '../design/icons.tsx';
import { SHOP_NAME } from '../design/page.tsx';
import { useMedia } from '../design/use-media.ts';
import { CartButton } from '../shop/cart/cart-button.tsx';
import { SearchField } from '../shop/search/search-field.tsx';
import styles from './header.module.css';
import { Menu } from './menu.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

/** As in `header.module.css`. */
const WIDE = '(min-width: 48rem)';

/** Where one looks for things: there a telephone has the field, too, below the bar. */
const isShopping = (path: string): boolean => path === '/' || /^\/(categories|products)\//.test(path);

/** Offers what the reader may do; what they may not is for the API to refuse. */
export function Header() {
  const isWide = useMedia(WIDE);
  const [path] = useLocation();
  // That page has a field of its own.
  const canSearch = path !== '/search';
  return (
    <>
      <Bar>{isWide && canSearch && <SearchField />}</Bar>
      {!isWide && isShopping(path) && (
        <div className={styles.findBelow}>
          <SearchField />
        </div>
      )}
    </>
  );
}

function Bar({ children }: { children: ReactNode }) {
  const account = useAccount();
  return (
    <header className={styles.header}>
      <div className={styles.bar}>
        <Link href="/" className={styles.brand}>
          {SHOP_NAME}
        </Link>
        <div className={`${styles.find} ${styles.forWide}`}>{children}</div>
        <nav className={styles.nav} aria-label="Main">
          <Link href="/search" className={styles.forNarrow} aria-label="Search the shop">
            <SearchIcon />
          </Link>
          {hasDesk(account) && (
            <NavLink href="/sell" wideOnly>
              Sell
            </NavLink>
          )}
          {isOperator(account) && (
            <NavLink href="/control" wideOnly>
              Control
            </NavLink>
          )}
          {account ? (
            <NavLink href="/account">{firstName(account.name)}</NavLink>
          ) : (
            <NavLink href="/sign-in">Sign in</NavLink>
          )}
        </nav>
        <div className={styles.forWide}>
          <ThemeSwitch />
        </div>
        <CartButton />
        <Menu account={account} />
      </div>
    </header>
  );
}

/** On a telephone there is room for the most needed ones; the others are in the menu. */
function NavLink({ href, wideOnly = false, children }: { href: string; wideOnly?: boolean; children: string }) {
  const [current] = useRoute(`${href}/*?`);
  return (
    <Link href={href} className={wideOnly ? styles.forWide : undefined} aria-current={current ? 'page' : undefined}>
      <span className={styles.label} dir="auto">
        {children}
      </span>
    </Link>
  );
}

const firstName = (name: string): string => name.trim().split(/\s+/)[0] ?? name;
