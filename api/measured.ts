import type { ApolloServerPlugin } from '@apollo/server';
import { trace } from '@opentelemetry/api';
import { Kind, type OperationDefinitionNode } from 'graphql';
import { operationDuration } from './metrics';
import type { RequestContext } from './request-context';

/** Measures each operation by its root fields, of which the schema has only so many: a client's names are his own. */
export const measured: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    const begun = performance.now();
    return {
      async willSendResponse({ operation, errors }) {
        if (operation === undefined) return;
        const seconds = (performance.now() - begun) / 1_000;
        const fields = rootFieldsOf(operation);
        trace.getActiveSpan()?.updateName(`${operation.operation} ${[...fields].join(' ')}`);
        const outcome = errors === undefined ? 'ok' : 'error';
        for (const field of fields)
          operationDuration.observe({ operation: operation.operation, field, outcome }, seconds);
      },
    };
  },
};

/** Fields behind a fragment at the root are not looked for: they count as `fragment`. */
function rootFieldsOf({ selectionSet }: OperationDefinitionNode): ReadonlySet<string> {
  return new Set(
    selectionSet.selections.map((selection) =>
      selection.kind === Kind.FIELD ? selection.name.value : 'fragment',
    ),
  );
}
