import { workloads } from './objects.ts';
import { breaks, each, eachContainer, longRunning, type Rule } from './rule.ts';

const POD = 'spec.template.spec';
const C = `${POD}.containers.0`;

/** What pods may do: users, capabilities, accounts. */
export const podSecurityRules: Rule[] = [
  {
    name: 'pods are fit for Pod Security restricted, with a fixed user and a read-only root file system',
    check: (objects) => [
      ...each(workloads(objects), (workload) => {
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
      ...each(eachContainer(workloads(objects)), ({ at, container: { securityContext: security } }) => {
        const dropped = security?.capabilities?.drop?.join() === 'ALL' && !security.capabilities.add;
        const right =
          security?.allowPrivilegeEscalation === false &&
          security.readOnlyRootFilesystem &&
          dropped &&
          !security.privileged;
        return !right && at;
      }),
    ],
    broken: [
      breaks('Deployment', 'order', `${POD}.securityContext.runAsNonRoot`),
      breaks('Deployment', 'order', `${POD}.securityContext.runAsUser`),
      breaks('StatefulSet', 'rabbitmq', `${POD}.securityContext.seccompProfile`),
      breaks('StatefulSet', 'rabbitmq', `${POD}.initContainers.0.securityContext.allowPrivilegeEscalation`),
      breaks('StatefulSet', 'order-db', `${C}.securityContext.readOnlyRootFilesystem`),
      breaks('StatefulSet', 'order-db', `${C}.securityContext.capabilities.drop`, ['NET_RAW']),
      breaks('Deployment', 'order', `${POD}.hostNetwork`, true),
    ],
  },
  {
    name: 'what keeps data on a volume owns it by group',
    check: (objects) =>
      each(longRunning(objects), ({ name, template }) => {
        const { fsGroup, runAsGroup } = template.spec?.securityContext ?? {};
        return !(fsGroup && fsGroup === runAsGroup) && name;
      }),
    broken: [breaks('StatefulSet', 'order-db', `${POD}.securityContext.fsGroup`)],
  },
  {
    name: 'pods have an account of their own, without its token, and no list of all Services in their environment',
    check: (objects) =>
      each(workloads(objects), ({ name, template }) => {
        const { serviceAccountName, automountServiceAccountToken, enableServiceLinks } = template.spec ?? {};
        const account = objects.find((o) => o.kind === 'ServiceAccount' && o.metadata.name === serviceAccountName);
        const silent =
          automountServiceAccountToken === false &&
          account &&
          Reflect.get(account, 'automountServiceAccountToken') === false;
        return !(silent && enableServiceLinks === false && serviceAccountName !== 'default') && name;
      }),
    broken: [
      breaks('Deployment', 'order', `${POD}.serviceAccountName`, 'default'),
      breaks('Deployment', 'order', `${POD}.automountServiceAccountToken`),
      breaks('ServiceAccount', 'order-db', 'automountServiceAccountToken'),
      breaks('StatefulSet', 'rabbitmq', `${POD}.enableServiceLinks`),
    ],
  },
];
