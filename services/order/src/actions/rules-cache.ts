import type { PricingRules } from '../domain/pricing/rules.ts';

/** The rules that prices follow from, as one instance knows them. */
export type RulesCache = {
  current(): Promise<PricingRules>;
  /** After a change that this instance has made: the next call reads them anew. */
  drop(): void;
};

/**
 * Keeps the rules for `maxAgeMs`, so that a purchase needs no statement for them. A change takes effect at once on the instance that
 * made it, and on the others when what they know is too old. Several callers wait for one read.
 */
export function createRulesCache(read: () => Promise<PricingRules>, now: () => Date, maxAgeMs: number): RulesCache {
  let known: { rules: Promise<PricingRules>; until: number } | undefined;
  return {
    current() {
      const at = now().getTime();
      if (known && at < known.until) return known.rules;
      const entry = { rules: read(), until: at + maxAgeMs };
      entry.rules.catch(() => {
        if (known === entry) known = undefined;
      });
      known = entry;
      return entry.rules;
    },
    drop() {
      known = undefined;
    },
  };
}
