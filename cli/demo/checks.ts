import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { encodeAbiParameters, keccak256, stringToBytes } from 'viem';
import type { ChainId } from '../../schema/caip';
import { TransportKind } from '../../schema/types/chain';
import type { SaleOutcome } from './base-sale';
import type { ChainReader } from './chain-reader';
import { DemoError } from './demo-errors';
import type { Expectations } from './expectations';
import type { Expected } from './journey';
import type { Dispatch, ProvenanceEvent, Registry, Work } from './operations';

/** `LegState.LIVE` of contracts/src/interfaces/ICollection.sol. */
const LEG_LIVE = 1;
const EDITION_BITS = 96n;

interface Subject {
  readonly work: Work;
  readonly registry: Registry;
  readonly expected: Expected;
}

/** What the chains themselves say of one work. */
export async function checkWork(
  expectations: Expectations,
  reader: ChainReader,
  { work, registry, expected }: Subject,
): Promise<void> {
  const name = `work ${work.edition}`;
  const tokenId = BigInt(known(work.tokenId));
  const legs = () =>
    Promise.all(
      registry.contracts.map(async ({ chainId, collection }) => ({
        chainId,
        ...(await reader.legOf(chainId, collection, tokenId)),
      })),
    );
  await expectations.expect(`${name}: ownerOf on ${expected.chainId} is ${expected.holder}`, async () => {
    const owner = await reader.ownerOf(expected.chainId, collectionOn(registry, expected.chainId), tokenId);
    return owner.toLowerCase() === expected.holder.toLowerCase();
  });
  await expectations.expect(`${name}: exactly one leg is live`, async () => {
    const live = (await legs()).filter(({ state }) => state === LEG_LIVE);
    return live.length === 1 && live[0]?.chainId === expected.chainId;
  });
  await expectations.expect(`${name}: the commitment is that of its document, seed and edition`, async () => {
    const commitment = commitmentOf(work);
    const seed = await reader.seedOf(
      registry.homeChainId,
      collectionOn(registry, registry.homeChainId),
      tokenId,
    );
    const inId = tokenId >> EDITION_BITS === BigInt(commitment) >> EDITION_BITS;
    return inId && seed === work.seed && work.commitment === commitment;
  });
  if (expected.revision === 0) return;
  await expectations.expect(
    `${name}: every chain has revision ${expected.revision} of its metadata`,
    async () => {
      const { documentHash, metadata } = work;
      const stateHash = canonicalHash({ documentHash, revision: expected.revision, metadata });
      return (await legs()).every(
        (leg) => leg.revision === BigInt(expected.revision) && leg.stateHash === stateHash,
      );
    },
  );
}

/** That the sale owed and paid what the policy asks, and that the artist's wallet on the home chain has it. */
export async function checkSale(
  expectations: Expectations,
  reader: ChainReader,
  { sale, artist, homeChainId, dollar }: SaleOutcome,
): Promise<void> {
  await expectations.expect('sale on Base: what it owed was paid, to the unit', async () => {
    return BigInt(sale.paid) > 0n && sale.paid === sale.expected && sale.verdict === 'EXACT';
  });
  await expectations.expect('sale on Base: the artist’s wallet on the home chain has all of it', async () => {
    return (await reader.balanceOf(homeChainId, dollar, artist)) === BigInt(sale.paid);
  });
}

/** What the bridges themselves say of one statement. */
export async function checkDispatch(
  expectations: Expectations,
  reader: ChainReader,
  dispatch: Dispatch,
): Promise<void> {
  const way = `${dispatch.kind.toLowerCase()} ${dispatch.sourceChainId} → ${dispatch.destinationChainId}`;
  if (dispatch.transport === TransportKind.CCIP) {
    await expectations.expect(`${way}: OffRamp.getExecutionState is SUCCESS`, () =>
      reader.ccipExecuted(dispatch),
    );
  } else {
    await expectations.expect(`${way}: outbound and inbound LayerZero nonces agree, nothing waits`, () =>
      reader.layerZeroDelivered(dispatch),
    );
  }
}

/** That a history is unbroken, and each of its entries in the block that it names. */
export async function checkProvenance(
  expectations: Expectations,
  reader: ChainReader,
  name: string,
  history: readonly ProvenanceEvent[],
): Promise<void> {
  await expectations.expect(
    `${name}: all ${history.length} entries of its history are hash-linked`,
    async () =>
      history.every(
        (entry, index) =>
          entry.hash === hashOf(entry) &&
          entry.sequence === index + 1 &&
          (index === 0 || entry.previousHash === history[index - 1]?.hash),
      ),
  );
  await expectations.expect(`${name}: each entry's log is in the block that it names`, async () => {
    const found = await Promise.all(history.map((entry) => hasLog(reader, entry)));
    return found.length > 0 && found.every(Boolean);
  });
}

async function hasLog(reader: ChainReader, { evidence }: ProvenanceEvent): Promise<boolean> {
  if (evidence === null) return false;
  const { chainId, transactionHash: hash, blockHash, logIndex } = evidence;
  const receipt = await reader.client(chainId).getTransactionReceipt({ hash });
  return receipt.blockHash === blockHash && receipt.logs.some((log) => log.logIndex === logIndex);
}

/** SHA-256 over the RFC 8785 form of the entry, as the API documents it. */
function hashOf({ sequence, kind, facts, evidence, previousHash }: ProvenanceEvent): string {
  const text = canonicalText({ sequence, kind, facts, evidence, previousHash });
  return createHash('sha256').update(text).digest('hex');
}

/** keccak256(abi.encode(documentHash, seed, edition)), with the document hash made from the document anew. */
function commitmentOf({ document, seed, edition }: Work): `0x${string}` {
  return keccak256(
    encodeAbiParameters(
      [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'uint256' }],
      [canonicalHash(document), known(seed), BigInt(known(edition))],
    ),
  );
}

function canonicalHash(value: unknown): `0x${string}` {
  return keccak256(stringToBytes(canonicalText(value)));
}

function canonicalText(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new DemoError('a document has no canonical form');
  return text;
}

function collectionOn({ contracts }: Registry, chainId: ChainId): `0x${string}` {
  return known(contracts.find((candidate) => candidate.chainId === chainId)?.collection);
}

/** A value that a minted work has. */
function known<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new DemoError('a work lacks what a minted one has');
  return value;
}
