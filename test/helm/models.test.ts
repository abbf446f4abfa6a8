import { type KubernetesObject, podOf, renderObjects, VALUES_FILES } from './support/chart';
import { findInvalid, findUnknownFields } from './support/models';

let objects: readonly KubernetesObject[];

beforeAll(async () => {
  const renderings = await Promise.all(
    [
      ...VALUES_FILES.map((values) => ({ values })),
      ...VALUES_FILES.map((values) => ({ values, upgrade: true })),
      // What neither of them has.
      {
        values: 'production',
        set: {
          'backup.enabled': true,
          'backup.databaseUrl.name': 'b',
          'backup.nodeSelector': { disk: 'slow' },
        },
      },
      {
        values: 'production',
        set: {
          'workers.autoscaling.mode': 'hpa',
          'image.pullSecrets': ['registry'],
          'workers.tolerations': [{ key: 'pool', operator: 'Exists', effect: 'NoSchedule' }],
          'api.nodeSelector': { disk: 'fast' },
          'api.trustedDocuments.configMap': 'documents',
          chains: {
            table: [{ chainId: 'eip155:1' }, { chainId: 'eip155:8453' }, { chainId: 'eip155:1284' }],
            existingSecret: { name: '' },
          },
        },
      },
    ].map(renderObjects),
  );
  objects = renderings.flat();
});

test('every object is what the Kubernetes API and KEDA take', async () => {
  expect(await findInvalid(objects)).toEqual([]);
});

test('no object has a field that the Kubernetes API or KEDA does not have', async () => {
  expect(await findUnknownFields(objects)).toEqual([]);
});

test('a wrong type, a missing field and a field that does not exist are found, however deep', async () => {
  const invalid = [
    changed('"containerPort":4000', '"containerPort":"4000"'),
    changed('"containerPort":4000,', ''),
  ];
  expect(await findInvalid(invalid)).toEqual([
    expect.stringContaining('containerPort must be integer'),
    expect.stringContaining('required property'),
  ]);
  const unknown = changed('"path":"/healthz"', '"uri":"/healthz"');
  expect(await findUnknownFields([unknown])).toEqual(
    expect.arrayContaining([expect.stringMatching(/^Deployment art-api: .*"uri".* does not exist/)]),
  );
});

/** The API's Deployment with another text somewhere in it. */
function changed(text: string, other: string): KubernetesObject {
  const before = JSON.stringify(podOf(objects, 'art-api').owner);
  if (!before.includes(text)) throw new Error(`${text} is not in ${before}`);
  return JSON.parse(before.replace(text, other));
}
