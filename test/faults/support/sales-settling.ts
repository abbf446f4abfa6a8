import { encodeFunctionData } from 'viem';
import { royaltyVaultAbi } from '../../../chains/abi/royalty-vault';
import { payeeIdOf, payeeOf } from '../../../chains/evm/registry/payees';
import { NothingToSettleError, SettlementNoRouteError } from '../../../domain/settlement/settlement-errors';
import { type ChainId, eip155Number, splitAccountId } from '../../../schema/caip';
import type { Settlement } from '../../../schema/types/settlement';
import { accountAt } from '../../devnet/accounts';
import { ALL_CHAINS, chainClient, sendAs, until } from '../../support/travel-steps';
import type { Trade } from './sales-desk';
import { PAYEES } from './sales-model';
import { MIRRORS } from './sales-terms';

type Lane = 'CCIP' | 'LAYERZERO' | 'CHEAPEST';

/** A worker that is killed with a settlement in its hands leaves it until its lease has lapsed. */
const PATIENCE_MS = 420_000;

/** Waits until what vaults have on the mirrors is owed by final blocks, in both currencies. */
export async function allIsFinal({ harness, gallery, till }: Trade): Promise<void> {
  await until(
    'all that was forwarded is owed by a final block',
    async () => {
      const { tenantId, registryId } = gallery;
      const owed = await harness.domain.creditCollector.owed(tenantId, registryId, {});
      const isOwed = await Promise.all(
        MIRRORS.flatMap((chainId) =>
          (['native', 'dollar'] as const).map(async (currency) => {
            const inCurrency = owed.filter(
              ({ asset, sourceChainId }) =>
                sourceChainId === chainId && asset.includes('/erc20:') === (currency === 'dollar'),
            );
            const sum = inCurrency.reduce((total, { amount }) => total + amount, 0n);
            return sum === (await till.wallet(chainId, currency, till.vault(chainId)));
          }),
        ),
      );
      return isOwed.every(Boolean);
    },
    PATIENCE_MS,
  );
}

/** Waits until dollars are owed on every mirror. */
export async function someIsOwed({ harness, gallery }: Trade): Promise<void> {
  await until(
    'dollars are owed on every mirror',
    async () => {
      const { tenantId, registryId } = gallery;
      const owed = await harness.domain.creditCollector.owed(tenantId, registryId, {});
      return MIRRORS.every((mirror) =>
        owed.some(({ sourceChainId, asset }) => sourceChainId === mirror && asset.includes('/erc20:')),
      );
    },
    PATIENCE_MS,
  );
}

/** Has all settled that is owed by now on some chains, over the bridge named for each, and waits until it is over. */
export async function settleAll(trade: Trade, lanes: ReadonlyMap<ChainId, Lane>): Promise<Settlement[]> {
  const { harness, gallery } = trade;
  const { tenantId, registryId } = gallery;
  const asked: Settlement[] = [];
  for (const [sourceChainId, lane] of lanes) {
    try {
      asked.push(
        ...(await harness.domain.settlements.request(tenantId, { registryId, sourceChainId, lane })),
      );
    } catch (error) {
      // Native money has no route.
      if (!(error instanceof NothingToSettleError || error instanceof SettlementNoRouteError)) throw error;
    }
  }
  const ids = asked.map(({ id }) => id);
  let last: readonly Settlement[] = [];
  try {
    await until(
      'every settlement is over',
      async () => {
        last = await harness.domain.settlements.findByIds(tenantId, ids);
        return last.every(isOver);
      },
      PATIENCE_MS,
    );
  } catch (error) {
    throw new Error(`still under way: ${JSON.stringify(last.filter((one) => !isOver(one)))}`, {
      cause: error,
    });
  }
  return [...last];
}

/** What a payee signs to be paid by a vault; see RoyaltyVault.sol. */
const WITHDRAWAL = {
  Withdrawal: [
    { name: 'token', type: 'address' },
    { name: 'chainHash', type: 'bytes32' },
    { name: 'account', type: 'bytes32' },
    { name: 'claimant', type: 'address' },
    { name: 'recipient', type: 'address' },
    { name: 'amount', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const;
/** Brings what payees have signed to the vault, as anyone may. */
const COURIER = accountAt(8).address;

/** Payees of other chains take the native money that they are owed on a mirror there, by signature. @returns How often. */
export async function claimNative(trade: Trade, chainId: ChainId): Promise<number> {
  const client = chainClient(trade.harness, chainId);
  const vault = { abi: royaltyVaultAbi, address: trade.till.vault(chainId) } as const;
  const token = trade.till.token(chainId, 'native');
  let claims = 0;
  for (const { account, index } of PAYEES.filter(
    ({ account }) => splitAccountId(account).chainId !== chainId,
  )) {
    const payee = payeeOf(account);
    const amount = await client.readContract({ ...vault, functionName: 'creditOf', args: [token, payee] });
    if (amount === 0n) continue;
    const nonce = await client.readContract({
      ...vault,
      functionName: 'nonceOf',
      args: [payeeIdOf(payee)],
    });
    const recipient = accountAt(index).address;
    const deadline = 2n ** 40n;
    const signature = await accountAt(index).signTypedData({
      domain: {
        name: 'Colophon RoyaltyVault',
        version: '1',
        chainId: eip155Number(chainId),
        verifyingContract: vault.address,
      },
      types: WITHDRAWAL,
      primaryType: 'Withdrawal',
      message: { token, ...payee, recipient, amount, nonce, deadline },
    });
    const data = encodeFunctionData({
      abi: royaltyVaultAbi,
      functionName: 'withdrawSigned',
      args: [{ token, payee, recipient, amount }, deadline, signature],
    });
    await sendAs(trade.harness, COURIER, chainId, { to: vault.address, data });
    claims += 1;
  }
  return claims;
}

/** How many messages the networks have lost since they were started. */
export async function messagesLost({ harness }: Trade): Promise<number> {
  const statuses = await Promise.all(
    (['ccip', 'layerZero'] as const).map((network) => harness.devnet.deliveryStatus(network)),
  );
  return statuses.reduce((sum, { lost }) => sum + lost, 0);
}

export const everywhere = (lane: Lane): ReadonlyMap<ChainId, Lane> =>
  new Map(ALL_CHAINS.map((chainId) => [chainId, lane]));

function isOver({ state, provisional }: Settlement): boolean {
  return (state === 'CREDITED' && !provisional) || state === 'FAILED';
}
