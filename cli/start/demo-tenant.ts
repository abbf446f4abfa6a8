import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Address, createPublicClient, createWalletClient, http, parseEther } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { z } from 'zod';
import type { EvmChain } from '../../chains/chain-table';
import type { Domain } from '../../domain/compose';
import { tenantIdSchema } from '../../schema/ids';

const NAME = 'Demo gallery';
/** What the account holds at least after a start, and what it is topped up with, in the chain's native money. */
const LEAST = parseEther('100');
const TOP_UP = parseEther('1000');
const RECEIPT_POLL_MS = 100;

const demoTenantSchema = z.strictObject({ tenantId: tenantIdSchema, apiKey: z.string() });

export type DemoTenant = z.output<typeof demoTenantSchema>;

/**
 * The tenant of demonstrations, made at the first start. Its key is readable only when it is made, so
 * `file` keeps it; should the database not know that key (another database), a new tenant is made.
 */
export async function demoTenant({ tenancy }: Pick<Domain, 'tenancy'>, file: string): Promise<DemoTenant> {
  if (existsSync(file)) {
    const known = demoTenantSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    if ((await tenancy.authenticate(known.apiKey))?.caller.tenantId === known.tenantId) return known;
    rmSync(file);
  }
  const { tenantId, apiKey } = await tenancy.createTenant(NAME);
  writeFileSync(file, JSON.stringify({ tenantId, apiKey }), { mode: 0o600, flag: 'wx' });
  return { tenantId, apiKey };
}

/** Sends an account money on every chain where it has little, from a rich account of the local chains. */
export async function fundAccount(
  address: Address,
  chains: readonly EvmChain[],
  funderKey: `0x${string}`,
): Promise<void> {
  await Promise.all(
    chains.map(async ({ rpcUrls: [rpcUrl] }) => {
      const transport = http(rpcUrl);
      const reader = createPublicClient({ transport });
      if ((await reader.getBalance({ address })) >= LEAST) return;
      const wallet = createWalletClient({ account: privateKeyToAccount(funderKey), transport });
      const hash = await wallet.sendTransaction({ to: address, value: TOP_UP, chain: null });
      await reader.waitForTransactionReceipt({ hash, pollingInterval: RECEIPT_POLL_MS });
    }),
  );
}
