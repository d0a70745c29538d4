import { useParams, useSearchParams } from 'wouter';
import { categoryName } from '../../api/category-name.ts';
import { Page, PageHeading } from '../../design/page.tsx';
import { CategoryBar } from '../category-bar.tsx';
import { listingOf } from './listing-params.ts';
import { NothingFound } from './nothing-found.tsx';
import { ProductList } from './product-list.tsx';

export function CategoryPage() {
  const { slug = '' } = useParams<{ slug: string }>();
  const [params] = useSearchParams();
  const name = categoryName(slug);
  return (
    <>
      <CategoryBar current={slug} />
      <Page>
        <PageHeading
          title={name}
          description={`${name}: what is on the shelf, with prices and stock as they are now.`}
        />
        <ProductList
          key={slug}
          listing={listingOf(params, { category: slug })}
          fixedCategory
          empty={<NothingFound category={slug} />}
        />
      </Page>
    </>
  );
}
