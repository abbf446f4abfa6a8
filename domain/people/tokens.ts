import { randomBytes } from 'node:crypto';
import { type TenantId, tenantIdSchema } from '../../schema/ids';

const SESSION = 'colophon_session_';
const INVITATION = /^colophon_invitation_([0-9a-f-]{36})_([\w-]{43})$/;

/** A new session's token with 256 random bits. It is shown once and kept only as a hash. */
export function generateSessionToken(): string {
  return SESSION + randomBytes(32).toString('base64url');
}

/** True for what may be a session's token, as opposed to an API key. */
export function isSessionToken(text: string): boolean {
  return text.startsWith(SESSION);
}

/** A new invitation with 256 random bits, which says whose it is. */
export function generateInvitation(tenantId: TenantId): string {
  return `colophon_invitation_${tenantId}_${randomBytes(32).toString('base64url')}`;
}

/** The tenant that an invitation names, or undefined if it is none. */
export function tenantOfInvitation(text: string): TenantId | undefined {
  return tenantIdSchema.safeParse(INVITATION.exec(text)?.[1]).data;
}
