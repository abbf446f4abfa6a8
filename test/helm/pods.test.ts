import { DEFAULT_WORKER_SETTINGS } from '../../workers/worker-runtime';
import {
  fieldOf,
  find,
  type KubernetesObject,
  podOf,
  podsOf,
  renderObjects,
  serversOf,
  VALUES_FILES,
} from './support/chart';

const rendered: Record<string, readonly KubernetesObject[]> = {};
beforeAll(async () => {
  for (const values of VALUES_FILES) rendered[values] = await renderObjects({ values });
});

/** Volumes that "restricted" allows (Pod Security Standards of Kubernetes, read 2026-11). */
const RESTRICTED_VOLUMES = [
  ...[
    'configMap',
    'csi',
    'downwardAPI',
    'emptyDir',
    'ephemeral',
    'persistentVolumeClaim',
    'projected',
    'secret',
  ],
];

describe.each(VALUES_FILES)('pods of values-%s.yaml', (values) => {
  test('keep to Pod Security "restricted"', () => {
    for (const { spec, container } of podsOf(rendered[values] ?? [])) {
      expect(spec).toMatchObject({
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
      for (const field of ['hostNetwork', 'hostPID', 'hostIPC', 'initContainers', 'ephemeralContainers'])
        expect(spec).not.toHaveProperty(field);
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        // Beyond "restricted".
        readOnlyRootFilesystem: true,
      });
      expect(spec.securityContext?.runAsUser).toBeGreaterThan(0);
      expect((container.ports ?? []).filter(({ hostPort }) => hostPort !== undefined)).toEqual([]);
      for (const { name: _name, ...volume } of spec.volumes ?? [])
        expect(RESTRICTED_VOLUMES).toEqual(expect.arrayContaining(Object.keys(volume)));
    }
  });

  test('hold no token of the Kubernetes API', () => {
    const pods = podsOf(rendered[values] ?? []);
    for (const { spec } of pods) {
      expect(spec.automountServiceAccountToken).toBe(false);
      const account = find(rendered[values] ?? [], 'ServiceAccount', spec.serviceAccountName ?? '');
      expect(account).toMatchObject({ automountServiceAccountToken: false });
    }
  });

  test('state what they take', () => {
    for (const { container } of podsOf(rendered[values] ?? []))
      expect(container.resources).toMatchObject({
        requests: { cpu: expect.any(String), memory: expect.any(String) },
        limits: { memory: expect.any(String) },
      });
  });

  test('that serve are asked for their health where they answer, and not sent work before they are ready', () => {
    for (const { container, component } of serversOf(rendered[values] ?? [])) {
      const port = component === 'api' ? 'http' : 'health';
      expect(container).toMatchObject({
        ports: [{ name: port }, { name: 'metrics' }],
        startupProbe: { httpGet: { path: '/healthz', port } },
        livenessProbe: { httpGet: { path: '/healthz', port } },
        readinessProbe: { httpGet: { path: '/readyz', port } },
      });
    }
  });
});

test('a worker is given longer to stop than its running jobs are', () => {
  const drainSeconds = DEFAULT_WORKER_SETTINGS.drainMs / 1_000;
  for (const { spec, component } of serversOf(rendered['production'] ?? [])) {
    // Ten more: connections are closed after that.
    expect({ component, enough: (spec.terminationGracePeriodSeconds ?? 0) >= drainSeconds + 10 }).toEqual({
      component,
      enough: true,
    });
  }
});

test('an API pod goes on answering while proxies still send it requests', () => {
  const { spec, container } = podOf(rendered['production'] ?? [], 'art-api');
  const seconds = container.lifecycle?.preStop?.sleep?.seconds ?? 0;
  expect(seconds).toBeGreaterThan(0);
  expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(seconds);
});

test('pods of a role are spread over zones and nodes, and a drain takes one at a time', () => {
  const objects = rendered['production'] ?? [];
  for (const { owner, spec, labels } of serversOf(objects)) {
    expect(spec.topologySpreadConstraints?.map(({ topologyKey }) => topologyKey)).toEqual([
      'topology.kubernetes.io/zone',
      'kubernetes.io/hostname',
    ]);
    for (const { labelSelector } of spec.topologySpreadConstraints ?? [])
      expect(labels).toMatchObject(labelSelector?.matchLabels ?? {});
    const budget = fieldOf<{ maxUnavailable: number; selector: { matchLabels: object } }>(
      find(objects, 'PodDisruptionBudget', owner.metadata.name),
    );
    expect(budget.maxUnavailable).toBe(1);
    expect(budget.selector).toEqual(fieldOf<{ selector: object }>(owner).selector);
  }
});

test.each([
  [
    'a setting of all roles',
    { 'config.logLevel': 'debug' },
    ['api', 'follower', 'follower', 'worker', 'worker'],
  ],
  ['a setting of the API', { 'api.introspection': true }, ['api']],
  ['the revision of Secrets', { secretsRevision: '2' }, ['api', 'follower', 'follower', 'worker', 'worker']],
])('%s restarts the pods that read it, and no others', async (_what, set, restarted) => {
  const after = await renderObjects({ values: 'production', set });
  const changed = serversOf(after).filter(
    ({ owner, annotations }) =>
      JSON.stringify(annotations) !==
      JSON.stringify(podOf(rendered['production'] ?? [], owner.metadata.name).annotations),
  );
  expect(changed.map(({ component }) => component).sort()).toEqual(restarted);
});
