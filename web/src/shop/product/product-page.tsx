import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearchParams } from 'wouter';
import { type Product, productQuery, type Variant } from '../../api/catalogue.ts';
import { categoryName } from '../../api/category-name.ts';
import { explain, hasCode } from '../../api/problem.ts';
import { LinkButton } from '../../design/button.tsx';
import { moneyText } from '../../design/format.tsx';
import { Badge } from '../../design/notice.tsx';
import { Page, PageHeading, useDocumentTitle } from '../../design/page.tsx';
import { EmptyState, ErrorState, Loading, Skeleton } from '../../design/page-states.tsx';
import { CatalogueNotice } from '../catalogue-notice.tsx';
import { AddToCart } from './add-to-cart.tsx';
import { choicesOf, firstShown, pictureOf } from './choices.ts';
import { Gallery } from './gallery.tsx';
import styles from './product-page.module.css';
import { Related } from './related.tsx';
import { VariantChoice } from './variant-choice.tsx';

export function ProductPage() {
  const { slug = '' } = useParams<{ slug: string }>();
  const { data, error, isPending, refetch } = useQuery(productQuery(slug));
  if (isPending) return <ProductSkeleton />;
  if (data) return <ProductView key={data.id} product={data} old={error !== null} />;
  if (hasCode(error, 'not_found')) return <NoSuchProduct />;
  return (
    <Page>
      <PageHeading title="Product" />
      <ErrorState title="The product cannot be shown" onRetry={refetch}>
        {explain(error)}
      </ErrorState>
    </Page>
  );
}

function ProductView({ product, old }: { product: Product; old: boolean }) {
  const { title, description, categories, variants } = product;
  const [params, setParams] = useSearchParams();
  const chosen = firstShown(variants, params.get('variant'));
  useDocumentTitle(title, description.slice(0, 160));
  const [category] = categories;
  return (
    <Page>
      <CatalogueNotice shown={old} />
      {category && (
        <nav aria-label="Where this is" className={styles.path}>
          <Link href="/">Home</Link> <span aria-hidden="true">/</span>{' '}
          <Link href={`/categories/${category}`}>{categoryName(category)}</Link>
        </nav>
      )}
      <div className={styles.layout}>
        <Gallery key={chosen?.sku} product={product} first={pictureOf(product, chosen)} />
        <div className={styles.facts}>
          <h1 dir="auto">{title}</h1>
          {chosen ? (
            <>
              <p className={styles.price}>{moneyText(chosen.price)}</p>
              <VariantChoice
                choices={choicesOf(variants)}
                variants={variants}
                chosen={chosen}
                onChoose={({ sku }) => setParams({ variant: sku }, { replace: true })}
              />
              <StockLine variant={chosen} />
              <AddToCart key={chosen.sku} product={product} variant={chosen} />
            </>
          ) : (
            <Badge>Not for sale at the moment</Badge>
          )}
          <p className={styles.description} dir="auto">
            {description}
          </p>
          {chosen && <p className={styles.sku}>Article {chosen.sku}</p>}
        </div>
      </div>
      {category && <Related category={category} except={product.id} />}
    </Page>
  );
}

const FEW = 5;

function StockLine({ variant: { available } }: { variant: Variant }) {
  return (
    <p role="status">
      {available === 0 && <Badge tone="bad">Sold out</Badge>}
      {available > 0 && available <= FEW && <Badge tone="warn">Only {available} left</Badge>}
      {available > FEW && <Badge tone="good">In stock</Badge>}
    </p>
  );
}

function NoSuchProduct() {
  useDocumentTitle('Not found');
  return (
    <Page>
      <EmptyState title="There is no such product" action={<LinkButton href="/search">Search the shop</LinkButton>}>
        It may have been taken off the shelf.
      </EmptyState>
    </Page>
  );
}

function ProductSkeleton() {
  return (
    <Page>
      <Loading label="Loading the product">
        <div className={styles.path}>
          <Skeleton width="10rem" />
        </div>
        <div className={styles.layout}>
          <div className={styles.gallery}>
            <div className={styles.picturePlace}>
              <Skeleton height="100%" />
            </div>
          </div>
          <div className={styles.facts}>
            <Skeleton width="80%" height="2.5rem" />
            <Skeleton width="6rem" height="1.5rem" />
            <Skeleton height="8rem" />
          </div>
        </div>
      </Loading>
    </Page>
  );
}
