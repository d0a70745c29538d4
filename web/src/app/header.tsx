import { Link, useRoute } from 'wouter';
import { useAccount } from '../api/session.ts';
import { Button } from '../design/button.tsx';
import { MoonIcon, SearchIcon, SunIcon } from '../design/icons.tsx';
import { SHOP_NAME } from '../design/page.tsx';
import { chooseTheme, useTheme } from '../design/theme.ts';
import { CartButton } from '../shop/cart/cart-button.tsx';
import styles from './header.module.css';

/** Offers what the reader may do; what they may not is for the API to refuse. */
export function Header() {
  const account = useAccount();
  const sells = account?.role === 'seller' || account?.role === 'admin';
  return (
    <header className={styles.header}>
      <div className={styles.bar}>
        <Link href="/" className={styles.brand}>
          {SHOP_NAME}
        </Link>
        <nav className={styles.nav} aria-label="Main">
          <Link href="/search" className={styles.search} aria-label="Search the shop">
            <SearchIcon />
            <span>Search the shop</span>
          </Link>
          {sells && (
            <NavLink href="/sell" wideOnly>
              Sell
            </NavLink>
          )}
          {account?.role === 'admin' && (
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
        <ThemeSwitch />
        <CartButton />
      </div>
    </header>
  );
}

/** On a telephone there is room for the most needed ones; the others are in the footer and the account. */
function NavLink({ href, wideOnly = false, children }: { href: string; wideOnly?: boolean; children: string }) {
  const [current] = useRoute(`${href}/*?`);
  return (
    <Link href={href} className={wideOnly ? styles.forWide : undefined} aria-current={current ? 'page' : undefined}>
      {children}
    </Link>
  );
}

const firstName = (name: string): string => name.trim().split(/\s+/)[0] ?? name;

/** From what is seen to its opposite; the opposite of what the system wants is remembered. */
function ThemeSwitch() {
  const theme = useTheme();
  const systemDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const dark = theme === 'system' ? systemDark : theme === 'dark';
  const next = dark ? 'light' : 'dark';
  const isSystems = (next === 'dark') === systemDark;
  return (
    <Button kind="icon" aria-label={`Show in ${next} colours`} onClick={() => chooseTheme(isSystems ? 'system' : next)}>
      {dark ? <SunIcon /> : <MoonIcon />}
    </Button>
  );
}
