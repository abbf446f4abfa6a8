import type { Hex } from 'viem';
import { type AccountId, type ChainId, evmAccountId } from '../../schema/caip';
import { type MintId, mintIdSchema, type ProjectId, type RegistryId, type WorkId } from '../../schema/ids';
import type { JsonObject } from '../../schema/inputs/json-document';
import type { PageRequest } from '../../schema/inputs/page';
import type { WorkFilter } from '../../schema/inputs/work';
import type { Selection } from '../../schema/selection';
import type { Page } from '../../schema/types/connection';
import type { Work, WorkState } from '../../schema/types/work';
import type { TenantReads, TenantTx } from '../../tenants/tenant-database';
import { type KeptCounts, nodeSelection, readPage } from '../page';
import type { FoldedWork } from '../provenance/work-fold';
import { WORKS } from './work-rows';

/** Revision 0, what a work was minted with, is never stated and has no hash. */
const FIRST_STATE_HASH = '';

/** Kept by triggers: migrations/0040-work-counts.ts. */
const WORK_COUNTS: KeptCounts = {
  table: 'work_counts',
  sum: 'works',
  by: ['tenant_id', 'project_id', 'registry_id', 'state', 'chain_id'],
};

/** A work that is about to be minted, or that was found to be adopted. */
export interface NewWork {
  readonly id: WorkId;
  readonly projectId: ProjectId;
  readonly registryId: RegistryId;
  /** Null if somebody else adopted it. */
  readonly mintId: MintId | null;
  readonly firstHolder: AccountId;
  readonly document: JsonObject;
  readonly documentHash: Hex;
  readonly metadata: JsonObject;
  /** Undefined if the registry asks for none. */
  readonly artistSignature: Hex | undefined;
}

/** What the event of the mint or adoption says. */
export interface MintFacts {
  readonly edition: number;
  readonly seed: string;
  readonly commitment: string;
  readonly tokenId: string;
}

/** What the chains say of a work. */
export interface ProjectedWork {
  readonly workId: WorkId;
  readonly folded: FoldedWork;
  /** Undefined if it is not on chain: then it goes back to MINTING. */
  readonly mint: MintFacts | undefined;
}

/** Just what a mint transaction is built from. */
export interface MintOrder {
  readonly workId: WorkId;
  readonly firstHolder: AccountId;
  readonly documentHash: Hex;
  readonly artistSignature: Hex | undefined;
}

const PROJECT = `
  update works w set
         state = case when w.state = 'MINT_FAILED' and p.state = 'MINTING' then w.state else p.state end,
         provisional = p.provisional, frozen = p.frozen, edition = p.edition, seed = p.seed,
         commitment = p.commitment, token_id = p.token_id, chain_id = p.chain_id, holder = p.holder,
         hop = p.hop, revision = p.revision,
         failure = case when p.state = 'MINTING' then w.failure end,
         metadata = coalesce((select r.metadata from work_revisions r where r.tenant_id = $1
                                 and r.work_id = w.id and r.state_hash = p.state_hash), w.metadata)
    from unnest($2::uuid[], $3::text[], $4::boolean[], $5::boolean[], $6::int[], $7::text[], $8::text[],
                $9::numeric[], $10::text[], $11::text[], $12::int[], $13::int[], $14::text[])
         as p (id, state, provisional, frozen, edition, seed, commitment, token_id, chain_id, holder, hop, revision,
               state_hash)
   where w.tenant_id = $1 and w.id = p.id`;

/** A leg that stays keeps its place and its entries in indexes: most changes are of legs that are there. */
const REPLACE_LEGS = `
  with present as (
    select * from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[], $9::int[], $10::boolean[])
                  as leg (work_id, chain_id, asset_id, state, holder, hop, revision, provisional)
  ), gone as (
    delete from legs where tenant_id = $1 and work_id = any($2)
       and (work_id, chain_id) not in (select work_id, chain_id from present)
  )
  insert into legs as known (tenant_id, work_id, chain_id, asset_id, state, holder, hop, revision, provisional)
  select $1, * from present
  on conflict (tenant_id, work_id, chain_id) do update
     set (asset_id, state, holder, hop, revision, provisional)
       = (excluded.asset_id, excluded.state, excluded.holder, excluded.hop, excluded.revision, excluded.provisional)
   where (known.asset_id, known.state, known.holder, known.hop, known.revision, known.provisional)
         is distinct from
         (excluded.asset_id, excluded.state, excluded.holder, excluded.hop, excluded.revision, excluded.provisional)`;

/** Works and their legs. What the chains say about them is only ever written by the projection. */
export class WorkRepository {
  /** Begins a mint or an adoption of works. */
  async insertMint(tx: TenantTx, registryId: RegistryId): Promise<MintId> {
    const rows: { id: string }[] = await tx.manager.query(
      'insert into mints (tenant_id, registry_id) values ($1, $2) returning id',
      [tx.tenantId, registryId],
    );
    return mintIdSchema.parse(rows[0]?.id);
  }

