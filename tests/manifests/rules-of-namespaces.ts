import { type KubeObject, ofKind, quantity, type Selector, selects } from './objects.ts';
import { grows, problemsOf, type Rule, removeObject, setField } from './rule.ts';
import { mostOf } from './usage.ts';

const POD = 'spec.template.spec';
const C = `${POD}.containers.0`;

/** Pod Security and quotas: what the namespace of an environment enforces. */
export const namespaceRules: Rule[] = [
  {
    name: 'the namespace enforces Pod Security restricted, and is bound by the admission policy',
    check: (objects) => {
      const [namespace] = ofKind<KubeObject>(objects, 'Namespace');
      const binding = ofKind<{
        spec?: { matchResources?: { namespaceSelector?: Selector }; validationActions?: string[] };
      }>(objects, 'ValidatingAdmissionPolicyBinding')[0];
      const labels = namespace?.metadata.labels ?? {};
      const bound =
        selects(binding?.spec?.matchResources?.namespaceSelector, labels) &&
        binding?.spec?.validationActions?.includes('Deny');
      return labels['pod-security.kubernetes.io/enforce'] === 'restricted' && bound ? [] : ['the namespace'];
    },
    mutations: [
      setField('Namespace', /./, 'metadata.labels.pod-security~kubernetes~io/enforce', 'baseline'),
      setField('Namespace', /./, 'metadata.labels.app~kubernetes~io/part-of', 'something-else'),
      removeObject('ValidatingAdmissionPolicyBinding', /./),
    ],
  },
  {
    name: 'the namespace has a quota and defaults',
    check: (objects) =>
      problemsOf(['ResourceQuota', 'LimitRange'], (kind) => !objects.some((o) => o.kind === kind) && kind),
    mutations: [removeObject('ResourceQuota', /./), removeObject('LimitRange', /./)],
  },
  {
    name: 'the quota holds everything, also while every service rolls at its largest',
    check: (objects) => {
      const hard = ofKind<{ spec?: { hard?: Record<string, string> } }>(objects, 'ResourceQuota')[0]?.spec?.hard ?? {};
      const [requests, limits] = ['requests', 'limits'].map((kind) =>
        ['cpu', 'memory', 'ephemeral-storage'].map((name) => `${kind}.${name}`),
      );
      const wanted = [
        ...(requests ?? []),
        ...(limits ?? []).slice(1),
        'pods',
        'persistentvolumeclaims',
        'requests.storage',
      ];
      return problemsOf(wanted, (name) => {
        const most = mostOf(objects, name);
        return !(most <= quantity(hard[name])) && `${name}: ${most} of ${hard[name]}`;
      });
    },
    mutations: [
      setField('ResourceQuota', /./, 'spec.hard.pods', '9'),
      setField('ResourceQuota', /./, 'spec.hard.persistentvolumeclaims', '4'),
      setField('ResourceQuota', /./, 'spec.hard.requests~storage', '9Gi'),
      setField('ResourceQuota', /./, 'spec.hard.limits~memory', '1Gi'),
      setField('Deployment', 'order', `${C}.resources.limits.memory`, '9Gi'),
      grows('order', 500),
    ],
  },
  {
    name: 'and dev asks for 4 GiB of memory at most, and never takes more than 6',
    only: 'dev',
    check: (objects) => {
      const [quota] = ofKind<{ spec?: { hard?: Record<string, string> } }>(objects, 'ResourceQuota');
      const most = { 'requests.memory': 4, 'limits.memory': 6 };
      return problemsOf(
        Object.entries(most),
        ([name, gibibytes]) => !(quantity(quota?.spec?.hard?.[name]) <= gibibytes * 2 ** 30) && name,
      );
    },
    mutations: [
      setField('ResourceQuota', /./, 'spec.hard.limits~memory', '8Gi'),
      setField('ResourceQuota', /./, 'spec.hard.requests~memory', '5Gi'),
    ],
  },
];
