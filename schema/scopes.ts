/** What a caller may do: an API key by its own list, a person by role. The platform's own key has none of them. */
export const SCOPES = [
  'read',
  'project:write',
  'registry:write',
  'work:write',
  'dispatch:write',
  'guard:write',
  'royalty:read',
  'royalty:write',
  'settlement:write',
  'settlement:approve',
  'webhook:write',
  'key:write',
  'signing:write',
  'audit:read',
  'member:read',
  'member:write',
  'owner:write',
  'tenant:export',
] as const;
export type Scope = (typeof SCOPES)[number];
