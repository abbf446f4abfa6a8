import { type KubernetesObject, podOf, renderObjects } from './support/chart';
import { type End, reaches } from './support/reachability';

const rendered: Record<string, readonly KubernetesObject[]> = {};
beforeAll(async () => {
  rendered['small'] = await renderObjects({ values: 'small' });
  rendered['production'] = await renderObjects({
    values: 'production',
    set: { 'backup.enabled': true, 'backup.databaseUrl.name': 'colophon-backup' },
  });
  rendered['keda'] = await renderObjects({ values: 'small', set: { 'workers.autoscaling.mode': 'keda' } });
});

/** The other ends, with the port that each serves. */
const OUTSIDE = {
  dns: [{ namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } }, 53],
  'an RPC endpoint': [{ address: '203.0.113.7' }, 443],
  "the cloud's metadata": [{ address: '169.254.169.254' }, 80],
  "the cloud's metadata over TLS": [{ address: '169.254.169.254' }, 443],
  'the Kubernetes API': [{ address: '10.96.0.1' }, 443],
  'a host of the private network': [{ address: '192.168.1.1' }, 443],
  'SSH outside': [{ address: '203.0.113.7' }, 22],
  'the external PostgreSQL': [{ address: '10.20.0.5' }, 5432],
  'the external Redis': [{ address: '10.20.0.20' }, 6379],
  'a neighbour of the external PostgreSQL': [{ address: '10.20.0.40' }, 5432],
  'a pod of another namespace': [{ namespace: 'other', labels: {} }, 443],
} satisfies Readonly<Record<string, readonly [End, number]>>;

/** What the pod of this owner may connect to, of what is outside. */
function outsideOf(values: string, owner: string): string[] {
  const objects = rendered[values] ?? [];
  const pod = podOf(objects, owner);
  return Object.entries(OUTSIDE).flatMap(([name, [end, port]]) =>
    reaches(objects, { pod }, end, port) ? [name] : [],
  );
}

const STORES = ['the external PostgreSQL', 'the external Redis'];
test.each([
  ['art-api', ['dns', 'an RPC endpoint', ...STORES]],
  ['art-worker-shared', ['dns', 'an RPC endpoint', ...STORES]],
  ['art-worker-gallery', ['dns', 'an RPC endpoint', ...STORES]],
  // A follower takes no jobs, so it has no business with Redis.
  ['art-follower-ethereum', ['dns', 'an RPC endpoint', 'the external PostgreSQL']],
  // Who owns the database speaks to nobody else.
  ['art-migrate', ['dns', 'the external PostgreSQL']],
  ['art-check', ['dns', 'an RPC endpoint', 'the external PostgreSQL']],
  ['art-rebuild', ['dns', 'an RPC endpoint', 'the external PostgreSQL']],
  // What it takes away it puts on its claim.
  ['art-backup', ['dns', 'the external PostgreSQL']],
])('with external stores %s reaches what it needs, and nothing else outside', (owner, expected) => {
  expect(outsideOf('production', owner)).toEqual(expected);
});

test.each(['art-postgresql', 'art-redis', 'art-restore'])('%s reaches nothing at all', (owner) => {
  expect(outsideOf('small', owner)).toEqual([]);
});

/** Owners of a release with stores of its own. */
const OWNERS = [
  'art-api',
  'art-worker-shared',
  'art-follower-all',
  'art-migrate',
  'art-backup',
  'art-restore',
  'art-check',
  'art-postgresql',
  'art-redis',
];
const SERVERS: Readonly<Record<string, number>> = {
  'art-api': 4000,
  'art-worker-shared': 4001,
  'art-follower-all': 4001,
  'art-postgresql': 5432,
  'art-redis': 6379,
};

test('inside the release, roles reach the stores that they use, and nobody reaches anybody else', () => {
  const objects = rendered['small'] ?? [];
  const reached = OWNERS.flatMap((from) =>
    Object.entries(SERVERS).flatMap(([to, port]) =>
      from !== to && reaches(objects, { pod: podOf(objects, from) }, { pod: podOf(objects, to) }, port)
        ? [`${from} > ${to}`]
        : [],
    ),
  );
  expect(reached).toEqual([
    ...['art-api > art-postgresql', 'art-api > art-redis'],
    ...['art-worker-shared > art-postgresql', 'art-worker-shared > art-redis'],
    'art-follower-all > art-postgresql',
    ...['art-migrate > art-postgresql', 'art-backup > art-postgresql', 'art-check > art-postgresql'],
  ]);
});

test('a store lets nobody in but those who use it, whatever their own policies say', () => {
  const objects = rendered['small'] ?? [];
  const admitted = ['art-postgresql', 'art-redis'].flatMap((store) => {
    const itsOwn = objects.filter(
      ({ kind, metadata }) => kind !== 'NetworkPolicy' || metadata.name === store,
    );
    return OWNERS.filter(
      (from) =>
        from !== store &&
        reaches(itsOwn, { pod: podOf(itsOwn, from) }, { pod: podOf(itsOwn, store) }, SERVERS[store] ?? 0),
    ).map((from) => `${from} > ${store}`);
  });
  expect(admitted).toEqual([
    ...['art-api', 'art-worker-shared', 'art-follower-all', 'art-migrate', 'art-backup', 'art-check'].map(
      (from) => `${from} > art-postgresql`,
    ),
    ...['art-api', 'art-worker-shared'].map((from) => `${from} > art-redis`),
  ]);
});

test('a pod of the release for which nobody has written a policy reaches nobody, and nobody reaches it', () => {
  const objects = rendered['small'] ?? [];
  const api = podOf(objects, 'art-api');
  const unknown: End = {
    pod: { ...api, labels: { ...api.labels, 'app.kubernetes.io/component': 'console' } },
  };
  expect(reaches(objects, unknown, { address: '203.0.113.7' }, 443)).toBe(false);
  expect(reaches(objects, ingressController, unknown, 4000)).toBe(false);
});

const ingressController: End = { namespace: 'ingress-nginx', labels: {} };
const stranger: End = { namespace: 'other', labels: { 'app.kubernetes.io/component': 'api' } };
const keda: End = { namespace: 'keda', labels: {} };

test('from other namespaces the ingress controller reaches the API on its port, and nobody reaches anything else', () => {
  const objects = rendered['small'] ?? [];
  const reached = Object.entries({ ...SERVERS, 'art-migrate': 443 }).flatMap(([to, port]) =>
    [
      ['ingress', ingressController],
      ['stranger', stranger],
      ['keda', keda],
    ].flatMap(([name, from]) =>
      // CAST: pairs, whose second is an end.
      reaches(objects, from as End, { pod: podOf(objects, to) }, port) ? [`${String(name)} > ${to}`] : [],
    ),
  );
  expect(reached).toEqual(['ingress > art-api']);
  expect(reaches(objects, ingressController, { pod: podOf(objects, 'art-api') }, 4001)).toBe(false);
});

test("KEDA reaches the release's PostgreSQL only where it scales by it", () => {
  const objects = rendered['keda'] ?? [];
  expect(reaches(objects, keda, { pod: podOf(objects, 'art-postgresql') }, 5432)).toBe(true);
  expect(reaches(objects, keda, { pod: podOf(objects, 'art-redis') }, 6379)).toBe(false);
});
