import {
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';

/** How deep fields may nest: a page of dispatches down to the name of their registry's project needs 7. */
export const MAX_DEPTH = 7;

/** Refuses operations whose fields nest deeper than {@link MAX_DEPTH}. Introspection is not counted. */
export const depthLimit: ValidationRule = (context) => {
  const measure = depthMeter((name) => context.getFragment(name) ?? undefined);
  return {
    OperationDefinition(operation) {
      if (measure(operation.selectionSet) <= MAX_DEPTH) return;
      context.reportError(
        new GraphQLError(`The operation nests fields deeper than ${MAX_DEPTH}.`, { nodes: operation }),
      );
    },
  };
};

function depthMeter(fragment: (name: string) => FragmentDefinitionNode | undefined) {
  const known = new Map<string, number>();

  const ofFragment = (name: string): number => {
    const depth = known.get(name);
    if (depth !== undefined) return depth;
    known.set(name, 0); // a fragment that spreads itself is refused by another rule; here it just ends
    const measured = ofSelections(fragment(name)?.selectionSet);
    known.set(name, measured);
    return measured;
  };
  const ofSelection = (node: SelectionNode): number => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return ofFragment(node.name.value);
    if (node.kind === Kind.INLINE_FRAGMENT) return ofSelections(node.selectionSet);
    return node.name.value.startsWith('__') ? 0 : 1 + ofSelections(node.selectionSet);
  };
  const ofSelections = (set: SelectionSetNode | undefined): number =>
    (set?.selections ?? []).reduce((deepest, node) => Math.max(deepest, ofSelection(node)), 0);
  return ofSelections;
}