  /** Adds works that are to be minted, each with its first metadata as revision 0. */
  async insert(tx: TenantTx, works: readonly NewWork[]): Promise<void> {
    await this.add(tx, works, '');
  }

  /** As {@link insert}, for adopted works: one that is known stays as it is, since others may adopt as well. */
  async insertAdopted(tx: TenantTx, works: readonly NewWork[]): Promise<void> {
    await this.add(tx, works, 'on conflict (tenant_id, registry_id, document_hash) do nothing');
  }

  private async add(tx: TenantTx, works: readonly NewWork[], onConflict: string): Promise<void> {
    if (works.length === 0) return;
    await tx.manager.query(
      `insert into works (tenant_id, id, project_id, registry_id, mint_id, first_holder, document, document_hash, metadata,
                          artist_signature)
       select $1, * from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::jsonb[], $8::text[],
                                $9::jsonb[], $10::text[])
       ${onConflict}`,
      [
        tx.tenantId,
        works.map(({ id }) => id),
        works.map(({ projectId }) => projectId),
        works.map(({ registryId }) => registryId),
        works.map(({ mintId }) => mintId),
        works.map(({ firstHolder }) => firstHolder),
        works.map(({ document }) => JSON.stringify(document)),
        works.map(({ documentHash }) => documentHash),
        works.map(({ metadata }) => JSON.stringify(metadata)),
        works.map(({ artistSignature }) => artistSignature ?? null),
      ],
    );
    await tx.manager.query(
      `insert into work_revisions (tenant_id, work_id, revision, metadata, state_hash)
       select tenant_id, id, 0, metadata, '${FIRST_STATE_HASH}' from works where tenant_id = $1 and id = any($2)`,
      [tx.tenantId, works.map(({ id }) => id)],
    );
  }

  async findByIds(tx: TenantTx, ids: readonly WorkId[]): Promise<Work[]> {
    return this.query(tx, 'id = any($2)', [ids]);
  }

  /** The tokens of works; those that are not minted are not among them. */
  async tokenIds(tx: TenantTx, ids: readonly WorkId[]): Promise<ReadonlyMap<WorkId, string>> {
    const rows: { id: WorkId; token_id: string }[] = await tx.manager.query(
      'select id, token_id from works where tenant_id = $1 and id = any($2) and token_id is not null',
      [tx.tenantId, ids],
    );
    return new Map(rows.map(({ id, token_id }) => [id, token_id]));
  }

  async findByMint(tx: TenantTx, mintId: MintId): Promise<Work[]> {
    return this.query(tx, 'mint_id = $2 order by id', [mintId]);
  }

  /** The works of a registry that were minted from these documents or carry these tokens. */
  async findByChainKeys(
    tx: TenantTx,
    registryId: RegistryId,
    { documentHashes, tokenIds }: { documentHashes: readonly string[]; tokenIds: readonly string[] },
  ): Promise<Work[]> {
    return this.query(tx, 'registry_id = $2 and (document_hash = any($3) or token = any($4)) order by id', [
      registryId,
      documentHashes,
      tokenIds,
    ]);
  }

  /** Locks a work until the transaction ends, so that two requests cannot both find it free. */
  async lock(tx: TenantTx, workId: WorkId): Promise<void> {
    await tx.manager.query('select from works where tenant_id = $1 and id = $2 for update', [
      tx.tenantId,
      workId,
    ]);
  }

  async page(
    tx: TenantReads,
    request: PageRequest,
    filter: WorkFilter,
    selection?: Selection,
  ): Promise<Page<Work>> {
    return readPage(tx, request, {
      ...WORKS.select(nodeSelection(selection)),
      selection,
      counts: WORK_COUNTS,
      where: {
        project_id: filter?.projectId,
        registry_id: filter?.registryId,
        state: filter?.state,
        holder: filter?.holder,
        chain_id: filter?.chainId,
      },
    });
  }

  /** How many works of a registry are minted or on their way. */
  async countAccepted(tx: TenantTx, registryId: RegistryId): Promise<number> {
    const rows: { count: string | null }[] = await tx.manager.query(
      `select sum(works) as count from work_counts
        where tenant_id = $1 and registry_id = $2 and state <> 'MINT_FAILED'`,
      [tx.tenantId, registryId],
    );
    return Number(rows[0]?.count ?? 0);
  }

