import type { ComponentType } from 'react';
import { Link, Redirect, Route, Switch, useRoute } from 'wouter';
import { LinkButton } from './button.tsx';
import styles from './layout.module.css';
import { Page, PageHeading } from './page.tsx';
import { EmptyState } from './page-states.tsx';

/** The links to the pages of one area of the site. */
function SectionNav({ label, links }: { label: string; links: readonly { href: string; text: string }[] }) {
  return (
    <nav className={styles.nav} aria-label={label}>
      <ul className={styles.links}>
        {links.map(({ href, text }) => (
          <li key={href}>
            <SectionLink href={href} whole={links.some((other) => other.href.startsWith(`${href}/`))}>
              {text}
            </SectionLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** A link to the area itself: all paths of the area begin with its path, so it is compared as a whole. */
function SectionLink({ href, whole, children }: { href: string; whole: boolean; children: string }) {
  const [current] = useRoute(whole ? href : `${href}/*?`);
  return (
    <Link href={href} className={styles.link} aria-current={current ? 'page' : undefined}>
      {children}
    </Link>
  );
}

/** The pages of an area that are open to the reader; another one is not found. */
export function openPages<T>(pages: Readonly<Record<string, T>>, isOpen: (path: string) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(pages).filter(([path]) => isOpen(path)));
}

/** An area of the site: its navigation, and below it the page that the URL names. Without a page of its own it leads to its first link. */
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
  const [first] = links;
  const root = `/${first?.href.split('/')[1] ?? ''}`;
  return (
    <Page>
      <SectionNav label={name} links={links} />
      <Switch>
        {Object.entries(pages).map(([path, component]) => (
          <Route key={path} path={path} component={component} />
        ))}
        {first && !(root in pages) && (
          <Route path={root}>
            <Redirect to={first.href} replace />
          </Route>
        )}
        <Route>
          <PageHeading title="Not found" />
          <EmptyState
            title={`${name}: page not found`}
            action={first && <LinkButton href={first.href}>{first.text}</LinkButton>}
          />
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
