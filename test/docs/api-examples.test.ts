import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { ErrorCode } from '../../schema/error-codes';

const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'api.md'), 'utf8');
const schema = buildSchema(readFileSync(join(root, 'schema', 'schema.graphql'), 'utf8'));
const examples = [...page.matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, text = '']) => text);

test('docs/api.md has examples', () => {
  expect(examples.length).toBeGreaterThan(10);
});

test.each(examples)('the schema accepts the example %#', (example) => {
  expect(validate(schema, parse(example))).toEqual([]);
});

test('every operation of the schema has an example', () => {
  const text = examples.join('\n');
  const operations = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(
    (type) => Object.keys(type?.getFields() ?? {}),
  );
  const missing = operations.filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
  expect(missing).toEqual([]);
});

test('every error code that a client can meet is explained', () => {
  const operatorOnly: string[] = [ErrorCode.EmbeddedServiceFailed];
  const missing = Object.values(ErrorCode).filter(
    (code) => !operatorOnly.includes(code) && !page.includes(`\`${code}\``),
  );
  expect(missing).toEqual([]);
});