  async mintOrders(tx: TenantTx, mintId: MintId): Promise<MintOrder[]> {
    const rows: { id: WorkId; first_holder: AccountId; document_hash: Hex; artist_signature: Hex | null }[] =
      await tx.manager.query(
        `select id, first_holder, document_hash, artist_signature from works
          where tenant_id = $1 and mint_id = $2 order by id`,
        [tx.tenantId, mintId],
      );
    return rows.map((row) => ({
      workId: row.id,
      firstHolder: row.first_holder,
      documentHash: row.document_hash,
      artistSignature: row.artist_signature ?? undefined,
    }));
  }

  /** The tokens, in the adopted contract, that an adoption is of. */
  async adoptedTokens(tx: TenantTx, mintId: MintId): Promise<bigint[]> {
    const rows: { token: string }[] = await tx.manager.query(
      `select document->'adopted'->>'tokenId' as token from works
        where tenant_id = $1 and mint_id = $2 order by id`,
      [tx.tenantId, mintId],
    );
    return rows.map(({ token }) => BigInt(token));
  }

  /**
   * Lets works begin anew, in another mint or adoption: those whose own failed, and those that somebody else's adoption,
   * which a reorg took back, had brought.
   */
  async mintAgain(tx: TenantTx, mintId: MintId, ids: readonly WorkId[]): Promise<void> {
    await tx.manager.query(
      `update works set mint_id = $2, state = 'MINTING', failure = null
        where tenant_id = $1 and id = any($3)
          and (state = 'MINT_FAILED' or (state = 'MINTING' and mint_id is null))`,
      [tx.tenantId, mintId, ids],
    );
  }

  /** Says how the mint of works stands that are not on chain. */
  async setMintState(
    tx: TenantTx,
    mintId: MintId,
    state: typeof WorkState.MINTING | typeof WorkState.MINT_FAILED,
    failure: string | null,
  ): Promise<void> {
    await tx.manager.query(
      `update works set state = $3, failure = $4
        where tenant_id = $1 and mint_id = $2 and state in ('MINTING', 'MINT_FAILED')`,
      [tx.tenantId, mintId, state, failure],
    );
  }

  /** Writes what the chains say of works, each of them once in the list. */
  async project(
    tx: TenantTx,
    projected: readonly ProjectedWork[],
    assetOf: (chainId: ChainId, mint: MintFacts) => string,
  ): Promise<void> {
    if (projected.length === 0) return;
    await tx.manager.query(PROJECT, [
      tx.tenantId,
      projected.map(({ workId }) => workId),
      projected.map(({ folded }) => folded.state),
      projected.map(({ folded }) => folded.provisional),
      projected.map(({ folded }) => folded.frozen),
      projected.map(({ mint }) => mint?.edition ?? null),
      projected.map(({ mint }) => mint?.seed ?? null),
      projected.map(({ mint }) => mint?.commitment ?? null),
      projected.map(({ mint }) => mint?.tokenId ?? null),
      projected.map(({ mint, folded }) => (mint === undefined ? null : folded.chainId)),
      projected.map(({ folded: { chainId, holder } }) => chainId && holder && evmAccountId(chainId, holder)),
      projected.map(({ folded }) => folded.hop),
      projected.map(({ folded }) => folded.revision),
      projected.map(({ folded }) => folded.stateHash ?? FIRST_STATE_HASH),
    ]);
    await this.replaceLegs(tx, projected, assetOf);
  }

  private async replaceLegs(
    tx: TenantTx,
    projected: readonly ProjectedWork[],
    assetOf: (chainId: ChainId, mint: MintFacts) => string,
  ): Promise<void> {
    const legs = projected.flatMap(({ workId, mint, folded }) =>
      mint === undefined
        ? []
        : folded.legs.map((leg) => ({ ...leg, workId, assetId: assetOf(leg.chainId, mint) })),
    );
    await tx.manager.query(REPLACE_LEGS, [
      tx.tenantId,
      projected.map(({ workId }) => workId),
      legs.map(({ workId }) => workId),
      legs.map(({ chainId }) => chainId),
      legs.map(({ assetId }) => assetId),
      legs.map(({ state }) => state),
      legs.map(({ chainId, holder }) => holder && evmAccountId(chainId, holder)),
      legs.map(({ hop }) => hop),
      legs.map(({ revision }) => revision),
      legs.map(({ provisional }) => provisional),
    ]);
  }

  /** Freezes a work in the record until a person clears it. */
  async markBreached(tx: TenantTx, workId: WorkId, reason: string): Promise<void> {
    await tx.manager.query('update works set breach_reason = $3 where tenant_id = $1 and id = $2', [
      tx.tenantId,
      workId,
      reason,
    ]);
  }

  private async query(tx: TenantTx, condition: string, values: readonly unknown[]): Promise<Work[]> {
    const rows: object[] = await tx.manager.query(
      `select ${WORKS.columns} from works where tenant_id = $1 and ${condition}`,
      [tx.tenantId, ...values],
    );
    return WORKS.nodes(rows);
  }
}
