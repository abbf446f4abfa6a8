import { join } from 'node:path';
import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
import type { IPodTemplateSpec } from 'kubernetes-models/v1/PodTemplateSpec';
import { parse } from 'yaml';
import { CHART, helm } from './helm';

/** What all objects have; the models of Kubernetes check the rest. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** The templates' object, and the file that rendered it. */
export interface Rendered {
  readonly template: string;
  readonly object: KubernetesObject;
}

export interface RenderOptions {
  /** Of the chart's folder, e.g. `small` for values-small.yaml. */
  readonly values?: string;
  /** As of `--set-json`. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** As if a release were there already. */
  readonly upgrade?: boolean;
}

/** The values files that the chart ships. */
export const VALUES_FILES = ['small', 'production'] as const;
export const RELEASE = 'art';

function argumentsOf({ values, set = {}, upgrade = false }: RenderOptions): string[] {
  return [
    ...(values === undefined ? [] : ['--values', join(CHART, `values-${values}.yaml`)]),
    ...Object.entries(set).flatMap(([key, value]) => ['--set-json', `${key}=${JSON.stringify(value)}`]),
    ...(upgrade ? ['--is-upgrade'] : []),
  ];
}

/** @throws Error with what helm says if it renders nothing. */
export async function render(options: RenderOptions): Promise<readonly Rendered[]> {
  const { exitCode, stdout, stderr } = await helm(['template', RELEASE, CHART, ...argumentsOf(options)]);
  if (exitCode !== 0) throw new Error(stderr);
  return stdout.split(/^---$/m).flatMap((text) => {
    const object: KubernetesObject | null = parse(text);
    if (object === null) return [];
    const [, template] = /^# Source: colophon\/templates\/(\S+)$/m.exec(text) ?? [];
    if (template === undefined) throw new Error(`an object comes from no template:\n${text}`);
    return [{ template, object }];
  });
}

export async function renderObjects(options: RenderOptions): Promise<readonly KubernetesObject[]> {
  return (await render(options)).map(({ object }) => object);
}

/** What helm says to values that it must not accept. @throws Error if it accepts them. */
export async function renderError(options: RenderOptions): Promise<string> {
  const { exitCode, stderr } = await helm(['template', RELEASE, CHART, ...argumentsOf(options)]);
  if (exitCode === 0) throw new Error('helm accepted these values');
  return stderr;
}

/** The one object of this kind and name. @throws Error if it is not there. */
export function find(objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found;
}

/** The object's `spec`, or another field of it. The models' test holds that it has this shape. */
export function fieldOf<Field>(object: KubernetesObject, field = 'spec'): Field {
  // CAST: see above.
  return object[field] as Field;
}

/** A pod as its owner makes it. */
export interface PodTemplate {
  readonly owner: KubernetesObject;
  /** e.g. `worker`. */
  readonly component: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: IPodSpec;
  /** The only one. */
  readonly container: IContainer;
}

const OWNERS = ['Deployment', 'StatefulSet', 'Job', 'CronJob'];

interface PodOwner {
  readonly template: IPodTemplateSpec;
}

/** A CronJob's pod is that of its Jobs. */
function podOwnerSpecOf(owner: KubernetesObject): PodOwner {
  return owner.kind === 'CronJob'
    ? fieldOf<{ jobTemplate: { spec: PodOwner } }>(owner).jobTemplate.spec
    : fieldOf<PodOwner>(owner);
}

export function podsOf(objects: readonly KubernetesObject[]): readonly PodTemplate[] {
  return objects
    .filter(({ kind }) => OWNERS.includes(kind))
    .map((owner) => {
      const { metadata, spec } = podOwnerSpecOf(owner).template;
      const labels = metadata?.labels ?? {};
      const [container, ...others] = spec?.containers ?? [];
      if (spec === undefined || container === undefined || others.length > 0)
        throw new Error(`${owner.metadata.name} has not one container`);
      return {
        owner,
        component: labels['app.kubernetes.io/component'] ?? '',
        labels,
        annotations: metadata?.annotations ?? {},
        spec,
        container,
      };
    });
}

/** Components that run PostgreSQL's image, or Redis'. */
const OTHERS_IMAGES = ['postgresql', 'redis', 'backup', 'restore'];

/** The pods of our own image. */
export function ourPodsOf(objects: readonly KubernetesObject[]): readonly PodTemplate[] {
  return podsOf(objects).filter(({ component }) => !OTHERS_IMAGES.includes(component));
}

/** Those that run until they are replaced. */
export function serversOf(objects: readonly KubernetesObject[]): readonly PodTemplate[] {
  return ourPodsOf(objects).filter(({ owner }) => owner.kind === 'Deployment');
}

/** The one pod of this owner. @throws Error if it is not there. */
export function podOf(objects: readonly KubernetesObject[], ownerName: string): PodTemplate {
  const found = podsOf(objects).find(({ owner }) => owner.metadata.name === ownerName);
  if (found === undefined) throw new Error(`there is no pod of ${ownerName}`);
  return found;
}

/** What a container's environment says, and whence: ConfigMaps are looked up, Secrets shown as `secret:name/key`. */
export function environmentOf(
  objects: readonly KubernetesObject[],
  { container }: PodTemplate,
): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const { configMapRef } of container.envFrom ?? [])
    Object.assign(result, fieldOf<object>(find(objects, 'ConfigMap', configMapRef?.name ?? ''), 'data'));
  for (const { name, value, valueFrom } of container.env ?? [])
    result[name] = value ?? `secret:${valueFrom?.secretKeyRef?.name}/${valueFrom?.secretKeyRef?.key}`;
  return result;
}
