import { createHash } from 'node:crypto';
import { type Address, isAddressEqual, zeroAddress } from 'viem';
import { type ChainTable, nativeMoney } from '../../chains/chain-table';
import { adoptedOrigin } from '../../chains/evm/registry/adoption';
import type { ExecutedTransaction } from '../../chains/evm/sales/executed-transaction';
import { erc721Transfers } from '../../chains/evm/sales/token-transfers';
import { moneyOfToken, splitAccountId } from '../../schema/caip';
import type { Registry, RegistryContracts } from '../../schema/types/registry';
import type { TenantTx } from '../../tenants/tenant-database';
import { groupBy } from '../group-by';
import type { LicenceRepository } from '../licensing/licence-repository';
import { contractsOn } from '../registry/registry-contracts';
import type { WorkRepository } from '../registry/work-repository';
import type { PolicyRevision } from '../royalties/policy-repository';
import { paymentIdOf } from '../royalties/sale';
import { findPurchases, markLicenceFees, type OfferedPrice } from './find-licence-fees';
import { findForwards, findPayments, type PaymentScene, unknownForwards } from './find-payments';
import { findSales } from './find-sales';
import type { FoundPayment, FoundSale } from './found-sale';
import type { SaleRepository } from './sale-repository';

/** Beside what a log of the vault tells itself: what it tells of the time before. */
const FORWARDED_ITEM = 1;

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
    private readonly sales: Pick<SaleRepository, 'forwardedUnknown'>,
    private readonly licences: Pick<LicenceRepository, 'findOffer'>,
  ) {}

  async find(
    tx: TenantTx,
    registry: Registry,
    transaction: ExecutedTransaction,
    { policy }: PolicyRevision,
  ): Promise<Found> {
    const { chainId, logs } = transaction;
    const chain = this.chains.get(chainId);
    const { collection, royaltyReceiver, royaltyVault, licenceBook } = contractsOn(registry, chainId);
    const tokenOf = tokenReader(registry, transaction);
    const tokenIds = erc721Transfers(logs).flatMap(
      ({ contract, tokenId }) => tokenOf(contract, tokenId) ?? [],
    );
    const known = await this.works.findByChainKeys(tx, registry.id, { documentHashes: [], tokenIds });
    const works = new Map(known.map(({ tokenId, id }) => [tokenId, id]));
    const money = {
      registryId: registry.id,
      chainId,
      native: nativeMoney(chain),
      seaport: new Set(chain.seaport.map((address) => address.toLowerCase())),
    };
    const receivers = [royaltyReceiver, royaltyVault].filter((address) => address !== null);
    const sales = findSales(transaction, {
      ...money,
      receivers,
      internal: [collection],
      workOf: (contract, tokenId) => works.get(tokenOf(contract, tokenId) ?? null),
    });
    const payments =
      royaltyReceiver === null || royaltyVault === null
        ? []
        : await this.payments(tx, registry, transaction, sales, {
            ...money,
            receiver: royaltyReceiver,
            vault: royaltyVault,
            licenceBook,
            payees: policy.splits
              .map(({ account }) => splitAccountId(account))
              .filter((payee) => payee.chainId === chainId)
              // CAST: the address of an eip155 account, as the transaction's chain is one.
              .map(({ address }) => address as Address),
          });
    return { sales, payments, hash: hashOf(transaction, sales, payments) };
  }

  /**
   * What was paid, and what the receiver forwarded beyond all that was known to have come to it: tokens that somebody
   * sent it apart from any sale leave no log of ours until then.
   */
  private async payments(
    tx: TenantTx,
    { id: registryId }: Registry,
    transaction: ExecutedTransaction,
    sales: readonly FoundSale[],
    scene: PaymentScene & Pick<RegistryContracts, 'licenceBook'>,
  ): Promise<FoundPayment[]> {
    const payments = await this.withLicences(
      tx,
      registryId,
      transaction,
      scene,
      findPayments(transaction, sales, scene),
    );
    const forwards = groupBy(findForwards(transaction, scene), ({ token }) => moneyOfToken(token, scene));
    const late: FoundPayment[] = [];
    for (const [asset, ofAsset] of forwards) {
      const { chainId, hash: transactionHash, blockNumber } = transaction;
      const place = { registryId, chainId, transactionHash, blockNumber };
      const money = { token: ofAsset[0]?.token ?? zeroAddress, asset, receiver: scene.receiver };
      const before = await this.sales.forwardedUnknown(tx, place, money);
      const came = payments.filter(
        (payment) => payment.asset === asset && isAddressEqual(payment.receiver, scene.receiver),
      );
      for (const { forward, amount } of unknownForwards(ofAsset, came, before)) {
        const origin = {
          registryId,
          chainId,
          transactionHash,
          logIndex: forward.place,
          item: FORWARDED_ITEM,
        };
        const paymentId = paymentIdOf(origin);
        late.push({ paymentId, place: forward.place, payer: null, receiver: scene.receiver, asset, amount });
      }
    }
    return [...payments, ...late];
  }

  private async withLicences(
    tx: TenantTx,
    registryId: Registry['id'],
    transaction: ExecutedTransaction,
    scene: PaymentScene & Pick<RegistryContracts, 'licenceBook'>,
    payments: readonly FoundPayment[],
  ): Promise<readonly FoundPayment[]> {
    const { licenceBook: book } = scene;
    if (book === null) return payments;
    const purchases = findPurchases(transaction, book);
    const offers = new Map<bigint, OfferedPrice>();
    for (const { offerId } of purchases) {
      const offer = await this.licences.findOffer(tx, registryId, transaction.chainId, String(offerId));
      if (offer !== undefined) offers.set(offerId, offer);
    }
    return markLicenceFees(payments, purchases, { ...scene, book }, (offerId) => offers.get(offerId));
  }
}

/** The id as a work of a token on a chain: its own, or in an adopted contract the one that follows from it. */
function tokenReader(registry: Registry, { chainId }: ExecutedTransaction) {
  const { adopted } = registry;
  const { collection } = contractsOn(registry, chainId);
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
