import type { ChainTransaction, TransactionStatus } from '../../chains/transactions/transaction';
import { mintIdSchema, tenantIdSchema, transactionIdSchema } from '../../schema/ids';
import { ADA } from '../../test/support/travel-events';
import { HOME } from '../../test/support/travel-steps';
import { commitIntentKey, mintIntentKey, mintStand } from './mint-tracker';

const UUID = '6f6b1a52-9d6e-4f0e-8d2a-1f4c1a0b2c3d';

function transaction(status: TransactionStatus): ChainTransaction {
  return {
    id: transactionIdSchema.parse(UUID),
    tenantId: tenantIdSchema.parse(UUID),
    chainId: HOME,
    intentKey: `commit:${UUID}`,
    to: ADA,
    data: '0x',
    valueWei: 0n,
    version: 1,
    from: ADA,
    attempts: [],
    fillsGap: false,
    ...status,
  };
}

test('a mint is on its way until the chain refuses its commit, before or after inclusion', () => {
  const inclusion = { hash: '0xaa', blockNumber: 1n, blockHash: '0xbb', succeeded: false } as const;
  expect(mintStand(transaction({ state: 'broadcast' }))).toEqual({ state: 'MINTING', failure: null });
  expect(mintStand(transaction({ state: 'mined', inclusion })).state).toBe('MINT_FAILED');
  expect(mintStand(transaction({ state: 'dropped', revertData: '0x' }))).toEqual({
    state: 'MINT_FAILED',
    failure: 'Refused on chain: reverted without a reason',
  });
});

test('a mint without money says what is missing and goes on waiting', () => {
  expect(mintStand(transaction({ state: 'held', missingWei: 5n }))).toEqual({
    state: 'MINTING',
    failure: `Waits for money for fees: the account ${ADA} lacks 5 wei.`,
  });
});

test('the commit and every attempt at the mint are intents of their own', () => {
  const mintId = mintIdSchema.parse(UUID);
  const keys = [commitIntentKey(mintId), mintIntentKey(mintId, 1), mintIntentKey(mintId, 2)];
  expect(keys).toEqual([`commit:${UUID}`, `mint:${UUID}:1`, `mint:${UUID}:2`]);
});
