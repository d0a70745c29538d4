import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { navigationQuery } from '../api/catalogue.ts';
import { categoryName } from '../api/category-name.ts';
import styles from './category-bar.module.css';

/** A link to each category of the navigation. It keeps its height while it loads, and takes no room where there is none. */
export function CategoryBar({ current }: { current?: string }) {
  const { data } = useQuery(navigationQuery());
  if (data?.items.length === 0) return null;
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
