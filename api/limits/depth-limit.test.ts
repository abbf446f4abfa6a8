import { buildSchema, parse, validate } from 'graphql';
import { depthLimit, MAX_DEPTH } from './depth-limit';

const schema = buildSchema('type Query { child: Query, leaf: Int }');
const nest = (depth: number) => `${'child { '.repeat(depth - 1)}leaf${' }'.repeat(depth - 1)}`;
const errorsOf = (text: string) => validate(schema, parse(text), [depthLimit]).map(({ message }) => message);
const TOO_DEEP = [`The operation nests fields deeper than ${MAX_DEPTH}.`];

test('lets the deepest allowed operation pass, and refuses one level more', () => {
  expect(errorsOf(`{ ${nest(MAX_DEPTH)} }`)).toEqual([]);
  expect(errorsOf(`{ ${nest(MAX_DEPTH + 1)} }`)).toEqual(TOO_DEEP);
});

test('counts through fragments, named and inline, but not the fragments themselves', () => {
  const split = (depth: number) =>
    `{ child { ...A ... on Query { leaf } } } fragment A on Query { ... on Query { ${nest(depth)} } }`;
  expect(errorsOf(split(MAX_DEPTH - 1))).toEqual([]);
  expect(errorsOf(split(MAX_DEPTH))).toEqual(TOO_DEEP);
});

test('ends on a fragment that spreads itself', () => {
  expect(errorsOf('{ ...A } fragment A on Query { child { ...A } }')).toEqual([]);
});

test('does not count introspection', () => {
  const types = `${'ofType { '.repeat(MAX_DEPTH)}name${' }'.repeat(MAX_DEPTH)}`;
  expect(errorsOf(`{ __type(name: "Query") { ${types} } }`)).toEqual([]);
});
