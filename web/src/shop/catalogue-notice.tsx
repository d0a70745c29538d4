import { Notice } from '../design/notice.tsx';

/** Over what was seen earlier, while it cannot be asked for anew. */
export function CatalogueNotice({ shown }: { shown: boolean }) {
  if (!shown) return null;
  return (
    <Notice tone="warn" title="The catalogue is unavailable for the moment">
      You see it as this browser last did, so prices and stock may have changed. Ordering works: the total is confirmed
      before anything is placed.
    </Notice>
  );
}
