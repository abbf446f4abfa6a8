import { zeroAddress } from 'viem';
import { payeeOf } from '../../chains/evm/registry/payees';
import { erc20MoneyId, evmAccountId, evmChainId, moneyIdSchema } from '../../schema/caip';
import { batchesOf, type OwedCredit } from './batches';

const HOME = evmChainId(1);
const MIRROR = evmChainId(8453);
const DOLLAR = '0x52908400098527886E0F7030069857D2E4169EE7';
const ADA = '0x8617E340B3D01FA5F11F306F4090FD50E238070D';
const BEA = '0xde709f2102306220921060314715629080e2fb77';

function owed(chain: typeof HOME, token: string, who: string, home: typeof HOME, amount: bigint): OwedCredit {
  const account = evmAccountId(home, who);
  const payee = { account, chainId: home, claimant: zeroAddress, payee: payeeOf(account) };
  const asset =
    token === zeroAddress ? moneyIdSchema.parse(`${chain}/slip44:60`) : erc20MoneyId(chain, token);
  return { sourceChainId: chain, asset, payee, amount };
}

test('payees of one other chain share a message for each asset', () => {
  const batches = batchesOf([
    owed(MIRROR, DOLLAR, ADA, HOME, 7n),
    owed(MIRROR, DOLLAR, BEA, HOME, 3n),
    owed(MIRROR, zeroAddress, ADA, HOME, 5n),
  ]);
  expect(
    batches.map(({ asset, subject, credits }) => [asset, subject, credits.map(({ amount }) => amount)]),
  ).toEqual([
    [`${MIRROR}/erc20:${DOLLAR}`, HOME, ['7', '3']],
    [`${MIRROR}/slip44:60`, HOME, ['5']],
  ]);
});

test('what is paid out on its own chain goes to each payee by itself', () => {
  const batches = batchesOf([owed(HOME, DOLLAR, ADA, HOME, 7n), owed(HOME, DOLLAR, BEA, HOME, 3n)]);
  expect(batches.map(({ subject, credits }) => [subject, credits.length])).toEqual([
    [evmAccountId(HOME, ADA), 1],
    [evmAccountId(HOME, BEA), 1],
  ]);
});

test('money of different chains, and for different chains, is never put together', () => {
  const batches = batchesOf([
    owed(MIRROR, DOLLAR, ADA, HOME, 7n),
    owed(HOME, DOLLAR, ADA, MIRROR, 7n),
    owed(MIRROR, DOLLAR, ADA, evmChainId(10), 7n),
  ]);
  expect(batches.map(({ sourceChainId, destinationChainId }) => [sourceChainId, destinationChainId])).toEqual(
    [
      [MIRROR, HOME],
      [HOME, MIRROR],
      [MIRROR, evmChainId(10)],
    ],
  );
});
