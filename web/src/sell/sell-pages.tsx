import { Page, PageHeading } from '../design/page.tsx';

/** Everything below /sell. */
export function SellPages() {
  return (
    <Page>
      <PageHeading title="Sell" lead="Your products, their stock and your orders." />
    </Page>
  );
}
