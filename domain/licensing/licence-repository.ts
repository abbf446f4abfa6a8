import type { Hex } from 'viem';
import type { AccountId, ChainId, MoneyId } from '../../schema/caip';
import type { RegistryId } from '../../schema/ids';
import type { LicenceFilter, LicenceOfferFilter } from '../../schema/inputs/licence';
import type { PageRequest } from '../../schema/inputs/page';
import type { Page } from '../../schema/types/connection';
import type { GuardAction } from '../../schema/types/guard-action';
import { type Licence, type LicenceCopy, type LicenceOffer, LicenceState } from '../../schema/types/licence';
import type { TenantReads, TenantTx } from '../../tenants/tenant-database';
import { readPage } from '../page';
import type { FoldedLicence, FoldedOffer } from './licence-fold';

interface OfferRow {
  id: string;
  registry_id: RegistryId;
  chain_id: ChainId;
  offer_id: string;
  template_hash: Hex;
  currency: MoneyId | null;
  price: string;
  term_seconds: string | null;
  closes_at: Date | null;
  transferable: boolean;
  revocable: boolean;
  token_ids: string[];
  withdrawn: boolean;
  provisional: boolean;
}

interface LicenceRow {
  id: string;
  registry_id: RegistryId;
  grant_id: Hex;
  chain_id: ChainId;
  offer_id: string;
  template_hash: Hex;
  holder: AccountId;
  token_ids: string[];
  revision: number;
  granted_at: Date;
  expires_at: Date | null;
  transferable: boolean;
  revocable: boolean;
  revoked: boolean;
  reason_hash: Hex | null;
  provisional: boolean;
  copies: LicenceCopy[];
  waiting_for: string | null;
}

const OFFER_COLUMNS = `id, registry_id, chain_id, offer_id, template_hash, currency, price, term_seconds, closes_at,
  transferable, revocable, token_ids, withdrawn, provisional`;
const LICENCE_COLUMNS = `id, registry_id, grant_id, chain_id, offer_id, template_hash, holder, token_ids, revision,
  granted_at, expires_at, transferable, revocable, revoked, reason_hash, provisional, copies, waiting_for`;

