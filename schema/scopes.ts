/** What an API key may do. `operator` belongs to the platform's own key and to no tenant. */
export const SCOPES = [
  'read',
  'project:write',
  'registry:write',
  'work:write',
  'dispatch:write',
  'guard:write',
  'webhook:write',
  'key:write',
  'audit:read',
] as const;
export type Scope = (typeof SCOPES)[number];
