import { isDeepStrictEqual } from 'node:util';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { isPreconditionMet, type Precondition } from '@tradepost/runtime/precondition';
import { lockPricingRules } from '../store/rules/pricing-settings.ts';
import type { RuleTable, Versioned } from '../store/rules/rule-table.ts';
import type { Context } from './context.ts';

/** What the rules of pricing are changed with. */
export type RulesContext = Pick<Context, 'pool' | 'now'> & {
  /** Told after every committed change of the pricing rules. */
  rulesChanged: () => void;
};

/** A kind of rule, and what is particular about changing it. All of it runs under the lock of the rules. */
export type RuleKind<Rule extends { id: string }, Stored extends Versioned<Rule>> = {
  table: RuleTable<Rule, Stored>;
  /** As it is called in a problem document: `tax rate`. */
  noun: string;
  /** Runs before the rule is read. */
  lock?: (tx: Tx, id: string) => Promise<void>;
  /** Throws a `ProblemError` where the rule cannot be written so. */
  assertWritable?: (tx: Tx, rule: Rule) => Promise<void>;
  /** Throws a `ProblemError` where the rule is still needed. */
  assertDeletable?: (tx: Tx, id: string) => Promise<void>;
  /** The most rows of the table; without it any number. */
  max?: number;
};

/**
 * Creates a rule under an id of the client's, or replaces it, if it still is what the operator has read. A change that has been
 * made already is answered as if it was made now, so that a request whose response was lost can be sent again.
 */
export function putRule<Rule extends { id: string }, Stored extends Versioned<Rule>>(
  ctx: RulesContext,
  kind: RuleKind<Rule, Stored>,
  rule: Rule,
  precondition: Precondition | undefined,
): Promise<{ stored: Stored; created: boolean }> {
  return ctx.pool.transaction(async (tx) => {
    await lockPricingRules(tx);
    await kind.lock?.(tx, rule.id);
    const before = await kind.table.find(tx, rule.id);
    if (before && isDeepStrictEqual({ ...before, ...rule }, before)) return { stored: before, created: false };
    assertVersion(kind.noun, before, precondition);
    await kind.assertWritable?.(tx, rule);
    if (!before && kind.max !== undefined && (await kind.table.all(tx)).length >= kind.max) {
      throw new ProblemError(
        'unprocessable',
        `A shop has at most ${kind.max} ${kind.noun}s: delete one that is not needed`,
      );
    }
    const stored = await kind.table.put(tx, rule);
    tx.onCommit(ctx.rulesChanged);
    return { stored, created: !before };
  });
}

/** Deletes a rule. One that is not there was deleted already. */
export function deleteRule<Rule extends { id: string }, Stored extends Versioned<Rule>>(
  ctx: RulesContext,
  kind: RuleKind<Rule, Stored>,
  id: string,
): Promise<void> {
  return ctx.pool.transaction(async (tx) => {
    await lockPricingRules(tx);
    await kind.lock?.(tx, id);
    await kind.assertDeletable?.(tx, id);
    await kind.table.remove(tx, id);
    tx.onCommit(ctx.rulesChanged);
  });
}

/** Refuses a change of another version than the operator has read. What is not there has none, so only a creation may name none. */
export function assertVersion(
  noun: string,
  before: { version: number } | null,
  precondition: Precondition | undefined,
): void {
  if (!before && !precondition) return;
  if (!before) throw new ProblemError('version_conflict', `The ${noun} was deleted since you read it`);
  if (isPreconditionMet(precondition, before.version)) return;
  const { version } = before;
  throw new ProblemError('version_conflict', `Version ${version} of the ${noun} is the present one`, {
    extra: { version },
  });
}
