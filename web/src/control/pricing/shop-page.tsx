import { useQuery } from '@tanstack/react-query';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { Panel } from '../../design/layout.tsx';
import { PageHeading } from '../../design/page.tsx';
import { PricingNav } from './pricing-nav.tsx';
import { shopSettingsQuery } from './rules.ts';
import { ShopSettingsForm } from './shop-settings-form.tsx';

/** What operators say of the shop itself: where it is taxed, and what its customers must confirm. */
export function ShopPage() {
  const settings = useQuery(shopSettingsQuery);
  return (
    <>
      <PricingNav />
      <PageHeading
        title="Shop"
        lead="Where the shop is taxed, what every customer must confirm, and who issues its invoices."
      />
      <Panel title="Settings" lead="They apply from the next order on.">
        <QueryBoundary query={settings} what="The settings" height="24rem">
          {(present) => <ShopSettingsForm settings={present} />}
        </QueryBoundary>
      </Panel>
    </>
  );
}
