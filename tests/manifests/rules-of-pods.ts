import type { Rule } from './rule.ts';
import { podSecurityRules } from './rules-of-pod-security.ts';
import { probeRules } from './rules-of-probes.ts';
import { resourceRules } from './rules-of-resources.ts';
import { rolloutRules } from './rules-of-rollout.ts';

/** Rollout, health, resources and security: what the pods of every workload carry. */
export const podRules: Rule[] = [...rolloutRules, ...probeRules, ...resourceRules, ...podSecurityRules];
