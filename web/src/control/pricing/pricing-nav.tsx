import { Link, useLocation } from 'wouter';
import { useMay } from '../../api/permissions.ts';
import styles from './pricing.module.css';

const links = [
  { href: '/control/pricing', text: 'Shipping' },
  { href: '/control/pricing/taxes', text: 'Taxes' },
  { href: '/control/pricing/promotions', text: 'Promotions' },
  { href: '/control/pricing/shop', text: 'Shop' },
];

/** The links between the pages of pricing. */
export function PricingNav() {
  const [path] = useLocation();
  const may = useMay();
  const open = links.filter(({ href }) => may(href.endsWith('/promotions') ? 'promotions:read' : 'settings:read'));
  return (
    <nav aria-label="Pricing">
      <ul className={styles.nav}>
        {open.map(({ href, text }) => (
          <li key={href}>
            <Link href={href} className={styles.link} aria-current={path === href ? 'page' : undefined}>
              {text}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
