import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, isInputObjectType } from 'graphql';
import { inputHash, SECRET_INPUTS } from './audit-entry';

const schema = buildSchema(readFileSync(join(__dirname, '..', '..', 'schema', 'schema.graphql'), 'utf8'));

test('every input of the schema that is named like a secret is left out of hashes', () => {
  const inputs = Object.values(schema.getTypeMap()).filter(isInputObjectType);
  const named = inputs
    .flatMap((type) => Object.keys(type.getFields()))
    .filter((name) => /password|secret|private|keystore|invitation|mnemonic|token$/i.test(name));
  expect([...new Set(named)].sort()).toEqual([...SECRET_INPUTS].sort());
});

test('a document that a tenant keeps is hashed whole, whatever its fields are called', () => {
  const hashOf = (metadata: object) => inputHash({ input: { workId: 'w', metadata } });
  expect(hashOf({ password: 'a' })).not.toBe(hashOf({ password: 'b' }));
});

test('arguments beside an input count', () => {
  const args = (id: string) => ({ id }) as Parameters<typeof inputHash>[0];
  expect(inputHash(args('1'))).not.toBe(inputHash(args('2')));
});
