import { MIRROR } from '../samples';
import { mutation, type Operation } from './operation';

const ASSET = `${MIRROR}/erc20:0x52908400098527886E0F7030069857D2E4169EE7`;
const OFT = `${MIRROR}:0x8617E340B3D01FA5F11F306F4090FD50E238070D`;

/** Money that is moved to who it is owed to. */
export const settlementMutations = {
  requestSettlement: {
    query: mutation('requestSettlement', 'RequestSettlementInput', 'settlements { id registry { id } }'),
    scope: 'settlement:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { registryId: ids.registry, lane: 'FASTEST' } }),
    invalid: [
      ['registryId', { registryId: 'x' }],
      ['lane', { lane: 'BOTH' }],
      ['$input', { payee: 'x' }],
    ],
  },
  approveSettlement: {
    query: mutation(
      'approveSettlement',
      'ApproveSettlementInput',
      'settlement { id approvals { approvedBy approvedAt } }',
    ),
    scope: 'person',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { settlementId: ids.settlement, amount: '0' } }),
    invalid: [
      ['settlementId', { settlementId: 'x' }],
      ['amount', { amount: '-1' }],
    ],
  },
  cancelSettlement: {
    query: mutation('cancelSettlement', 'CancelSettlementInput', 'settlement { id state }'),
    scope: 'settlement:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { settlementId: ids.settlement } }),
    invalid: [['settlementId', { settlementId: 'x' }]],
  },
  setRemittanceOft: {
    query: mutation('setRemittanceOft', 'SetRemittanceOftInput', 'action { id registry { id } }'),
    scope: 'owner:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({
      input: { registryId: ids.registry, asset: ASSET, oft: OFT, reason: 'our dollar' },
    }),
    invalid: [
      ['registryId', { registryId: 'x' }],
      ['asset', { asset: `${MIRROR}/slip44:60` }],
      ['reason', { reason: ' ' }],
    ],
  },
  setSettlementRule: {
    query: mutation('setSettlementRule', 'SetSettlementRuleInput', 'rule { asset maxCostBps }'),
    scope: 'owner:write',
    foreign: 'NO_IDS',
    variables: () => ({
      input: {
        asset: ASSET,
        approvalAbove: '1000000000',
        maxCostBps: 500,
        waitAboveCap: true,
        valuedAmount: '3000000000',
        valuedWei: '1000000000000000000',
        minAmount: '50000000',
        everyHours: 24,
      },
    }),
    invalid: [
      ['asset', { asset: 'dollars' }],
      ['approvalAbove', { approvalAbove: '1.5' }],
      ['maxCostBps', { maxCostBps: 10_001 }],
      ['valuedAmount', { valuedAmount: '0' }],
      ['valuedWei', { valuedWei: '-1' }],
      ['minAmount', { minAmount: '0' }],
      ['everyHours', { everyHours: 8_761 }],
    ],
  },
} satisfies Record<string, Operation>;
