import { createHash } from 'node:crypto';
import type { Address } from 'viem';
import { type ChainTable, nativeMoney } from '../../chains/chain-table';
import { adoptedOrigin } from '../../chains/evm/registry/adoption';
import type { ExecutedTransaction } from '../../chains/evm/sales/executed-transaction';
import { erc721Transfers } from '../../chains/evm/sales/token-transfers';
import { splitAccountId } from '../../schema/caip';
import type { Registry } from '../../schema/types/registry';
import type { TenantTx } from '../../tenants/tenant-database';
import { contractsOn } from '../registry/registry-contracts';
import type { WorkRepository } from '../registry/work-repository';
import type { PolicyRevision } from '../royalties/policy-repository';
import { findPayments } from './find-payments';
import { findSales } from './find-sales';
import type { FoundPayment, FoundSale } from './found-sale';

/** What a transaction did for a registry. */
export interface Found {
  readonly sales: readonly FoundSale[];
  readonly payments: readonly FoundPayment[];
  /** SHA-256 over both and the block, in hex; null if it did nothing. */
  readonly hash: string | null;
}

/** Looks at transactions with a registry's eyes: which tokens are its works, which accounts take its money. */
export class TransactionFinder {
  constructor(
    private readonly chains: Pick<ChainTable, 'get'>,
    private readonly works: Pick<WorkRepository, 'findByChainKeys'>,
  ) {}

  async find(
    tx: TenantTx,
    registry: Registry,
    transaction: ExecutedTransaction,
    { policy }: PolicyRevision,
  ): Promise<Found> {
    const { chainId, logs } = transaction;
    const chain = this.chains.get(chainId);
    const { collection, royaltyReceiver, royaltyVault } = contractsOn(registry, chainId);
    const tokenOf = tokenReader(registry, transaction);
    const tokenIds = erc721Transfers(logs).flatMap(
      ({ contract, tokenId }) => tokenOf(contract, tokenId) ?? [],
    );
    const known = await this.works.findByChainKeys(tx, registry.id, { documentHashes: [], tokenIds });
    const works = new Map(known.map(({ tokenId, id }) => [tokenId, id]));
    const money = {
      chainId,
      native: nativeMoney(chain),
      seaport: new Set(chain.seaport.map((address) => address.toLowerCase())),
    };
    // CAST: here and below, the registry holds what the factory's addresses were computed as.
    const receivers = [royaltyReceiver, royaltyVault].filter((address) => address !== null) as Address[];
    const sales = findSales(transaction, {
      ...money,
      receivers,
      internal: [collection as Address],
      workOf: (contract, tokenId) => works.get(tokenOf(contract, tokenId) ?? null),
    });
    const payments =
      royaltyReceiver === null || royaltyVault === null
        ? []
        : findPayments(transaction, sales, {
            ...money,
            receiver: royaltyReceiver,
            vault: royaltyVault,
            payees: policy.splits
              .map(({ account }) => splitAccountId(account))
              .filter((payee) => payee.chainId === chainId)
              // CAST: the address of an eip155 account, as the transaction's chain is one.
              .map(({ address }) => address as Address),
          });
    return { sales, payments, hash: hashOf(transaction, sales, payments) };
  }
}

/** The id as a work of a token on a chain: its own, or in an adopted contract the one that follows from it. */
function tokenReader({ adopted, ...registry }: Registry, { chainId }: ExecutedTransaction) {
  const { collection } = contractsOn({ adopted, ...registry }, chainId);
  return (contract: Address, tokenId: bigint): string | undefined => {
    if (contract.toLowerCase() === collection.toLowerCase()) return String(tokenId);
    const isAdopted =
      adopted?.chainId === chainId && contract.toLowerCase() === adopted.address.toLowerCase();
    return isAdopted ? String(adoptedOrigin(adopted, tokenId).workId) : undefined;
  };
}

function hashOf(
  { blockHash }: ExecutedTransaction,
  sales: readonly FoundSale[],
  payments: readonly FoundPayment[],
): string | null {
  if (sales.length === 0 && payments.length === 0) return null;
  const text = JSON.stringify({ blockHash, sales, payments }, (_key, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  return createHash('sha256').update(text).digest('hex');
}
