// Reads a JSON array of Kubernetes objects from standard input and prints a JSON array of what is wrong with each, by
// the validators of kubernetes-models (made from the OpenAPI definitions of Kubernetes and from the CRDs of KEDA and of Prometheus' operator). A process
// of its own, since the models are ES modules.
import { text } from 'node:stream/consumers';

const LIBRARIES = {
  'keda.sh': '@kubernetes-models/keda',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
};

const objects = JSON.parse(await text(process.stdin));
const problems = await Promise.all(objects.map(check));
process.stdout.write(JSON.stringify(problems));

async function check(object) {
  const { apiVersion, kind } = object;
  const library = LIBRARIES[apiVersion.split('/')[0]] ?? 'kubernetes-models';
  const { [kind]: Model } = await import(`${library}/${apiVersion}/${kind}`);
  try {
    new Model(object).validate();
    return '';
  } catch (error) {
    return `${kind} ${object.metadata.name}: ${error.message}`;
  }
}
