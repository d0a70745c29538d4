import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { categoryName } from '../../api/category-name.ts';
import { useMay } from '../../api/permissions.ts';
import { explain, hasCode } from '../../api/problem.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { Columns, Panel } from '../../design/layout.tsx';
import { Notice } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { toast } from '../../design/toast.tsx';
import { NavigationList, OtherCategories } from './category-lists.tsx';
import { allCategoriesQuery, moveItem, navigationSettingQuery, replaceNavigation } from './navigation.ts';

/** Which categories are in the shop's navigation, and in which order. Each change is saved at once. */
export function CategoriesPage() {
  const navigation = useQuery(navigationSettingQuery);
  const all = useQuery(allCategoriesQuery);
  const change = useNavigationChange();
  const canEdit = useMay()('catalogue:write');
  const slugs = navigation.data?.slugs ?? [];
  const others = all.data?.items.filter(({ slug }) => !slugs.includes(slug)) ?? [];
  const busy = change.isPending;
  const set = (next: string[], done: string) => {
    if (navigation.data) change.mutate({ ...navigation.data, slugs: next, done });
  };
  const add = (slug: string) => set([...slugs, slug], `${categoryName(slug)} added to the navigation`);
  const onMove = (from: number, to: number) => set(moveItem(slugs, from, to), 'Order saved');
  const onRemove = (slug: string) =>
    set(
      slugs.filter((one) => one !== slug),
      `${categoryName(slug)} removed from the navigation`,
    );
  return (
    <>
      <PageHeading
        title="Categories"
        lead="The categories in the navigation of the shop, in this order. Sellers create categories by naming them in a product; shoppers can search and filter by all of them."
      />
      {change.error && <NotChanged error={change.error} />}
      <Columns
        side={
          <Panel title="Not in the navigation" lead="The largest first.">
            <QueryBoundary query={all} what="The categories" height="12rem">
              {() => <OtherCategories categories={others} busy={busy} onAdd={canEdit ? add : undefined} />}
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
                edit={canEdit ? { onMove, onRemove } : undefined}
              />
            )}
          </QueryBoundary>
        </Panel>
      </Columns>
    </>
  );
}

const NotChanged = ({ error }: { error: unknown }) => (
  <Notice tone="bad" title="The navigation was not changed">
    {hasCode(error, 'version_conflict')
      ? 'Another operator has changed it. The list below is the current one: try again.'
      : explain(error)}
  </Notice>
);

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
