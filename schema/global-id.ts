import { z } from 'zod';

/** The types that `node(id:)` can return. */
export const NODE_TYPES = [
  'Project',
  'Registry',
  'Work',
  'Dispatch',
  'Sale',
  'GuardAction',
  'Settlement',
  'WebhookEndpoint',
  'WebhookDelivery',
  'ApiKey',
  'Member',
  'SigningKey',
  'TenantExport',
] as const;
export type NodeType = (typeof NODE_TYPES)[number];

/**
 * A Relay global id: opaque to clients, unique over all types. It names a type and a row, and grants
 * nothing: the row is looked up behind the caller's own tenant wall.
 */
export function encodeGlobalId(type: NodeType, id: string): string {
  return Buffer.from(`${type}:${id}`).toString('base64url');
}

/** The type and row of a global id, or undefined when `value` is not one. */
export function decodeGlobalId(value: string): { type: NodeType; id: string } | undefined {
  const [type, id] = Buffer.from(value, 'base64url').toString('utf8').split(':');
  const known = NODE_TYPES.find((name) => name === type);
  if (known === undefined || id === undefined || !z.uuid().safeParse(id).success) return undefined;
  return { type: known, id };
}
