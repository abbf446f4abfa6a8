import { hash } from 'node:crypto';
import type { Client } from 'pg';
import { getAddress } from 'viem';
import { fromHex } from '../../../domain/chain-state/block-encoding';
import { evmAccountId, evmChainId } from '../../../schema/caip';
import {
  projectIdSchema,
  registryIdSchema,
  type TenantId,
  type WorkId,
  workIdSchema,
} from '../../../schema/ids';
import type { JsonObject } from '../../../schema/inputs/json-document';

export const HOME = evmChainId(31_337);
export const MIRROR = evmChainId(31_338);
/** The registry's contracts, at the same addresses on both chains. */
export const COLLECTION = getAddress(`0x${'c0'.repeat(20)}`);
export const GATEWAY = getAddress(`0x${'9a'.repeat(20)}`);
export const PROJECT_ID = projectIdSchema.parse(uuidOf('project'));
export const REGISTRY_ID = registryIdSchema.parse(uuidOf('registry'));
/** Nobody logs anything there. */
const SILENT = getAddress(`0x${'5e'.repeat(20)}`);
const ARTIST = evmAccountId(HOME, getAddress(`0x${'a4'.repeat(20)}`));
/** The most works of one mint. */
export const WORKS_PER_MINT = 50;

/** The document of a work, of the shape of `provenanceDocument`; only the nonce is its own. */
export function documentOf(work: number): JsonObject {
  return {
    version: 1,
    nonce: uuidOf(`nonce/${work}`),
    registry: {
      homeChainId: HOME,
      collections: [HOME, MIRROR].map((chainId) => ({ chainId, collection: COLLECTION })),
    },
    project: {
      name: 'Tides',
      artist: { name: 'Ada', account: ARTIST },
      scriptHash: `0x${'0'.repeat(64)}`,
      dependencies: [],
      traits: {},
      editionCap: 1_000_000,
      royaltyBps: 500,
      licence: 'CC0-1.0',
    },
  };
}

/** Ids are as scattered as random ones, and the same in each run. */
export function workIdOf(work: number): WorkId {
  return workIdSchema.parse(uuidOf(`work/${work}`));
}

export function dispatchIdOf(work: number): string {
  return uuidOf(`dispatch/${work}`);
}

export function mintIdOf(work: number): string {
  return uuidOf(`mint/${Math.floor(work / WORKS_PER_MINT)}`);
}

function uuidOf(text: string): string {
  const hex = hash('sha256', text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A project with its registry on both chains, whose contracts are watched from the first block on. */
export async function insertRegistry(admin: Client, tenantId: TenantId): Promise<void> {
  await admin.query(
    `insert into projects (tenant_id, id, name, artist_name, artist_account, script, script_hash, edition_cap, royalty_bps, licence)
     values ($1, $2, 'Tides', 'Ada', $3, 'draw()', $4, 1000000, 500, 'CC0-1.0')`,
    [tenantId, PROJECT_ID, ARTIST, `0x${'0'.repeat(64)}`],
  );
  const contracts = [HOME, MIRROR].map((chainId) => ({
    chainId,
    collection: COLLECTION,
    gateway: GATEWAY,
    ccipTransport: SILENT,
    layerZeroTransport: SILENT,
    lanes: SILENT,
    delayedQueue: SILENT,
  }));
  const zero = `0x${'0'.repeat(40)}`;
  await admin.query(
    `insert into registries (tenant_id, id, project_id, name, symbol, state, home_chain_id, chain_ids, owner, manifest, contracts)
     values ($1, $2, $3, 'Tides', 'TIDE', 'ACTIVE', $4, array[$4, $5], $6, $7, $8)`,
    [
      tenantId,
      REGISTRY_ID,
      PROJECT_ID,
      HOME,
      MIRROR,
      ARTIST,
      JSON.stringify({ artist: zero, adopted: zero }),
      JSON.stringify(contracts),
    ],
  );
  await admin.query(
    `insert into projections (tenant_id, registry_id, chain_id, final_block) select $1, $2, unnest($3::text[]), -1`,
    [tenantId, REGISTRY_ID, [HOME, MIRROR]],
  );
  for (const address of [COLLECTION, GATEWAY, SILENT])
    await admin.query(
      `insert into watched_addresses (tenant_id, chain_id, address, registry_id, from_block)
       select $1, unnest($2::text[]), $3, $4, 0`,
      [tenantId, [HOME, MIRROR], fromHex(address), REGISTRY_ID],
    );
}
