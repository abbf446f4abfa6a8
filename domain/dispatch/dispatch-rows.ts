import { NodeRows } from '../node-rows';
import { REGISTRIES } from '../registry/registry-rows';
import { WORKS } from '../registry/work-rows';
import type { DispatchRecord } from './dispatch-record';

export const DISPATCHES = new NodeRows<DispatchRecord, 'registry' | 'work'>({
  name: 'dispatches',
  fields: {
    id: 'id',
    registryId: 'registry_id',
    workId: 'work_id',
    kind: 'kind',
    state: 'state',
    origin: 'origin',
    sourceChainId: 'source_chain_id',
    destinationChainId: 'destination_chain_id',
    laneChoice: 'lane_choice',
    transport: 'transport',
    to: 'to_account',
    hop: 'hop',
    revision: 'revision',
    permit: 'permit',
    attempt: 'attempt',
    feeWei: 'fee_wei',
    digest: 'digest',
    messageId: 'message_id',
    messages: 'messages',
    sourceTransactionHash: 'source_transaction_hash',
    destinationTransactionHash: 'destination_transaction_hash',
    failure: 'failure',
    waitingFor: 'waiting_for',
    alert: 'alert',
    createdAt: 'created_at',
    stateSince: 'state_since',
    traceParent: 'trace_parent',
  },
  references: {
    registry: { by: 'registry_id', rows: REGISTRIES },
    work: { by: 'work_id', rows: WORKS },
  },
});
