import { Page, PageHeading } from '../../design/page.tsx';
import { CartContent } from './cart-content.tsx';

export function CartPage() {
  return (
    <Page narrow>
      <PageHeading title="Your cart" />
      <CartContent />
    </Page>
  );
}
