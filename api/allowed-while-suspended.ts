import { type GraphQLSchema, Kind, type OperationDefinitionNode, OperationTypeNode } from 'graphql';

/** Marks a mutation that only takes access away: a suspended tenant may still lock somebody out. */
export const TAKES_ACCESS_AWAY = 'takesAccessAway';

/** Marks a mutation that lets a tenant leave with what is its own. */
export const LETS_LEAVE = 'letsLeave';

/** Whether a suspended tenant may run an operation: those that read, take access away, or let it leave. */
export function isAllowedWhileSuspended(
  schema: GraphQLSchema,
  { operation, selectionSet }: OperationDefinitionNode,
): boolean {
  if (operation !== OperationTypeNode.MUTATION) return true;
  const mutations = schema.getMutationType()?.getFields();
  // A fragment may hold anything: such an operation is written without one.
  return selectionSet.selections.every((selection) => {
    if (selection.kind !== Kind.FIELD) return false;
    const extensions = mutations?.[selection.name.value]?.extensions;
    return extensions?.[TAKES_ACCESS_AWAY] === true || extensions?.[LETS_LEAVE] === true;
  });
}
