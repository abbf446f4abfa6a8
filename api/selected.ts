import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import { createParameterDecorator } from 'type-graphql';
import type { Selection } from '../schema/selection';

type Asked = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;

/** By the first node of a field: documents that come again have the same nodes. */
const known = new WeakMap<
  FieldNode,
  { readonly nodes: readonly FieldNode[]; readonly selection: Selection }
>();

/** Gives a resolver what its answer shows, see {@link selectionOf}. */
export function Selected(): ReturnType<typeof createParameterDecorator> {
  return createParameterDecorator(({ info }) => selectionOf(info));
}

/**
 * What the answer to a field shows, whichever fragments it is in. It is never less than what is shown: what `@skip` and
 * `@include` may leave out is in it.
 *
 * @returns the same object each time that a remembered document is asked.
 */
export function selectionOf({ fieldNodes, fragments }: Asked): Selection {
  const [first] = fieldNodes;
  if (first === undefined) throw new Error('a field that is asked for has a node');
  const before = known.get(first);
  if (before !== undefined && isSame(before.nodes, fieldNodes)) return before.selection;
  const selection: Merged = new Map();
  for (const { selectionSet } of fieldNodes) merge(selectionSet, fragments, selection);
  known.set(first, { nodes: [...fieldNodes], selection });
  return selection;
}

interface Merged extends Map<string, Merged> {}

function merge(set: SelectionSetNode | undefined, fragments: Asked['fragments'], into: Merged): void {
  for (const node of set?.selections ?? []) {
    if (node.kind === Kind.FIELD) {
      const below = into.get(node.name.value) ?? new Map();
      into.set(node.name.value, below);
      merge(node.selectionSet, fragments, below);
    } else if (node.kind === Kind.INLINE_FRAGMENT) merge(node.selectionSet, fragments, into);
    else merge(fragments[node.name.value]?.selectionSet, fragments, into);
  }
}

function isSame(some: readonly FieldNode[], others: readonly FieldNode[]): boolean {
  return some.length === others.length && some.every((node, index) => node === others[index]);
}
