import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { parse } from 'yaml';
import type { KubernetesObject } from './chart';
import { isProtobuf, readSecret } from './protobuf-secret';

/** The kinds that the chart makes, and Secrets, in which helm keeps its releases. */
const RESOURCES = [
  ...['Secret', 'ConfigMap', 'Service', 'ServiceAccount', 'PersistentVolumeClaim', 'Pod', 'Event'].map(
    (kind) => resource('v1', kind),
  ),
  ...['Deployment', 'StatefulSet'].map((kind) => resource('apps/v1', kind)),
  ...['Job', 'CronJob'].map((kind) => resource('batch/v1', kind)),
  resource('autoscaling/v2', 'HorizontalPodAutoscaler'),
  resource('policy/v1', 'PodDisruptionBudget'),
  resource('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies'),
  resource('networking.k8s.io/v1', 'Ingress', 'ingresses'),
  resource('keda.sh/v1alpha1', 'ScaledObject'),
  resource('keda.sh/v1alpha1', 'TriggerAuthentication'),
  resource('monitoring.coreos.com/v1', 'PodMonitor'),
  resource('monitoring.coreos.com/v1', 'PrometheusRule'),
];

interface Resource {
  readonly groupVersion: string;
  readonly kind: string;
  readonly plural: string;
}

function resource(groupVersion: string, kind: string, plural = `${kind.toLowerCase()}s`): Resource {
  return { groupVersion, kind, plural };
}

/** With one object, or a stream of events about several. */
interface Answer {
  readonly code: number;
  readonly body?: object;
  readonly events?: readonly object[];
}

/** What was asked of the API that changes it, e.g. `create Job art-migrate`. */
export type Change = string;

/**
 * As much of the Kubernetes API as helm needs: discovery, and objects that are made, read, changed, watched and removed
 * in memory. No controller runs: a Job is finished as soon as it is made, or has failed if `failJobs` says so.
 */
export class ApiStandIn {
  readonly changes: Change[] = [];
  failJobs = false;
  private readonly objects = new Map<string, KubernetesObject>();
  private version = 1;
  private readonly server = createServer((request, response) => {
    this.answer(request)
      .catch((error: unknown) => refuse(500, 'InternalError', String(error)))
      .then((answer) => send(response, answer));
  });

  /** @returns The address of the API. */
  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('it listens on a TCP port');
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /** What is there but helm's own records. */
  all(): KubernetesObject[] {
    return [...this.objects.values()].filter(({ type }) => type !== 'helm.sh/release.v1');
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    // An empty document, of protobuf. What helm does not find in it it does not validate; the models' test does.
    if (url.pathname === '/openapi/v2') return { code: 200 };
    const discovery = discover(url.pathname);
    if (discovery !== undefined) return reply(200, discovery);
    const [, group, name] = /^\/(?:api|apis)\/(.+)\/namespaces\/default\/(.+)$/.exec(url.pathname) ?? [];
    const [plural, objectName] = (name ?? '').split('/');
    const found = RESOURCES.find((each) => each.groupVersion === group && each.plural === plural);
    if (found === undefined) return refuse(404, 'NotFound', `nothing at ${url.pathname}`);
    const body = await buffer(request);
    switch (request.method) {
      case 'GET':
        return objectName === undefined ? this.list(found, url) : this.read(found, objectName);
      case 'DELETE':
        return this.remove(found, objectName ?? '');
      default: {
        const object = isProtobuf(body) ? readSecret(body) : parse(body.toString('utf8'));
        return this.write(found, request, objectName ?? object.metadata.name, object);
      }
    }
  }

  private read({ kind }: Resource, name: string): Answer {
    const object = this.objects.get(`${kind} ${name}`);
    return object === undefined ? refuse(404, 'NotFound', `${kind} ${name} not found`) : reply(200, object);
  }

