import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudEvent } from 'cloudevents';
import { adoptedCollectionAbi } from '../../chains/abi/adopted-collection';
import { collectionAbi } from '../../chains/abi/collection';
import { licenceBookAbi } from '../../chains/abi/licence-book';
import { WEBHOOK_EVENT_TYPES } from '../../schema/webhook-events';
import { LICENCE_ARGS, WORK_ARGS, webhookExamples } from './webhook-examples';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'webhooks.md'), 'utf8');
const shown = new Map(
  [...page.matchAll(/### `([a-z_.]+)`\n[\s\S]*?```json\n([\s\S]*?)```/g)].map(([, type = '', json = '']) => [
    type,
    json,
  ]),
);
const made = webhookExamples();

test('docs/webhooks.md shows an example of every type, and of no other', () => {
  expect([...shown.keys()]).toEqual([...WEBHOOK_EVENT_TYPES]);
  expect([...made.keys()].sort()).toEqual([...WEBHOOK_EVENT_TYPES].sort());
});

test.each(WEBHOOK_EVENT_TYPES)('the example of %s is what goes out', (type) => {
  const example = JSON.parse(shown.get(type) ?? 'null');
  expect(example).toEqual(JSON.parse(made.get(type) ?? ''));
  expect(new CloudEvent(example).validate()).toBe(true);
});

test.each(Object.entries(WORK_ARGS))('the facts of %s are named as its contract names them', (name, args) => {
  const event = [...collectionAbi, ...adoptedCollectionAbi].find(
    (item) => item.type === 'event' && item.name === name,
  );
  const inputs = event?.type === 'event' ? event.inputs.map((input) => input.name) : [];
  expect(Object.keys(args ?? {}).sort()).toEqual([...inputs].sort());
});

test.each(Object.entries(LICENCE_ARGS))('the facts of %s are named as its book names them', (name, args) => {
  const event = licenceBookAbi.find((item) => item.type === 'event' && item.name === name);
  const inputs = event?.type === 'event' ? event.inputs : [];
  const names = inputs.flatMap((input) =>
    'components' in input ? input.components.map((field) => field.name) : [input.name],
  );
  expect(Object.keys(args ?? {}).sort()).toEqual([...new Set<string>(names)].sort());
});
