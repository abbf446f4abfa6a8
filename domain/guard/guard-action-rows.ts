import type { GuardAction } from '../../schema/types/guard-action';
import { DISPATCHES } from '../dispatch/dispatch-rows';
import { NodeRows } from '../node-rows';
import { REGISTRIES } from '../registry/registry-rows';
import { WORKS } from '../registry/work-rows';

export const GUARD_ACTIONS = new NodeRows<GuardAction, 'registry' | 'work' | 'dispatch'>({
  name: 'guard_actions',
  fields: {
    id: 'id',
    registryId: 'registry_id',
    workId: 'work_id',
    dispatchId: 'dispatch_id',
    kind: 'kind',
    state: 'state',
    reason: 'reason',
    chainId: 'chain_id',
    peerChainId: 'peer_chain_id',
    transport: 'transport',
    holdSeconds: 'hold_seconds',
    ownersRoot: 'owners_root',
    limit: 'travel_limit',
    role: 'role',
    account: 'account',
    asset: 'asset',
    amount: (row) => `${row}.amount::text`,
    licence: 'licence',
    policy: 'policy',
    consentNonce: 'consent_nonce',
    preparedCalls: 'prepared_calls',
    effectBlock: 'effect_block',
    waitingFor: 'waiting_for',
    failure: 'failure',
    createdAt: 'created_at',
  },
  references: {
    registry: { by: 'registry_id', rows: REGISTRIES },
    work: { by: 'work_id', rows: WORKS },
    dispatch: { by: 'dispatch_id', rows: DISPATCHES },
  },
});
