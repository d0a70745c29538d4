import { Link } from 'wouter';
import { hasDesk, isOperator } from '../api/permissions.ts';
import { useAccount } from '../api/session.ts';
import styles from './shell.module.css';

export function Footer() {
  const account = useAccount();
  return (
    <footer className={styles.footer}>
      <div className={styles.footerInner}>
        <nav aria-label="More">
          <ul className={styles.footerLinks}>
            <li>
              <Link href="/search">Everything</Link>
            </li>
            <li>
              <Link href="/orders">Your orders</Link>
            </li>
            {hasDesk(account) && (
              <li>
                <Link href="/sell">Seller’s desk</Link>
              </li>
            )}
            {isOperator(account) && (
              <li>
                <Link href="/control">Control room</Link>
              </li>
            )}
            <li>
              <a href="/docs">API</a>
            </li>
          </ul>
        </nav>
        <p>A demonstration: nothing is charged, and nothing is sent.</p>
      </div>
    </footer>
  );
}
