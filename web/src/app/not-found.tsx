import { LinkButton } from '../design/button.tsx';
import { Page, useDocumentTitle } from '../design/page.tsx';
import styles from './not-found.module.css';

export function NotFound() {
  useDocumentTitle('Not found');
  return (
    <Page>
      <div className={styles.page}>
        <p className={styles.number} aria-hidden="true">
          404
        </p>
        <h1>There is nothing at this address</h1>
        <p>It may have moved, or been mistyped. What we have is easily found again:</p>
        <div className={styles.links}>
          <LinkButton kind="primary" href="/">
            To the shop
          </LinkButton>
          <LinkButton href="/search">Search</LinkButton>
        </div>
      </div>
    </Page>
  );
}
