import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { categoryName } from '../../api/catalogue.ts';
import { explain, hasCode } from '../../api/problem.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { Button } from '../../design/button.tsx';
import { Columns, Panel } from '../../design/layout.tsx';
import { Notice } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { toast } from '../../design/toast.tsx';
import { pluralize } from '../number-format.ts';
import styles from './categories.module.css';
import { allCategoriesQuery, type Category, moved, navigationSettingQuery, replaceNavigation } from './navigation.ts';

/** Which categories are in the shop's navigation, and in which order. Each change is saved at once. */
// Long: the markup of one page
export function CategoriesPage() {
  const navigation = useQuery(navigationSettingQuery);
  const all = useQuery(allCategoriesQuery);
  const change = useNavigationChange();
  const slugs = navigation.data?.slugs ?? [];
  const others = all.data?.items.filter(({ slug }) => !slugs.includes(slug)) ?? [];
  const busy = change.isPending;
  const set = (next: string[], done: string) => {
    if (navigation.data) change.mutate({ ...navigation.data, slugs: next, done });
  };
  return (
    <>
      <PageHeading
        title="Categories"
        lead="The categories in the navigation of the shop, in this order. Sellers create categories by naming them in a product; shoppers can search and filter by all of them."
      />
      {change.error && (
        <Notice tone="bad" title="The navigation was not changed">
          {hasCode(change.error, 'version_conflict')
            ? 'Another operator has changed it. The list below is the current one: try again.'
            : explain(change.error)}
        </Notice>
      )}
      <Columns
        side={
          <Panel title="Not in the navigation" lead="The largest first.">
            <QueryBoundary query={all} what="The categories" height="12rem">
              {() => (
                <OtherCategories
                  categories={others}
                  busy={busy}
                  onAdd={(slug) => set([...slugs, slug], `${categoryName(slug)} added to the navigation`)}
                />
              )}
            </QueryBoundary>
          </Panel>
        }
      >
        <Panel title="In the navigation">
          <QueryBoundary query={navigation} what="The navigation" height="20rem">
            {() => (
              <NavigationList
                slugs={slugs}
                products={new Map(all.data?.items.map(({ slug, products }) => [slug, products]))}
                busy={busy}
                onMove={(from, to) => set(moved(slugs, from, to), 'Order saved')}
                onRemove={(slug) =>
                  set(
                    slugs.filter((one) => one !== slug),
                    `${categoryName(slug)} removed from the navigation`,
                  )
                }
              />
            )}
          </QueryBoundary>
        </Panel>
      </Columns>
    </>
  );
}

function useNavigationChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ done: _done, ...navigation }: Parameters<typeof replaceNavigation>[0] & { done: string }) =>
      replaceNavigation(navigation),
    onSuccess: (after, { done }) => {
      client.setQueryData(navigationSettingQuery.queryKey, after);
      toast(done);
      return client.invalidateQueries({ queryKey: ['catalogue', 'navigation'] });
    },
    onError: () => client.invalidateQueries({ queryKey: navigationSettingQuery.queryKey }),
  });
}

const productsText = (count: number | undefined): string =>
  count === undefined ? 'no products, not shown' : pluralize(count, 'product');

function NavigationList({
  slugs,
  products,
  busy,
  onMove,
  onRemove,
}: {
  slugs: readonly string[];
  products: ReadonlyMap<string, number>;
  busy: boolean;
  onMove: (from: number, to: number) => void;
  onRemove: (slug: string) => void;
}) {
  if (slugs.length === 0) return <p className={styles.empty}>No category is in the navigation.</p>;
  return (
    <ol className={styles.list}>
      {slugs.map((slug, index) => {
        const name = categoryName(slug);
        return (
          <li key={slug} className={styles.item}>
            <CategoryLink slug={slug} note={productsText(products.get(slug))} />
            <span className={styles.actions}>
              <Button
                kind="quiet"
                busy={busy}
                aria-label={`Move ${name} up`}
                aria-disabled={index === 0 || undefined}
                onClick={() => index > 0 && onMove(index, index - 1)}
              >
                Up
              </Button>
              <Button
                kind="quiet"
                busy={busy}
                aria-label={`Move ${name} down`}
                aria-disabled={index === slugs.length - 1 || undefined}
                onClick={() => index < slugs.length - 1 && onMove(index, index + 1)}
              >
                Down
              </Button>
              <Button kind="quiet" busy={busy} aria-label={`Remove ${name}`} onClick={() => onRemove(slug)}>
                Remove
              </Button>
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function OtherCategories({
  categories,
  busy,
  onAdd,
}: {
  categories: readonly Category[];
  busy: boolean;
  onAdd: (slug: string) => void;
}) {
  if (categories.length === 0) return <p className={styles.empty}>All categories are in the navigation.</p>;
  return (
    <ul className={styles.list}>
      {categories.map(({ slug, products }) => (
        <li key={slug} className={styles.item}>
          <CategoryLink slug={slug} note={productsText(products)} />
          <Button kind="quiet" busy={busy} aria-label={`Add ${categoryName(slug)}`} onClick={() => onAdd(slug)}>
            Add
          </Button>
        </li>
      ))}
    </ul>
  );
}

const CategoryLink = ({ slug, note }: { slug: string; note: string }) => (
  <span className={styles.what}>
    <Link href={`/categories/${slug}`}>{categoryName(slug)}</Link>
    <span className={styles.soft}>{note}</span>
  </span>
);
