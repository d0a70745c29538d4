import { isDeepStrictEqual } from 'node:util';
import type { Precondition } from '@tradepost/runtime/precondition';
import {
  lockPricingRules,
  type PricingSettings,
  readPricingSettings,
  replacePricingSettings,
} from '../store/rules/pricing-settings.ts';
import type { Versioned } from '../store/rules/rule-table.ts';
import { assertVersion, type RulesContext } from './change-rules.ts';

/** Replaces the settings, if they still are what the operator has read. The same settings again change nothing. */
export function changePricingSettings(
  ctx: RulesContext,
  settings: PricingSettings,
  precondition: Precondition | undefined,
): Promise<Versioned<PricingSettings>> {
  return ctx.pool.transaction(async (tx) => {
    await lockPricingRules(tx);
    const before = await readPricingSettings(tx);
    if (isDeepStrictEqual({ ...before, ...settings }, before)) return before;
    assertVersion('pricing settings', before, precondition);
    const stored = await replacePricingSettings(tx, settings);
    tx.onCommit(ctx.rulesChanged);
    return stored;
  });
}
