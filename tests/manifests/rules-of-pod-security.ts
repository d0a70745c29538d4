import { workloads } from './objects.ts';
import { eachContainer, longRunning, problemsOf, type Rule, setField } from './rule.ts';

const POD = 'spec.template.spec';
const C = `${POD}.containers.0`;

/** What pods may do: users, capabilities, accounts. */
export const podSecurityRules: Rule[] = [
  {
    name: 'pods are fit for Pod Security restricted, with a fixed user and a read-only root file system',
    check: (objects) => [
      ...problemsOf(workloads(objects), (workload) => {
        const { spec } = workload.template;
        const security = spec?.securityContext;
        const fixed = [security?.runAsUser, security?.runAsGroup].every((id) => typeof id === 'number' && id > 0);
        const host =
          spec?.hostNetwork || spec?.hostPID || spec?.hostIPC || spec?.volumes?.some(({ hostPath }) => hostPath);
        return (
          !(security?.runAsNonRoot && fixed && security.seccompProfile?.type === 'RuntimeDefault' && !host) &&
          workload.name
        );
      }),
      ...problemsOf(eachContainer(workloads(objects)), ({ at, container: { securityContext: security } }) => {
        const dropped = security?.capabilities?.drop?.join() === 'ALL' && !security.capabilities.add;
        const right =
          security?.allowPrivilegeEscalation === false &&
          security.readOnlyRootFilesystem &&
          dropped &&
          !security.privileged;
        return !right && at;
      }),
    ],
    mutations: [
      setField('Deployment', 'order', `${POD}.securityContext.runAsNonRoot`),
      setField('Deployment', 'order', `${POD}.securityContext.runAsUser`),
      setField('StatefulSet', 'rabbitmq', `${POD}.securityContext.seccompProfile`),
      setField('StatefulSet', 'rabbitmq', `${POD}.initContainers.0.securityContext.allowPrivilegeEscalation`),
      setField('StatefulSet', 'order-db', `${C}.securityContext.readOnlyRootFilesystem`),
      setField('StatefulSet', 'order-db', `${C}.securityContext.capabilities.drop`, ['NET_RAW']),
      setField('Deployment', 'order', `${POD}.hostNetwork`, true),
    ],
  },
  {
    name: 'what keeps data on a volume owns it by group',
    check: (objects) =>
      problemsOf(longRunning(objects), ({ name, template }) => {
        const { fsGroup, runAsGroup } = template.spec?.securityContext ?? {};
        return !(fsGroup && fsGroup === runAsGroup) && name;
      }),
    mutations: [setField('StatefulSet', 'order-db', `${POD}.securityContext.fsGroup`)],
  },
  {
    name: 'pods have an account of their own, without its token, and no list of all Services in their environment',
    check: (objects) =>
      problemsOf(workloads(objects), ({ name, template }) => {
        const { serviceAccountName, automountServiceAccountToken, enableServiceLinks } = template.spec ?? {};
        const account = objects.find((o) => o.kind === 'ServiceAccount' && o.metadata.name === serviceAccountName);
        const silent =
          automountServiceAccountToken === false &&
          account &&
          Reflect.get(account, 'automountServiceAccountToken') === false;
        return !(silent && enableServiceLinks === false && serviceAccountName !== 'default') && name;
      }),
    mutations: [
      setField('Deployment', 'order', `${POD}.serviceAccountName`, 'default'),
      setField('Deployment', 'order', `${POD}.automountServiceAccountToken`),
      setField('ServiceAccount', 'order-db', 'automountServiceAccountToken'),
      setField('StatefulSet', 'rabbitmq', `${POD}.enableServiceLinks`),
    ],
  },
];
