import { Link, useLocation } from 'wouter';
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
  return (
    <nav aria-label="Pricing">
      <ul className={styles.nav}>
        {links.map(({ href, text }) => (
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
