import type { ProductPage } from '../../api/catalogue.ts';

/** Says what was searched for instead of a phrase that nothing matched; nothing where the phrase itself was. */
export function OtherWords({ q, page }: { q: string; page: ProductPage | undefined }) {
  const { correctedQuery: corrected, leftOut } = page ?? {};
  return (
    <>
      {corrected && (
        <p role="status">
          Nothing is called “{q}”. Shown instead: <strong>{corrected}</strong>
        </p>
      )}
      {leftOut && (
        <p role="status">
          Nothing has all of these words. Shown without: <strong>{leftOut.join(', ')}</strong>
        </p>
      )}
    </>
  );
}
