import type { INetworkPolicy, INetworkPolicyPeer, INetworkPolicyPort } from 'kubernetes-models/networking.k8s.io/v1';
import { type KubeObject, ofKind, selects } from './objects.ts';

/** A pod, or something outside the cluster, as the network sees it. */
export type Endpoint = {
  name: string;
  namespace: string;
  namespaceLabels: Record<string, string>;
  labels: Record<string, string>;
};
export type Port = { port: number; protocol: 'TCP' | 'UDP' };

/** Whether policies let one place connect to a port of another: out of the one and into the other, as Kubernetes has it. */
export function allowed(objects: readonly KubeObject[], from: Endpoint, to: Endpoint, port: Port): boolean {
  return (
    passes(objects, 'Egress', { subject: from, peer: to, port }) &&
    passes(objects, 'Ingress', { subject: to, peer: from, port })
  );
}

type Flow = { subject: Endpoint; peer: Endpoint; port: Port };

function passes(
  objects: readonly KubeObject[],
  direction: 'Ingress' | 'Egress',
  { subject, peer, port }: Flow,
): boolean {
  const policies = ofKind<INetworkPolicy>(objects, 'NetworkPolicy').filter(
    ({ metadata, spec }) =>
      metadata.namespace === subject.namespace &&
      spec?.policyTypes?.includes(direction) &&
      selects(spec.podSelector ?? {}, subject.labels),
  );
  // Without a policy for it, a pod may do anything.
  if (policies.length === 0) return true;
  return policies.some(({ metadata, spec }) => {
    const rules =
      direction === 'Ingress'
        ? (spec?.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
        : (spec?.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
    return rules.some(
      ({ peers, ports }) =>
        anyPort(ports, port) && (peers === undefined || peers.some((p) => isPeer(p, metadata.namespace ?? '', peer))),
    );
  });
}

function anyPort(ports: readonly INetworkPolicyPort[] | undefined, { port, protocol }: Port): boolean {
  return (
    ports === undefined ||
    ports.some(
      (p) => (p.protocol ?? 'TCP') === protocol && Number(p.port) <= port && port <= Number(p.endPort ?? p.port),
    )
  );
}

function isPeer(
  { podSelector, namespaceSelector, ipBlock }: INetworkPolicyPeer,
  namespace: string,
  place: Endpoint,
): boolean {
  // Addresses outside the cluster are the only thing that ours name by block.
  if (ipBlock) return place.namespace === 'outside';
  if (place.namespace === 'outside') return false;
  const inNamespace = namespaceSelector
    ? selects(namespaceSelector, place.namespaceLabels)
    : place.namespace === namespace;
  return inNamespace && (podSelector === undefined || selects(podSelector, place.labels));
}
