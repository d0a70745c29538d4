import { useMutation } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { explain, fieldError, hasCode } from '../../api/problem.ts';
import { type Quote, type QuoteRequest, readQuote } from '../../api/quotes.ts';

type CouponsOf = {
  codes: readonly string[];
  onChange: (codes: readonly string[]) => void;
  request: QuoteRequest;
  onQuote: (request: QuoteRequest, quote: Quote) => void;
  /** Why the last quote and the last order were refused, if they were. */
  refusals: { quote: unknown; order: unknown };
};

/** The discount codes of a checkout. A code is added only when a quote with it has been answered. */
export function useCoupons({ codes, onChange, request, onQuote, refusals }: CouponsOf) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const [news, setNews] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const fail = (message: string) => {
    setProblem(message);
    setNews(message);
  };
  const applying = useMutation({
    meta: { part: 'orders' },
    mutationFn: async (code: string) => {
      const wanted = { ...request, couponCodes: [...codes, code] };
      return { wanted, quote: await readQuote(wanted) };
    },
    onSuccess: ({ wanted, quote }, code) => {
      onQuote(wanted, quote);
      onChange(wanted.couponCodes);
      setText('');
      setProblem(undefined);
      setNews(`The code ${code} is applied`);
    },
    onError: (refusal) => {
      fail(fieldError(refusal, `/couponCodes/${codes.length}`) ?? explain(refusal));
      input.current?.focus();
    },
  });
  const apply = () => {
    const code = text.trim().toUpperCase();
    if (applying.isPending) return;
    if (code !== '') return applying.mutate(code);
    fail('Enter a code');
    input.current?.focus();
  };
  const remove = (code: string) => {
    onChange(codes.filter((one) => one !== code));
    setProblem(undefined);
    setNews(`The code ${code} is removed`);
    input.current?.focus();
  };
  useRefusedCodes({ codes, onChange, refusals }, fail);
  const write = (next: string) => {
    setText(next);
    setProblem(undefined);
  };
  return { codes, text, onText: write, problem, news, input, apply, remove, busy: applying.isPending };
}

/** A code that was applied may be used up or out of date by now: it is taken off, with the reason, and the rest stays. */
function useRefusedCodes(
  { codes, onChange, refusals }: Pick<CouponsOf, 'codes' | 'onChange' | 'refusals'>,
  fail: (message: string) => void,
): void {
  const drop = useEffectEvent((refusal: unknown) => {
    if (!hasCode(refusal, 'coupon_not_valid')) return;
    const isRefused = (index: number) => refusal.errors.some(({ field }) => field === `/couponCodes/${index}`);
    const left = codes.filter((_, index) => !isRefused(index));
    if (left.length === codes.length) return;
    onChange(left);
    fail(refusal.errors.map(({ message }) => message).join('. '));
  });
  useEffect(() => drop(refusals.quote), [refusals.quote]);
  useEffect(() => drop(refusals.order), [refusals.order]);
}

export type Coupons = ReturnType<typeof useCoupons>;
