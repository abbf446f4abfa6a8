import { encodeGlobalId } from '../../schema/global-id';
import type { ApiKeyId, MemberId, SessionId, TenantId } from '../../schema/ids';
import type { Scope } from '../../schema/scopes';
import type { TenantStanding } from './tenant-standing';

/** A tenant's machine, by its key. */
export interface KeyActor {
  readonly type: 'ApiKey';
  readonly id: ApiKeyId;
}

/** A person of a tenant, by a session. */
export interface MemberActor {
  readonly type: 'Member';
  readonly id: MemberId;
  readonly sessionId: SessionId;
}

/** Who a request speaks for. */
export interface Caller {
  readonly tenantId: TenantId;
  readonly actor: KeyActor | MemberActor;
  readonly scopes: readonly Scope[];
  readonly standing: TenantStanding;
}

export interface PersonCaller extends Caller {
  readonly actor: MemberActor;
}

export function isPerson(caller: Caller): caller is PersonCaller {
  return caller.actor.type === 'Member';
}

/** How the audit log names a caller. */
export function actorId({ actor }: Caller): string {
  return encodeGlobalId(actor.type, actor.id);
}
