import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import type { z } from 'zod';
import { accountIdSchema, chainIdSchema, moneyIdSchema } from '../caip';
import { BadUserInputError, parseInput } from '../inputs/parse-input';

function stringScalar(name: string, description: string, specifiedByURL: string, schema: z.ZodType<string>) {
  const parse = (value: unknown): string => parseInput(schema, value, name);
  return new GraphQLScalarType({
    name,
    description,
    specifiedByURL,
    serialize: (value) => String(value),
    parseValue: parse,
    parseLiteral: (node: ValueNode) => parse(node.kind === Kind.STRING ? node.value : undefined),
  });
}

/** CAIP-2, e.g. `eip155:11155111`. */
export const ChainIdScalar = stringScalar(
  'ChainId',
  'A blockchain by CAIP-2, e.g. `eip155:11155111`.',
  'https://chainagnostic.org/CAIPs/caip-2',
  chainIdSchema,
);

/** CAIP-10, e.g. `eip155:1:0xab16…`. */
export const AccountIdScalar = stringScalar(
  'AccountId',
  'An account on a blockchain by CAIP-10, e.g. `eip155:1:0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb`.',
  'https://chainagnostic.org/CAIPs/caip-10',
  accountIdSchema,
);

/** CAIP-19, e.g. `eip155:1/slip44:60`. */
export const MoneyIdScalar = stringScalar(
  'MoneyId',
  'Money by CAIP-19: native, e.g. `eip155:1/slip44:60`, or a token, e.g. `eip155:1/erc20:0xA0b8…`. On each chain it is another asset.',
  'https://chainagnostic.org/CAIPs/caip-19',
  moneyIdSchema,
);

/** A JSON value. */
export const JsonScalar = new GraphQLScalarType({
  name: 'JSON',
  description: 'A JSON value.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => literalToJson(node, variables ?? {}),
});

function literalToJson(node: ValueNode, variables: Record<string, unknown>): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.LIST:
      return node.values.map((value) => literalToJson(value, variables));
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields.map((field) => [field.name.value, literalToJson(field.value, variables)]),
      );
    case Kind.VARIABLE:
      return variables[node.name.value];
    case Kind.ENUM:
      throw new BadUserInputError('JSON', `${node.value} is not a JSON value`);
    default:
      return node.value;
  }
}
