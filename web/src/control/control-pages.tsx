import { Page, PageHeading } from '../design/page.tsx';

/** Everything below /control. */
export function ControlPages() {
  return (
    <Page>
      <PageHeading title="Control room" lead="How the shop's services are doing." />
    </Page>
  );
}
