import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
import { environmentOf, fieldOf, find, type KubernetesObject, podOf, renderObjects } from './support/chart';

let own: readonly KubernetesObject[];
let external: readonly KubernetesObject[];

beforeAll(async () => {
  own = await renderObjects({ values: 'small' });
  external = await renderObjects({
    values: 'production',
    set: { 'backup.enabled': true, 'backup.databaseUrl.name': 'colophon-backup' },
  });
});

const argsOf = (objects: readonly KubernetesObject[]) => podOf(objects, 'art-postgresql').container.args;
const claimsOf = ({ volumes }: IPodSpec) =>
  volumes?.flatMap(({ name, persistentVolumeClaim: claim }) =>
    claim ? [`${name}: ${claim.claimName}`] : [],
  );

test("the release's PostgreSQL archives its log onto the claim that its backups are on", () => {
  expect(argsOf(own)).toEqual(
    [
      'max_connections=300',
      'archive_mode=on',
      expect.stringMatching(/^archive_command=.* %p \/backup\/wal\/%f\.gz$/),
    ]
      .concat(['archive_timeout=60', 'hba_file=/etc/colophon/backup/pg_hba.conf'])
      .flatMap((setting) => ['-c', setting]),
  );
  for (const owner of ['art-postgresql', 'art-backup', 'art-restore'])
    expect([owner, claimsOf(podOf(own, owner).spec)]).toEqual([
      owner,
      expect.arrayContaining(['backup: art-backup']),
    ]);
  expect(find(own, 'PersistentVolumeClaim', 'art-backup').metadata.annotations).toEqual({
    'helm.sh/resource-policy': 'keep',
  });
});

test('a backup runs where that volume is, one at a time, with all that the script reads', () => {
  const { spec } = podOf(own, 'art-backup');
  expect(spec.affinity).toMatchObject({
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        {
          topologyKey: 'kubernetes.io/hostname',
          labelSelector: { matchLabels: podOf(own, 'art-postgresql').labels },
        },
      ],
    },
  });
  expect(fieldOf(find(own, 'CronJob', 'art-backup'))).toMatchObject({
    concurrencyPolicy: 'Forbid',
    timeZone: 'Etc/UTC',
  });
  expect(environmentOf(own, podOf(own, 'art-backup'))).toEqual({
    BACKUP_DIR: '/backup',
    KEEP: '7',
    // Waits until the log is archived, so that an archive that fails is seen.
    WAL_METHOD: 'none',
    DATABASE_URL: 'secret:colophon/DATABASE_URL',
  });
});

test('of an external PostgreSQL, whose log is not ours, each backup holds what it needs, and nothing restores it', () => {
  expect(environmentOf(external, podOf(external, 'art-backup'))).toMatchObject({
    WAL_METHOD: 'stream',
    DATABASE_URL: 'secret:colophon-backup/BACKUP_DATABASE_URL',
    PGSSLROOTCERT: '/etc/colophon/ca/ca.crt',
  });
  expect(podOf(external, 'art-backup').spec.affinity).toBeUndefined();
  expect(() => podOf(external, 'art-restore')).toThrow('no pod');
});

test("a claim of one's own is used, and none is made", async () => {
  const objects = await renderObjects({ values: 'small', set: { 'backup.existingClaim': 'mine' } });
  expect(claimsOf(podOf(objects, 'art-backup').spec)).toEqual(['backup: mine']);
  expect(objects.filter(({ kind }) => kind === 'PersistentVolumeClaim')).toEqual([]);
});

test("a restore writes onto PostgreSQL's volume, and what only people start never starts by itself", () => {
  expect(claimsOf(podOf(own, 'art-restore').spec)).toEqual([
    'backup: art-backup',
    'data: data-art-postgresql-0',
  ]);
  const suspended = own.filter(
    (object) => object.kind === 'CronJob' && fieldOf<{ suspend?: boolean }>(object).suspend,
  );
  expect(suspended.map(({ metadata }) => metadata.name).sort()).toEqual([
    'art-check',
    'art-rebuild',
    'art-restore',
  ]);
});

test('check and rebuild are given what a follower is', () => {
  const given = Object.entries(environmentOf(own, podOf(own, 'art-follower-all'))).filter(
    ([name]) => !name.startsWith('HEALTH_'),
  );
  for (const owner of ['art-check', 'art-rebuild'])
    expect(environmentOf(own, podOf(own, owner))).toEqual(Object.fromEntries(given));
});

test('without backups nothing of them is there, and PostgreSQL is as it was', async () => {
  const objects = await renderObjects({ values: 'small', set: { 'backup.enabled': false } });
  expect(objects.filter(({ metadata }) => /backup|restore/.test(metadata.name))).toEqual([]);
  expect(argsOf(objects)).toEqual(['-c', 'max_connections=300']);
  expect(JSON.stringify(objects)).not.toContain('/backup');
});

test('the alert asks of the CronJob of this release, and by the age that the values name', async () => {
  const objects = await renderObjects({
    values: 'production',
    set: { fullnameOverride: 'other', 'backup.maxAgeHours': 50 },
  });
  const rule = JSON.stringify(find(objects, 'PrometheusRule', 'other'));
  expect(rule).toContain('kube_cronjob_status_last_successful_time{cronjob=\\"other-backup\\"}');
  expect(rule).toContain('> 180000');
});