  private list({ kind, groupVersion }: Resource, { searchParams }: URL): Answer {
    const labels = (searchParams.get('labelSelector') ?? '').split(',').filter((part) => part !== '');
    const name = /metadata\.name=(\S+)/.exec(searchParams.get('fieldSelector') ?? '')?.[1];
    const items = [...this.objects.values()].filter(
      (object) =>
        object.kind === kind &&
        (name === undefined || object.metadata.name === name) &&
        labels.every((pair) => object.metadata.labels?.[pair.split('=')[0] ?? ''] === pair.split('=')[1]),
    );
    const metadata = { resourceVersion: String(this.version) };
    if (searchParams.get('watch') === null)
      return reply(200, { kind: `${kind}List`, apiVersion: groupVersion, metadata, items });
    // What is there, then a bookmark for the end of that (KEP-3157).
    const end = { ...metadata, annotations: { 'k8s.io/initial-events-end': 'true' } };
    const bookmark = { type: 'BOOKMARK', object: { kind, apiVersion: groupVersion, metadata: end } };
    return { code: 200, events: [...items.map((object) => ({ type: 'ADDED', object })), bookmark] };
  }

  private write(
    { kind }: Resource,
    { method, headers }: IncomingMessage,
    name: string,
    body: KubernetesObject,
  ): Answer {
    const key = `${kind} ${name}`;
    const before = this.objects.get(key);
    if (method === 'POST' && before !== undefined)
      return refuse(409, 'AlreadyExists', `${key} already exists`);
    const isApply = headers['content-type']?.includes('apply-patch') ?? false;
    if (method !== 'POST' && !isApply && before === undefined)
      return refuse(404, 'NotFound', `${key} not found`);
    const merged = method === 'PATCH' && !isApply ? mergePatch(before, body) : body;
    const object: KubernetesObject = {
      ...merged,
      ...(kind === 'Job' && { status: jobStatus(this.failJobs) }),
      metadata: {
        ...merged.metadata,
        ...{ uid: uidOf(before), resourceVersion: String(++this.version), namespace: 'default' },
        ...{ creationTimestamp: '2026-01-01T00:00:00Z', generation: 1 },
      },
    };
    this.objects.set(key, object);
    this.changes.push(`${before === undefined ? 'create' : 'change'} ${key}`);
    return reply(before === undefined ? 201 : 200, object);
  }

  private remove({ kind }: Resource, name: string): Answer {
    const key = `${kind} ${name}`;
    if (!this.objects.delete(key)) return refuse(404, 'NotFound', `${key} not found`);
    this.changes.push(`delete ${key}`);
    return reply(200, { kind: 'Status', apiVersion: 'v1', status: 'Success' });
  }
}

function uidOf(object: KubernetesObject | undefined): string {
  const metadata: object = object?.metadata ?? {};
  return 'uid' in metadata ? String(metadata.uid) : randomUUID();
}

/** RFC 7386. */
function mergePatch<T>(target: T | undefined, patch: T): T {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  // CAST: a patch of an object of this type.
  return result as T;
}

function jobStatus(failed: boolean): object {
  const type = failed ? 'Failed' : 'Complete';
  const condition = { type, status: 'True', reason: failed ? 'BackoffLimitExceeded' : 'CompletionsReached' };
  return { conditions: [condition], ...(failed ? { failed: 1 } : { succeeded: 1 }) };
}

/** What the API says of itself, in its plain form. */
function discover(path: string): object | undefined {
  if (path === '/version') return { major: '1', minor: '35', gitVersion: 'v1.35.0' };
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  const groups = [...new Set(RESOURCES.map(({ groupVersion }) => groupVersion))];
  if (path === '/apis') {
    const named = groups
      .filter((groupVersion) => groupVersion !== 'v1')
      .map((groupVersion) => {
        const [name, version] = groupVersion.split('/');
        return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
      });
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: named };
  }
  const groupVersion = path.replace(/^\/apis?\//, '');
  if (!groups.includes(groupVersion)) return undefined;
  const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
  const resources = RESOURCES.filter((each) => each.groupVersion === groupVersion).map(
    ({ kind, plural }) => ({
      ...{ name: plural, singularName: kind.toLowerCase(), namespaced: true, kind, verbs },
    }),
  );
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}

function reply(code: number, body: object): Answer {
  return { code, body };
}

function refuse(code: number, reason: string, message: string): Answer {
  return reply(code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, code });
}

function send(response: ServerResponse, { code, body, events }: Answer): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  // Nothing more will happen to those of a stream, but it stays open, as those of Kubernetes do.
  if (events === undefined) response.end(body === undefined ? '' : JSON.stringify(body));
  else for (const event of events) response.write(`${JSON.stringify(event)}\n`);
}
