import {
  type Address,
  createPublicClient,
  createTestClient,
  createWalletClient,
  http,
  type PublicClient,
  parseEther,
  type TransactionReceipt,
  walletActions,
} from 'viem';
import type { Call } from '../../chains/evm/registry/calls';
import { type ChainId, evmChainId } from '../../schema/caip';
import type { TenantId } from '../../schema/ids';
import { accountAt } from '../devnet/accounts';
import { until as untilWithin } from '../devnet/polling';
import type { TravelHarness } from './travel';

export const HOME = evmChainId(11155111);
export const BASE = evmChainId(84532);
export const MOONBEAM = evmChainId(1284);
export const ALL_CHAINS: readonly ChainId[] = [HOME, BASE, MOONBEAM];

/** Polls until `condition` holds. @throws Error that names what did not come about in time. */
export function until<T>(
  what: string,
  condition: () => Promise<T | false | undefined>,
  timeoutMs = 90_000,
): Promise<T> {
  return untilWithin(what, condition, { timeoutMs, everyMs: 100 });
}

/** Where chains answer, without the endpoint that may lie. */
export interface DirectChains {
  readonly devnet: { directUrl(chainId: ChainId): string };
}

/** The chain itself. */
export function chainClient({ devnet }: DirectChains, chainId: ChainId): PublicClient {
  return createPublicClient({ transport: http(devnet.directUrl(chainId)), pollingInterval: 100 });
}

/** What was sent from the rich account before: two who ask for its nonce at the same time are told the same one. */
let sentBefore: Promise<unknown> = Promise.resolve();

/** Gives a tenant's account money on each chain, from a rich account of the devnet. */
export async function fund(
  harness: TravelHarness,
  tenantId: TenantId,
  chainIds: readonly ChainId[],
): Promise<void> {
  await Promise.all(
    chainIds.map(async (chainId) => {
      const { address } = await harness.domain.signers.accountFor(tenantId, chainId);
      const wallet = createWalletClient({
        account: accountAt(1),
        transport: http(harness.devnet.directUrl(chainId)),
      });
      const payment = { to: address, value: parseEther('1000'), chain: null };
      const sent = sentBefore.then(() => wallet.sendTransaction(payment));
      sentBefore = sent.catch(() => undefined); // whoever awaits it sees the failure
      const hash = await sent;
      await chainClient(harness, chainId).waitForTransactionReceipt({ hash });
    }),
  );
}

/** Sends a call from an account whose key nobody here has, e.g. a contract's, and waits until it has succeeded. */
export async function sendAs(
  harness: TravelHarness,
  account: Address,
  chainId: ChainId,
  call: Call & { readonly value?: bigint },
): Promise<TransactionReceipt> {
  const transport = http(harness.devnet.directUrl(chainId));
  const anvil = createTestClient({ mode: 'anvil', transport }).extend(walletActions);
  await anvil.impersonateAccount({ address: account });
  await anvil.setBalance({ address: account, value: parseEther('10') });
  const hash = await anvil.sendTransaction({ account, chain: null, ...call });
  const receipt = await chainClient(harness, chainId).waitForTransactionReceipt({ hash });
  if (receipt.status !== 'success') throw new Error(`transaction ${hash} of ${account} reverted`);
  return receipt;
}
