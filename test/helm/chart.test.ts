import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { fieldOf, find, podOf, podsOf, RELEASE, type Rendered, render, VALUES_FILES } from './support/chart';
import { CHART, helm } from './support/helm';

const rendered: Record<string, readonly Rendered[]> = {};
const objectsOf = (values: string) => (rendered[values] ?? []).map(({ object }) => object);

beforeAll(async () => {
  await Promise.all(
    VALUES_FILES.map(async (values) => {
      rendered[values] = await render({ values });
    }),
  );
});

describe.each(VALUES_FILES)('values-%s.yaml', (values) => {
  test('passes helm lint', async () => {
    const { exitCode, stdout } = await helm([
      'lint',
      '--strict',
      CHART,
      '--values',
      join(CHART, `values-${values}.yaml`),
    ]);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringContaining('0 chart(s) failed'),
    });
  });

  test('each template renders objects of one kind, and no name twice', () => {
    const kinds = new Map<string, Set<string>>();
    for (const { template, object } of rendered[values] ?? [])
      kinds.set(template, (kinds.get(template) ?? new Set()).add(object.kind));
    expect([...kinds.values()].filter((kind) => kind.size > 1)).toEqual([]);
    const names = objectsOf(values).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names).toEqual([...new Set(names)]);
  });

  test('no Secret is made, and what names one names what the values name', () => {
    expect(objectsOf(values).filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });

  test('every object bears the release, so that it is found, and every selector finds the pods of its owner', () => {
    for (const { metadata } of objectsOf(values))
      expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/instance': RELEASE });
    for (const { owner, labels } of podsOf(objectsOf(values)).filter(
      ({ owner }) => !owner.kind.endsWith('Job'),
    ))
      expect(labels).toMatchObject(
        fieldOf<{ selector: { matchLabels: object } }>(owner).selector.matchLabels,
      );
  });
});

test('no two Deployments select the same pods', () => {
  const pods = podsOf(objectsOf('production')).filter(({ owner }) => owner.kind === 'Deployment');
  for (const { owner } of pods) {
    const wanted = Object.entries(fieldOf<{ selector: { matchLabels: object } }>(owner).selector.matchLabels);
    const taken = pods.filter(({ labels }) => wanted.every(([key, value]) => labels[key] === value));
    expect(taken.map((pod) => pod.owner.metadata.name)).toEqual([owner.metadata.name]);
  }
});

test('a dedicated pool gets workers of its own, scaled by its own jobs, with an own size', () => {
  const objects = objectsOf('production');
  expect(podOf(objects, 'art-worker-gallery').container.args).toEqual(['worker', '--pool', 'gallery']);
  const { triggers, ...scale } = fieldOf<{ triggers: { metadata: { query: string } }[] }>(
    find(objects, 'ScaledObject', 'art-worker-gallery'),
  );
  expect(scale).toMatchObject({
    minReplicaCount: 1,
    maxReplicaCount: 4,
    scaleTargetRef: { name: 'art-worker-gallery' },
    fallback: { replicas: 4 },
  });
  expect(triggers).toHaveLength(2);
  for (const { metadata } of triggers) expect(metadata.query).toContain("t.pool = 'gallery'");
});

test('a group of followers follows the chains that it lists', () => {
  expect(podOf(objectsOf('production'), 'art-follower-others').container.args).toEqual([
    ...['follower', '--chain', 'eip155:8453', '--chain', 'eip155:1284'],
  ]);
});

test('what is scaled automatically states no number of replicas, which an upgrade would set back', () => {
  const scaled = objectsOf('production').flatMap((object) =>
    ['ScaledObject', 'HorizontalPodAutoscaler'].includes(object.kind)
      ? [fieldOf<{ scaleTargetRef: { name: string } }>(object).scaleTargetRef.name]
      : [],
  );
  expect(scaled).toEqual(expect.arrayContaining(['art-api', 'art-worker-shared', 'art-worker-gallery']));
  for (const name of scaled)
    expect(
      fieldOf<{ replicas?: number }>(podOf(objectsOf('production'), name).owner).replicas,
    ).toBeUndefined();
});

test('without KEDA, pools are scaled by CPU instead', async () => {
  const objects = (await render({ values: 'production', set: { 'workers.autoscaling.mode': 'hpa' } })).map(
    ({ object }) => object,
  );
  expect(objects.filter(({ apiVersion }) => apiVersion.startsWith('keda.sh/'))).toEqual([]);
  expect(fieldOf(find(objects, 'HorizontalPodAutoscaler', 'art-worker-gallery'))).toMatchObject({
    minReplicas: 1,
    maxReplicas: 4,
  });
});

test('the certificate is asked of the issuer that the values name, for the host that is served', () => {
  const ingress = find(objectsOf('production'), 'Ingress', 'art-api');
  expect(ingress.metadata.annotations).toMatchObject({ 'cert-manager.io/cluster-issuer': 'letsencrypt' });
  expect(fieldOf(ingress)).toMatchObject({
    tls: [{ hosts: ['api.colophon.example'], secretName: 'art-tls' }],
    rules: [{ host: 'api.colophon.example', http: { paths: [{ path: '/graphql' }] } }],
  });
});

test('the chart is of the version of the code', () => {
  const { version } = JSON.parse(readFileSync(join(CHART, '../../package.json'), 'utf8'));
  expect(parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8'))).toMatchObject({
    version,
    appVersion: version,
  });
});
