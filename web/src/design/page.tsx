import { type ReactNode, useEffect } from 'react';
import styles from './page.module.css';

export const SHOP_NAME = 'Tradepost';
const descriptionTag = () => document.querySelector<HTMLMetaElement>('meta[name="description"]');

/** Titles the document while the caller is shown. Without a title it is the shop's name alone. */
export function useDocumentTitle(title: string | undefined, description?: string): void {
  useEffect(() => {
    document.title = title ? `${title} · ${SHOP_NAME}` : SHOP_NAME;
  }, [title]);
  useEffect(() => {
    const tag = descriptionTag();
    if (!tag || description === undefined) return;
    const before = tag.content;
    tag.content = description;
    return () => {
      tag.content = before;
    };
  }, [description]);
}

/** The space of a page between header and footer. */
export function Page({ narrow = false, children }: { narrow?: boolean; children: ReactNode }) {
  return <div className={`${styles.page} ${narrow ? styles.narrow : ''}`}>{children}</div>;
}

/** The one `h1` of a page. It titles the document as well. */
export function PageHeading({
  title,
  lead,
  description,
  actions,
}: {
  title: string;
  lead?: ReactNode;
  /** For search engines. */
  description?: string;
  actions?: ReactNode;
}) {
  useDocumentTitle(title, description);
  return (
    <header className={styles.heading}>
      <div className={styles.words}>
        <h1 dir="auto">{title}</h1>
        {lead && <p className={styles.lead}>{lead}</p>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}
