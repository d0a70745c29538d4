import type { ReactNode } from 'react';
import { Link, useRoute } from 'wouter';
import styles from './area.module.css';
import { LinkButton } from './button.tsx';
import { Page, PageHeading } from './page.tsx';
import { EmptyState } from './states.tsx';

/** The pages of one area of the site, beside or above the one that is shown. */
export function AreaNav({ label, links }: { label: string; links: readonly { href: string; text: string }[] }) {
  return (
    <nav className={styles.nav} aria-label={label}>
      <ul className={styles.links}>
        {links.map(({ href, text }, index) => (
          <li key={href}>
            <AreaLink href={href} whole={index === 0}>
              {text}
            </AreaLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The first link is that of the area itself, which all addresses begin with. */
function AreaLink({ href, whole, children }: { href: string; whole: boolean; children: string }) {
  const [current] = useRoute(whole ? href : `${href}/*?`);
  return (
    <Link href={href} className={styles.link} aria-current={current ? 'page' : undefined}>
      {children}
    </Link>
  );
}

/** Stands in the place of an area that is not for whoever looks at it. */
export function AreaClosed({
  name,
  lead,
  title,
  signIn,
  children,
}: {
  name: string;
  lead: string;
  /** Why it is closed. */
  title: string;
  /** What the way in is called. */
  signIn: string;
  children: ReactNode;
}) {
  return (
    <Page narrow>
      <PageHeading title={name} lead={lead} />
      <EmptyState
        title={title}
        action={
          <LinkButton kind="primary" href={`/sign-in?next=${encodeURIComponent(location.pathname)}`}>
            {signIn}
          </LinkButton>
        }
      >
        {children}
      </EmptyState>
    </Page>
  );
}

/** The matters of a page, one below the other. */
export const Stack = ({ children }: { children: ReactNode }) => <div className={styles.stack}>{children}</div>;

/** A main matter, and beside it, where there is room, what goes with it. */
export function Columns({ children, side }: { children: ReactNode; side: ReactNode }) {
  return (
    <div className={styles.columns}>
      {children}
      <div className={styles.stack}>{side}</div>
    </div>
  );
}

/** One matter of a page, with its heading. */
export function Panel({
  title,
  lead,
  actions,
  children,
}: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={styles.panel}>
      <header className={styles.head}>
        <div>
          <h2 className={styles.title}>{title}</h2>
          {lead && <p className={styles.lead}>{lead}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </section>
  );
}

/** A figure that matters, with what it is and what to make of it. */
export function Stat({
  label,
  value,
  children,
  tone = 'plain',
}: {
  label: string;
  value: ReactNode;
  children?: ReactNode;
  tone?: 'plain' | 'warn' | 'bad';
}) {
  return (
    <div className={`${styles.stat} ${styles[tone]}`}>
      <dt className={styles.statLabel}>{label}</dt>
      <dd className={styles.statValue}>{value}</dd>
      {children && <dd className={styles.statNote}>{children}</dd>}
    </div>
  );
}

export function Stats({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section aria-label={label}>
      <dl className={styles.stats}>{children}</dl>
    </section>
  );
}
