import { SCOPES, type Scope } from './scopes';

/** What a person is to a tenant. */
export const MemberRole = {
  OWNER: 'OWNER',
  ADMIN: 'ADMIN',
  OPERATOR: 'OPERATOR',
  AUDITOR: 'AUDITOR',
  ARTIST: 'ARTIST',
} as const;
export type MemberRole = (typeof MemberRole)[keyof typeof MemberRole];

/** What each role may do. docs/security.md shows it as a table, and a test holds the two equal. */
export const ROLE_SCOPES: Readonly<Record<MemberRole, readonly Scope[]>> = {
  OWNER: SCOPES,
  ADMIN: SCOPES.filter((scope) => scope !== 'owner:write' && scope !== 'signing:write'),
  OPERATOR: [
    'read',
    'project:write',
    'registry:write',
    'work:write',
    'dispatch:write',
    'guard:write',
    'royalty:read',
    'royalty:write',
    'settlement:write',
    'webhook:write',
  ],
  AUDITOR: ['read', 'royalty:read', 'audit:read', 'member:read'],
  ARTIST: ['read', 'project:write', 'royalty:read'],
};
