import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiStandIn } from './support/api-stand-in';
import { fieldOf, find, type KubernetesObject, RELEASE } from './support/chart';
import { CHART, helm } from './support/helm';
import { findInvalid } from './support/models';

const folder = mkdtempSync(join(tmpdir(), 'colophon-helm-release-'));
const kubeconfig = join(folder, 'kubeconfig');
let api: ApiStandIn;

beforeEach(async () => {
  api = new ApiStandIn();
  const server = await api.start();
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'c' },
      clusters: [{ name: 'c', cluster: { server } }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u', namespace: 'default' } }],
    }),
  );
});
afterEach(() => api.stop());
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs helm against the stand-in. @returns What it changed there, but its own records. */
async function change(...args: string[]): Promise<readonly string[]> {
  api.changes.length = 0;
  const { exitCode, stderr } = await helm(args, { KUBECONFIG: kubeconfig });
  if (exitCode !== 0) throw new Error(stderr);
  return api.changes.filter((each) => !each.includes('sh.helm.release'));
}

const valuesFile = (name: string) => ['--values', join(CHART, `values-${name}.yaml`)];
const replicas = () =>
  fieldOf<{ replicas: number }>(find(api.all(), 'Deployment', 'art-follower-ethereum')).replicas;

test('a release is installed, upgraded, rolled back and uninstalled; migrations come first, and nothing is left', async () => {
  const installed = await change('install', RELEASE, CHART, ...valuesFile('production'));
  expect(installed.indexOf('create Job art-migrate')).toBeLessThan(
    installed.indexOf('create Deployment art-api'),
  );
  expect(installed.indexOf('create ServiceAccount art-migrate')).toBeLessThan(
    installed.indexOf('create Job art-migrate'),
  );
  // What only migrations need is gone with them, the owner's rights over the database first.
  expect(api.all().filter(({ metadata }) => metadata.name === 'art-migrate')).toEqual([]);
  // What helm sent has passed through it, not only through its templates.
  expect(await findInvalid(api.all().map(withoutStatus))).toEqual([]);
  expect(replicas()).toBe(2);

  const upgrade = ['upgrade', RELEASE, CHART, ...valuesFile('production'), '--set', 'followers.replicas=3'];
  const upgraded = await change(...upgrade, '--set', 'workers.autoscaling.mode=hpa');
  expect(upgraded.indexOf('create Job art-migrate')).toBeLessThan(
    upgraded.indexOf('change Deployment art-follower-ethereum'),
  );
  expect(upgraded).toContain('delete ScaledObject art-worker-gallery');
  expect(replicas()).toBe(3);

  const rolledBack = await change('rollback', RELEASE, '1');
  // The tables stay as the newer version made them: what runs on them again has known how to since before.
  expect(rolledBack.filter((each) => each.includes('art-migrate'))).toEqual([]);
  expect(rolledBack).toContain('create ScaledObject art-worker-gallery');
  expect(replicas()).toBe(2);

  await change('uninstall', RELEASE);
  expect(api.all()).toEqual([]);
}, 90_000);

test('a release whose migrations fail starts nothing', async () => {
  api.failJobs = true;
  await expect(change('install', RELEASE, CHART, ...valuesFile('production'))).rejects.toThrow(
    /pre-install|Job/,
  );
  expect(api.all().filter(({ kind }) => kind === 'Deployment')).toEqual([]);
});

test('with a database of its own, a release migrates beside it at first, and before the others from then on', async () => {
  const installed = await change('install', RELEASE, CHART, ...valuesFile('small'));
  expect(installed).toEqual(
    expect.arrayContaining(['create StatefulSet art-postgresql', 'create Job art-migrate']),
  );
  const upgraded = await change(
    'upgrade',
    RELEASE,
    CHART,
    ...valuesFile('small'),
    '--set',
    'config.logLevel=debug',
  );
  expect(upgraded.indexOf('create Job art-migrate')).toBeLessThan(
    upgraded.indexOf('change Deployment art-api'),
  );
  await change('uninstall', RELEASE);
  // Backups outlive what they are of.
  expect(api.all().map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'PersistentVolumeClaim art-backup',
  ]);
});

/** As it was sent: the stand-in adds the state of Jobs. */
function withoutStatus({ status: _status, ...object }: KubernetesObject): KubernetesObject {
  return object;
}
