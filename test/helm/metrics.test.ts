import '../../api/metrics';
import '../../chains/metrics';
import '../../domain/metrics';
import '../../workers/metrics';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { collectDefaultMetrics, register } from 'prom-client';
import { z } from 'zod';
import { fieldOf, find, type KubernetesObject, renderObjects } from './support/chart';

const RUNBOOKS = join(__dirname, '../../docs/runbooks');
/** What kube-state-metrics shows of CronJobs (its documentation, docs/metrics/workload/cronjob-metrics.md, 2.x). */
const OF_CRONJOBS = ['kube_cronjob_status_last_successful_time', 'kube_cronjob_created'];
/** What Prometheus adds to each metric that it scrapes. */
const LABELS_OF_SCRAPES = ['pod'];

const groupsSchema = z.array(
  z.object({
    rules: z.array(
      z.object({
        alert: z.string(),
        expr: z.string(),
        labels: z.object({ severity: z.enum(['critical', 'warning']) }),
        annotations: z.object({ summary: z.string(), runbook_url: z.string() }),
      }),
    ),
  }),
);
const dashboardSchema = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
});

let objects: readonly KubernetesObject[];
let rules: z.output<typeof groupsSchema>[number]['rules'];
let panels: z.output<typeof dashboardSchema>['panels'];
/** Labels of each series that a process can show, by the series' name. */
const series = new Map<string, readonly string[]>();

beforeAll(async () => {
  objects = await renderObjects({ values: 'production' });
  const spec = fieldOf<{ groups: unknown }>(find(objects, 'PrometheusRule', 'art'), 'spec');
  rules = groupsSchema.parse(spec.groups).flatMap((group) => group.rules);
  const data = fieldOf<Record<string, string>>(find(objects, 'ConfigMap', 'art-dashboard'), 'data');
  panels = dashboardSchema.parse(JSON.parse(data['colophon.json'] ?? '')).panels;
  collectDefaultMetrics();
  for (const name of OF_CRONJOBS) series.set(name, ['namespace', 'cronjob']);
  for (const { name, type, labelNames } of register.getMetricsAsArray() as unknown as {
    name: string;
    type: string;
    labelNames: string[];
  }[]) {
    series.set(name, labelNames);
    if (type !== 'histogram') continue;
    for (const part of ['bucket', 'count', 'sum']) series.set(`${name}_${part}`, [...labelNames, 'le']);
  }
});

/** What a query is made of. @throws Error if it is not PromQL. */
function partsOf(query: string): { metrics: string[]; labels: string[] } {
  const parts = { metrics: [] as string[], labels: [] as string[] };
  parser.parse(query).iterate({
    enter({ type, from, to, node }) {
      const text = query.slice(from, to);
      if (type.isError) throw new Error(`"${query}" is no PromQL at ${from}`);
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector') parts.metrics.push(text);
      if (type.name === 'LabelName') parts.labels.push(text);
    },
  });
  return parts;
}

/** What a query asks for that no process shows. */
function unknownIn(query: string): string[] {
  const { metrics, labels } = partsOf(query);
  const known = [...LABELS_OF_SCRAPES, ...metrics.flatMap((name) => series.get(name) ?? [])];
  return [
    ...metrics.filter((name) => !series.has(name)),
    ...labels.filter((label) => !known.includes(label)),
  ];
}

test('every alert and panel asks for metrics and labels that processes show, and each metric of ours is asked for', () => {
  const queries = [
    ...rules.map(({ expr }) => expr),
    ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ];
  expect(queries).toHaveLength(19 + 19);
  expect(queries.flatMap(unknownIn)).toEqual([]);
  const asked = queries.flatMap((query) => partsOf(query).metrics);
  const ours = register.getMetricsAsArray().filter(({ name }) => name.startsWith('colophon_'));
  expect(ours.map(({ name }) => name).filter((name) => !asked.some((one) => one.startsWith(name)))).toEqual(
    [],
  );
});

test('a metric, a label or an expression that is wrong would be found', () => {
  expect(unknownIn('rate(colophon_made_up_total[5m])')).toEqual(['colophon_made_up_total']);
  expect(unknownIn('sum by (colour) (colophon_queue_due_jobs)')).toEqual(['colour']);
  expect(() => unknownIn('sum by (pool) (colophon_queue_due_jobs')).toThrow('no PromQL');
});

test('every alert links to a runbook of its own name that says what it means, where to look and what to do', () => {
  const pages = readdirSync(RUNBOOKS).sort();
  expect(pages).toEqual(rules.map(({ alert }) => `${alert}.md`).sort());
  for (const { alert, annotations } of rules) {
    expect(annotations.runbook_url).toBe(`docs/runbooks/${alert}.md`);
    const page = readFileSync(join(RUNBOOKS, `${alert}.md`), 'utf8');
    expect(page.split('\n')[0]).toBe(`# ${alert}`);
    for (const part of ['**What users notice.**', '**Look at**', '**Do**']) expect(page).toContain(part);
  }
});

test('without a wish nothing of Prometheus or Grafana is made, so that clusters without them take the chart', async () => {
  const small = await renderObjects({ values: 'small' });
  expect(
    small.filter(
      ({ kind, metadata }) =>
        ['PodMonitor', 'PrometheusRule'].includes(kind) || metadata.name === 'art-dashboard',
    ),
  ).toEqual([]);
});

test('the scraped pods are those of all three roles, by the port that each of them has', () => {
  const spec = fieldOf<{
    selector: { matchLabels: object; matchExpressions: unknown };
    podMetricsEndpoints: unknown;
  }>(find(objects, 'PodMonitor', 'art'), 'spec');
  expect(spec.podMetricsEndpoints).toEqual([{ port: 'metrics', interval: '30s' }]);
  const workloads = objects.filter(({ kind }) => kind === 'Deployment');
  const scraped = workloads.filter((workload) =>
    JSON.stringify(fieldOf(workload, 'spec')).includes('"name":"metrics"'),
  );
  expect(scraped.map(({ metadata }) => metadata.name).sort()).toEqual([
    'art-api',
    'art-follower-ethereum',
    'art-follower-others',
    'art-worker-gallery',
    'art-worker-shared',
  ]);
});
