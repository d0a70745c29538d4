export const POD_NAME = 'drill-shoppers';
const labels = {
  'app.kubernetes.io/name': POD_NAME,
  'app.kubernetes.io/component': 'drill',
  'app.kubernetes.io/part-of': 'tradepost',
};

/** A pod that fits Pod Security restricted and the admission policy, and network policies that let it reach the gateway and nothing else. */
export function shopperManifests(image: string): object {
  const policy = (name: string, spec: object) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, labels },
    spec,
  });
  const ports = [{ port: 8080, protocol: 'TCP' }];
  const [gateway, shoppers] = ['api-gateway', POD_NAME].map((name) => ({
    podSelector: { matchLabels: { 'app.kubernetes.io/name': name } },
  }));
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      policy(POD_NAME, { ...shoppers, policyTypes: ['Egress'], egress: [{ to: [gateway], ports }] }),
      policy(`${POD_NAME}-gateway`, { ...gateway, policyTypes: ['Ingress'], ingress: [{ from: [shoppers], ports }] }),
      podOf(image),
    ],
  };
}

const podOf = (image: string): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: POD_NAME, labels },
  spec: {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 1,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65_532,
      runAsGroup: 65_532,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [containerOf(image)],
    volumes: [
      { name: 'drill', configMap: { name: POD_NAME } },
      { name: 'tmp', emptyDir: { sizeLimit: '8Mi' } },
    ],
  },
});

const containerOf = (image: string): object => ({
  name: 'shoppers',
  image,
  command: ['node', '/drill/load.mjs', 'http://api-gateway:8080', '/tmp/end'],
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  },
  resources: {
    requests: { cpu: '50m', memory: '64Mi', 'ephemeral-storage': '8Mi' },
    limits: { cpu: '1', memory: '192Mi', 'ephemeral-storage': '32Mi' },
  },
  volumeMounts: [
    { name: 'drill', mountPath: '/drill', readOnly: true },
    { name: 'tmp', mountPath: '/tmp' },
  ],
});
