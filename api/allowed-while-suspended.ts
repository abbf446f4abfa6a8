import { type GraphQLSchema, Kind, type OperationDefinitionNode, OperationTypeNode } from 'graphql';

/** Marks a mutation that only takes access away: a suspended tenant may still lock somebody out. */
export const TAKES_ACCESS_AWAY = 'takesAccessAway';

/** Whether a suspended tenant may run an operation: those that read, and those that only take access away. */
export function isAllowedWhileSuspended(
  schema: GraphQLSchema,
  { operation, selectionSet }: OperationDefinitionNode,
): boolean {
  if (operation !== OperationTypeNode.MUTATION) return true;
  const mutations = schema.getMutationType()?.getFields();
  // A fragment may hold anything: such an operation is written without one.
  return selectionSet.selections.every(
    (selection) =>
      selection.kind === Kind.FIELD &&
      mutations?.[selection.name.value]?.extensions[TAKES_ACCESS_AWAY] === true,
  );
}
