import 'reflect-metadata';
import { type FragmentDefinitionNode, type GraphQLResolveInfo, Kind, parse } from 'graphql';
import type { Selection } from '../schema/selection';
import { selectionOf } from './selected';

type Info = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;

/** What a resolver is told of the root fields called `page`. */
function infoOf(source: string): Info {
  const { definitions } = parse(source);
  const fragments: Record<string, FragmentDefinitionNode> = {};
  const fieldNodes = [];
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    for (const node of definition.selectionSet.selections)
      if (node.kind === Kind.FIELD) fieldNodes.push(node);
  }
  return { fieldNodes, fragments };
}

type Plain = { [name: string]: Plain };
const plain = (selection: Selection): Plain =>
  Object.fromEntries([...selection].map(([name, below]) => [name, plain(below)]));

test.each([
  ['fields by their names, not their aliases', '{ page { a: id b: work { c: id } } }'],
  ['fields of fragments', '{ page { ...F } } fragment F on Page { id ... on Page { work { id } } }'],
  ['the same field several times', '{ page { work { id } work { id } id } }'],
  ['several nodes of one field', '{ page { id } page { work { id } } }'],
  [
    'what a variable may leave out',
    'query ($no: Boolean!) { page { id @include(if: $no) ... @skip(if: $no) { work { id } } } }',
  ],
])('a selection holds %s', (_what, source) => {
  expect(plain(selectionOf(infoOf(source)))).toEqual({ id: {}, work: { id: {} } });
});

test('the same nodes have the same selection, and others their own, even if they begin alike', () => {
  const info = infoOf('{ page { id } page { work { id } } }');
  expect(selectionOf(info)).toBe(selectionOf({ ...info, fieldNodes: [...info.fieldNodes] }));
  const [first] = info.fieldNodes;
  if (first === undefined) throw new Error('the document has a field');
  expect(plain(selectionOf({ ...info, fieldNodes: [first] }))).toEqual({ id: {} });
});