/** Offers and grants as the chains have them: what the projection makes of their events. */
export class LicenceRepository {
  async putOffer(tx: TenantTx, registryId: RegistryId, offer: FoldedOffer): Promise<void> {
    await tx.manager.query(
      `insert into licence_offers (tenant_id, registry_id, chain_id, offer_id, template_hash, currency, price, term_seconds,
                                   closes_at, transferable, revocable, token_ids, withdrawn, provisional)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
       on conflict (tenant_id, registry_id, chain_id, offer_id) do update
         set (template_hash, currency, price, term_seconds, closes_at, transferable, revocable, token_ids, withdrawn, provisional)
           = ($5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      [
        tx.tenantId,
        registryId,
        offer.chainId,
        offer.offerId,
        offer.templateHash,
        offer.currency,
        offer.price,
        offer.termSeconds,
        offer.closesAt,
        offer.transferable,
        offer.revocable,
        offer.tokenIds,
        offer.withdrawn,
        offer.provisional,
      ],
    );
  }

  /** Takes back an offer that a reorg took away. */
  async removeOffer(tx: TenantTx, registryId: RegistryId, chainId: ChainId, offerId: string): Promise<void> {
    await tx.manager.query(
      'delete from licence_offers where tenant_id = $1 and registry_id = $2 and chain_id = $3 and offer_id = $4',
      [tx.tenantId, registryId, chainId, offerId],
    );
  }

  async putLicence(tx: TenantTx, registryId: RegistryId, licence: FoldedLicence): Promise<void> {
    await tx.manager.query(
      `insert into licences (tenant_id, registry_id, grant_id, chain_id, offer_id, template_hash, holder, token_ids, revision,
                             granted_at, expires_at, transferable, revocable, revoked, reason_hash, provisional, copies)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
       on conflict (tenant_id, registry_id, grant_id) do update
         set (chain_id, offer_id, template_hash, holder, token_ids, revision, granted_at, expires_at, transferable, revocable,
              revoked, reason_hash, provisional, copies)
           = ($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
      [
        tx.tenantId,
        registryId,
        licence.grantId,
        licence.chainId,
        licence.offerId,
        licence.templateHash,
        licence.holder,
        licence.tokenIds,
        licence.revision,
        licence.grantedAt,
        licence.expiresAt,
        licence.transferable,
        licence.revocable,
        licence.revoked,
        licence.reasonHash,
        licence.provisional,
        JSON.stringify(licence.copies),
      ],
    );
  }

  /** Takes back a grant that a reorg took away. */
  async removeLicence(tx: TenantTx, registryId: RegistryId, grantId: string): Promise<void> {
    await tx.manager.query(
      'delete from licences where tenant_id = $1 and registry_id = $2 and grant_id = $3',
      [tx.tenantId, registryId, grantId],
    );
  }

  async setWaitingFor(
    tx: TenantTx,
    registryId: RegistryId,
    grantId: string,
    waitingFor: string | null,
  ): Promise<void> {
    await tx.manager.query(
      `update licences set waiting_for = $4
        where tenant_id = $1 and registry_id = $2 and grant_id = $3 and waiting_for is distinct from $4`,
      [tx.tenantId, registryId, grantId, waitingFor],
    );
  }

  async findOffer(
    tx: TenantTx,
    registryId: RegistryId,
    chainId: ChainId,
    offerId: string,
  ): Promise<LicenceOffer | undefined> {
    const rows: OfferRow[] = await tx.manager.query(
      `select ${OFFER_COLUMNS} from licence_offers
        where tenant_id = $1 and registry_id = $2 and chain_id = $3 and offer_id = $4`,
      [tx.tenantId, registryId, chainId, offerId],
    );
    return rows.map(toOffer)[0];
  }

  async findLicence(tx: TenantTx, registryId: RegistryId, grantId: string): Promise<Licence | undefined> {
    const rows: LicenceRow[] = await tx.manager.query(
      `select ${LICENCE_COLUMNS} from licences where tenant_id = $1 and registry_id = $2 and grant_id = $3`,
      [tx.tenantId, registryId, grantId],
    );
    return rows.map(toLicence)[0];
  }

  /** Whether the chain of an action shows an offer with its terms that was first seen after it was asked for. */
  async isOffered(
    tx: TenantTx,
    { kind, registryId, chainId, licence, createdAt }: GuardAction,
  ): Promise<boolean> {
    if (kind !== 'OFFER_LICENCE' || licence === null) return false;
    const rows: unknown[] = await tx.manager.query(
      `select from licence_offers
        where tenant_id = $1 and registry_id = $2 and chain_id = $3 and created_at >= $4
          and template_hash = $5 and price = $6 and coalesce(term_seconds, 0) = $7
          and coalesce(extract(epoch from closes_at), 0) = $8 and transferable = $9 and revocable = $10 and token_ids = $11
          and coalesce(lower(split_part(currency, 'erc20:', 2)), '0x' || repeat('0', 40)) = lower($12)
        limit 1`,
      [
        tx.tenantId,
        registryId,
        chainId,
        createdAt,
        licence.templateHash,
        licence.price,
        licence.termSeconds,
        licence.closesAt,
        licence.transferable,
        licence.revocable,
        licence.tokenIds,
        licence.currency,
      ],
    );
    return rows.length > 0;
  }

  async offerPage(
    tx: TenantReads,
    request: PageRequest,
    filter: LicenceOfferFilter,
  ): Promise<Page<LicenceOffer>> {
    return readPage(tx, request, {
      columns: OFFER_COLUMNS,
      table: 'licence_offers',
      where: {
        registry_id: filter?.registryId,
        chain_id: filter?.chainId,
        template_hash: filter?.templateHash,
      },
      toNode: toOffer,
    });
  }

  async licencePage(tx: TenantReads, request: PageRequest, filter: LicenceFilter): Promise<Page<Licence>> {
    return readPage(tx, request, {
      columns: LICENCE_COLUMNS,
      table: 'licences',
      where: {
        registry_id: filter?.registryId,
        chain_id: filter?.chainId,
        template_hash: filter?.templateHash,
        holder: filter?.holder,
        grant_id: filter?.grantId,
      },
      toNode: toLicence,
    });
  }
}

function toOffer(row: OfferRow): LicenceOffer {
  return {
    id: row.id,
    registryId: row.registry_id,
    chainId: row.chain_id,
    offerId: row.offer_id,
    templateHash: row.template_hash,
    currency: row.currency,
    price: row.price,
    termSeconds: row.term_seconds === null ? null : Number(row.term_seconds),
    closesAt: row.closes_at,
    transferable: row.transferable,
    revocable: row.revocable,
    tokenIds: row.token_ids,
    withdrawn: row.withdrawn,
    provisional: row.provisional,
  };
}

function toLicence(row: LicenceRow): Licence {
  return {
    id: row.id,
    registryId: row.registry_id,
    grantId: row.grant_id,
    chainId: row.chain_id,
    offerId: row.offer_id,
    templateHash: row.template_hash,
    holder: row.holder,
    tokenIds: row.token_ids,
    revision: row.revision,
    state: stateOf(row),
    grantedAt: row.granted_at,
    expiresAt: row.expires_at,
    transferable: row.transferable,
    revocable: row.revocable,
    reasonHash: row.reason_hash,
    provisional: row.provisional,
    copies: row.copies,
    waitingFor: row.waiting_for,
  };
}

/** As the contracts judge it, by our clock instead of a block's. */
function stateOf({ revoked, expires_at }: LicenceRow): LicenceState {
  if (revoked) return LicenceState.REVOKED;
  return expires_at !== null && expires_at <= new Date() ? LicenceState.EXPIRED : LicenceState.ACTIVE;
}
