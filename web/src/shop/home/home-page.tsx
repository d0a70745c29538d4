import { Page, PageHeading } from '../../design/page.tsx';

export function HomePage() {
  return (
    <Page>
      <PageHeading title="Good things, made to last" />
    </Page>
  );
}
