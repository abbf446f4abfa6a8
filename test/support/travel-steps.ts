import { setTimeout as delay } from 'node:timers/promises';
import { createPublicClient, createWalletClient, http, parseEther } from 'viem';
import type { ChainId } from '../../schema/caip';
import type { TenantId } from '../../schema/ids';
import { accountAt } from '../devnet/accounts';
import type { TravelHarness } from './travel';

/** Polls until `condition` holds. @throws Error that names what did not come about in time. */
export async function until(
  what: string,
  condition: () => Promise<boolean>,
  timeoutMs = 90_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`in ${timeoutMs} ms it did not come about that ${what}`);
    await delay(200);
  }
}

/** Gives a tenant's account money on each chain, from a rich account of the devnet. */
export async function fund(
  { devnet, domain }: TravelHarness,
  tenantId: TenantId,
  chainIds: readonly ChainId[],
): Promise<void> {
  await Promise.all(
    chainIds.map(async (chainId) => {
      const { address } = await domain.signers.accountFor(tenantId, chainId);
      const transport = http(devnet.directUrl(chainId));
      const wallet = createWalletClient({ account: accountAt(1), transport });
      const hash = await wallet.sendTransaction({ to: address, value: parseEther('1000'), chain: null });
      await createPublicClient({ transport }).waitForTransactionReceipt({ hash, pollingInterval: 100 });
    }),
  );
}
