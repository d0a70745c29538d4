import type { ComponentType, ReactNode } from 'react';
import { Link, Route, Switch, useRoute } from 'wouter';
import { LinkButton } from './button.tsx';
import styles from './layout.module.css';
import { Page, PageHeading } from './page.tsx';
import { EmptyState } from './page-states.tsx';

/** The links to the pages of one area of the site. */
function SectionNav({ label, links }: { label: string; links: readonly { href: string; text: string }[] }) {
  return (
    <nav className={styles.nav} aria-label={label}>
      <ul className={styles.links}>
        {links.map(({ href, text }, index) => (
          <li key={href}>
            <SectionLink href={href} whole={index === 0}>
              {text}
            </SectionLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The first link leads to the area itself: all paths of the area begin with its path, so it is compared as a whole. */
function SectionLink({ href, whole, children }: { href: string; whole: boolean; children: string }) {
  const [current] = useRoute(whole ? href : `${href}/*?`);
  return (
    <Link href={href} className={styles.link} aria-current={current ? 'page' : undefined}>
      {children}
    </Link>
  );
}

/** An area of the site: its navigation, and below it the page that the URL names. */
export function SectionLayout({
  name,
  links,
  pages,
  closed,
}: {
  name: string;
  links: readonly { href: string; text: string }[];
  /** By their paths, in wouter's notation. */
  pages: Readonly<Record<string, ComponentType>>;
  /** Why it is closed to the reader, if it is. */
  closed: Closed | undefined;
}) {
  if (closed) return <SectionClosed {...closed} />;
  return (
    <Page>
      <SectionNav label={name} links={links} />
      <Switch>
        {Object.entries(pages).map(([path, component]) => (
          <Route key={path} path={path} component={component} />
        ))}
        <Route>
          <PageHeading title="Not found" />
          <EmptyState title={`${name}: page not found`} />
        </Route>
      </Switch>
    </Page>
  );
}

type Closed = {
  /** The name of the area, and what it is for. */
  heading: string;
  lead: string;
  title: string;
  text: string;
  /** The text of the link to the sign-in page. */
  signIn: string;
};

/** Shown instead of the area to those who may not use it. */
function SectionClosed({ heading, lead, title, text, signIn }: Closed) {
  return (
    <Page narrow>
      <PageHeading title={heading} lead={lead} />
      <EmptyState
        title={title}
        action={
          <LinkButton kind="primary" href={`/sign-in?next=${encodeURIComponent(location.pathname)}`}>
            {signIn}
          </LinkButton>
        }
      >
        {text}
      </EmptyState>
    </Page>
  );
}

/** The sections of a page, one below the other. */
export const Stack = ({ children }: { children: ReactNode }) => <div className={styles.stack}>{children}</div>;

/** A main column, and a side column beside it where there is room. */
export function Columns({ children, side }: { children: ReactNode; side: ReactNode }) {
  return (
    <div className={styles.columns}>
      {children}
      <div className={styles.stack}>{side}</div>
    </div>
  );
}

/** A section of a page, with its heading. */
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

/** A figure with its label and a note. */
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
