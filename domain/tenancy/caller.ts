import { encodeGlobalId } from '../../schema/global-id';
import type { ApiKeyId, MemberId, SessionId, TenantId } from '../../schema/ids';
import type { Scope } from '../../schema/scopes';
import type { AuthorityEpoch } from '../../tenants/authority-epochs';
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

/** A caller as it was looked up, and until when that may hold. */
export interface Authority {
  readonly caller: Caller;
  /** Of the caller's tenant: while it is the same, only time can have changed the caller. */
  readonly epoch: AuthorityEpoch;
  /** Milliseconds from the look-up to when it ends by itself; null if it does not. */
  readonly endsInMs: number | null;
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
