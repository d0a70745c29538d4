import type { ComponentType } from 'react';
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
