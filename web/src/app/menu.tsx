import { useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { hasDesk, isOperator } from '../api/permissions.ts';
import type { Account } from '../api/session.ts';
import { Button } from '../design/button.tsx';
import { MenuIcon } from '../design/icons.tsx';
import styles from './header.module.css';
import { ThemeSwitch } from './theme-switch.tsx';

/** What the header has no room for on a telephone. The browser opens and closes it, gives the focus back and hears Escape. */
export function Menu({ account }: { account: Account | null }) {
  const [path] = useLocation();
  const list = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it closes whenever one has gone on.
  useEffect(() => {
    list.current?.togglePopover(false);
  }, [path]);
  return (
    <div className={styles.forNarrow}>
      <Button kind="icon" aria-label="Menu" popoverTarget="menu">
        <MenuIcon />
      </Button>
      <nav id="menu" className={styles.menu} popover="auto" aria-label="Menu" ref={list}>
        <ul>
          {placesOf(account).map(({ href, text }) => (
            <li key={href}>
              <Link href={href} aria-current={path === href ? 'page' : undefined}>
                {text}
              </Link>
            </li>
          ))}
          <li>
            <ThemeSwitch inWords />
          </li>
        </ul>
      </nav>
    </div>
  );
}

function placesOf(account: Account | null): { href: string; text: string }[] {
  return [
    { href: '/search', text: 'Everything' },
    { href: '/orders', text: 'Your orders' },
    { href: '/account', text: 'Your account' },
    ...(hasDesk(account) ? [{ href: '/sell', text: 'Seller’s desk' }] : []),
    ...(isOperator(account) ? [{ href: '/control', text: 'Control room' }] : []),
  ];
}
