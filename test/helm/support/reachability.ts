import { BlockList, isIP } from 'node:net';
import type { INetworkPolicyPeer } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicyPeer';
import type { INetworkPolicyPort } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicyPort';
import type { INetworkPolicySpec } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicySpec';
import { fieldOf, type KubernetesObject, type PodTemplate } from './chart';

type Labels = Readonly<Record<string, string>>;

/** One end of a connection: a pod of the release, a pod of another namespace, or an address outside the cluster. */
export type End =
  | { readonly pod: PodTemplate }
  | { readonly namespace: string; readonly labels: Labels }
  | { readonly address: string };

/**
 * Whether the release's NetworkPolicies let a connection pass, as Kubernetes defines it: a pod that no policy selects
 * for a direction is open in it; otherwise some rule must allow the peer and the port. Both ends must agree.
 */
export function reaches(objects: readonly KubernetesObject[], from: End, to: End, port: number): boolean {
  const policies = objects
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .map((object) => fieldOf<INetworkPolicySpec>(object));
  return lets(policies, 'Egress', from, to, to, port) && lets(policies, 'Ingress', to, from, to, port);
}

function lets(
  policies: readonly INetworkPolicySpec[],
  direction: 'Ingress' | 'Egress',
  subject: End,
  peer: End,
  server: End,
  port: number,
): boolean {
  if (!('pod' in subject)) return true;
  const { labels } = subject.pod;
  const selecting = policies.filter(
    ({ podSelector, policyTypes }) =>
      policyTypes?.includes(direction) && matches(podSelector?.matchLabels, labels),
  );
  if (selecting.length === 0) return true;
  return selecting.some((policy) =>
    direction === 'Egress'
      ? (policy.egress ?? []).some(
          (rule) => allowsPeer(rule.to, peer) && allowsPort(rule.ports, server, port),
        )
      : (policy.ingress ?? []).some(
          (rule) => allowsPeer(rule.from, peer) && allowsPort(rule.ports, server, port),
        ),
  );
}

function matches(wanted: Labels | undefined, labels: Labels): boolean {
  return Object.entries(wanted ?? {}).every(([key, value]) => labels[key] === value);
}

/** An absent list, or an empty one, allows everybody. */
function allowsPeer(peers: readonly INetworkPolicyPeer[] | undefined, end: End): boolean {
  return peers === undefined || peers.length === 0 || peers.some((peer) => isPeer(peer, end));
}

function isPeer({ ipBlock, namespaceSelector, podSelector }: INetworkPolicyPeer, end: End): boolean {
  if (ipBlock !== undefined)
    return (
      'address' in end &&
      isWithin(ipBlock.cidr, end.address) &&
      !ipBlock.except?.some((cidr) => isWithin(cidr, end.address))
    );
  if ('address' in end) return false;
  if ('pod' in end)
    return namespaceSelector === undefined && matches(podSelector?.matchLabels, end.pod.labels);
  return (
    namespaceSelector !== undefined &&
    matches(namespaceSelector.matchLabels, { 'kubernetes.io/metadata.name': end.namespace }) &&
    matches(podSelector?.matchLabels, end.labels)
  );
}

function isWithin(cidr: string, address: string): boolean {
  const [network = '', prefix] = cidr.split('/');
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), isIP(network) === 6 ? 'ipv6' : 'ipv4');
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** Names of ports are those of the serving pod. */
function allowsPort(ports: readonly INetworkPolicyPort[] | undefined, server: End, port: number): boolean {
  if (ports === undefined || ports.length === 0) return true;
  const named = 'pod' in server ? (server.pod.container.ports ?? []) : [];
  return ports.some(
    (each) =>
      each.port === port ||
      named.some(({ name, containerPort }) => name === each.port && containerPort === port),
  );
}
