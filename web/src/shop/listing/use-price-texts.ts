import { useEffect, useRef, useState } from 'react';
import type { ProductPage } from '../../api/catalogue.ts';
import { currencyOf } from './listing-params.ts';
import { rangeProblem, readPriceText } from './price-text.ts';

const TYPING_MS = 500;

export type PriceTexts = { minPrice: string; maxPrice: string };
type PriceChanges = PriceTexts & { currency: string };

const isSame = (one: PriceTexts, other: PriceTexts): boolean =>
  one.minPrice === other.minPrice && one.maxPrice === other.maxPrice;

export type PriceFilterProps = {
  range: NonNullable<ProductPage['facets']>['prices'][number] | undefined;
  params: URLSearchParams;
  /** `replace`: it is one change together with the one before it. */
  onChange: (changes: PriceChanges, o: { replace: boolean }) => void;
};

/** The texts of the price fields. They take effect when one stops typing; what is not a price takes none. */
export function usePriceTexts({ range, params, onChange }: PriceFilterProps) {
  const asked = { minPrice: params.get('minPrice') ?? '', maxPrice: params.get('maxPrice') ?? '' };
  const [typed, setTyped] = useState(asked);
  const [shown, setShown] = useState(asked);
  // All that is typed before the reader leaves the fields is one step on the way back.
  const isFirst = useRef(true);
  const sent = useRef(asked);
  const { minPrice, maxPrice } = asked;
  useEffect(() => {
    if (!isSame(sent.current, { minPrice, maxPrice })) isFirst.current = true;
  }, [minPrice, maxPrice]);
  // The address has changed otherwise, by going back say: it is right, and nothing is made anew, which would cost the focus.
  if (!isSame(shown, asked)) {
    setShown(asked);
    setTyped(asked);
  }
  const currency = range?.min.currency ?? currencyOf(params);
  const min = readPriceText(typed.minPrice, currency);
  const max = readPriceText(typed.maxPrice, currency);
  const maxProblem = max.problem ?? rangeProblem(min.text ?? '', max.text ?? '');
  useEffect(() => {
    if (min.text === undefined || max.text === undefined || maxProblem) return;
    const wanted = { minPrice: min.text, maxPrice: max.text };
    if (isSame(wanted, asked)) return;
    const timer = setTimeout(() => {
      sent.current = wanted;
      const isLimited = wanted.minPrice !== '' || wanted.maxPrice !== '';
      onChange({ ...wanted, currency: isLimited ? currency : '' }, { replace: !isFirst.current });
      isFirst.current = false;
    }, TYPING_MS);
    return () => clearTimeout(timer);
  });
  const startOver = () => {
    isFirst.current = true;
  };
  return { typed, setTyped, startOver, problems: { minPrice: min.problem, maxPrice: maxProblem } };
}
