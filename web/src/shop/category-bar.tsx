import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { categoriesQuery, categoryName } from '../api/catalogue.ts';
import styles from './category-bar.module.css';

/** The way into each category. It keeps its height while it is on its way. */
export function CategoryBar({ current }: { current?: string }) {
  const { data } = useQuery(categoriesQuery());
  return (
    <nav className={styles.bar} aria-label="Categories">
      <ul className={styles.list}>
        {data?.items.map(({ slug }) => (
          <li key={slug}>
            <Link
              href={`/categories/${slug}`}
              className={styles.link}
              aria-current={slug === current ? 'page' : undefined}
            >
              {categoryName(slug)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
