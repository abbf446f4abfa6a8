import { type Address, getAddress, type Hex, zeroAddress } from 'viem';
import { z } from 'zod';
import { chainHashOf } from '../../chains/evm/registry/manifest';
import { type AccountId, type ChainId, evmAccountId, type MoneyId, moneyIdSchema } from '../../schema/caip';
import type { LicenceCopy } from '../../schema/types/licence';
import { numberArg, type RegistryEvent, textArg } from '../provenance/registry-event';

/** A grant as its events leave it. */
export interface FoldedLicence {
  readonly grantId: Hex;
  /** The issuer's. */
  readonly chainId: ChainId;
  readonly offerId: string;
  readonly templateHash: Hex;
  readonly holder: AccountId;
  readonly tokenIds: readonly string[];
  readonly revision: number;
  readonly grantedAt: Date;
  readonly expiresAt: Date | null;
  readonly transferable: boolean;
  readonly revocable: boolean;
  readonly revoked: boolean;
  readonly reasonHash: Hex | null;
  readonly provisional: boolean;
  readonly copies: readonly LicenceCopy[];
  /** Whoever paid. */
  readonly buyer: Address;
}

/** An offer as its events leave it. */
export interface FoldedOffer {
  readonly chainId: ChainId;
  readonly offerId: string;
  readonly templateHash: Hex;
  readonly currency: MoneyId | null;
  readonly price: string;
  readonly termSeconds: number | null;
  readonly closesAt: Date | null;
  readonly transferable: boolean;
  readonly revocable: boolean;
  readonly tokenIds: readonly string[];
  readonly withdrawn: boolean;
  readonly provisional: boolean;
}

/**
 * Reads a grant off all its events, on all chains, in chain order on each. Only the chain that issued it changes it;
 * what others say of it are copies.
 *
 * @returns undefined if nobody bought it: a reorg took the purchase away.
 */
export function foldLicence(events: readonly RegistryEvent[]): FoldedLicence | undefined {
  const bought = events.find(({ name }) => name === 'LicenceBought');
  if (bought === undefined) return undefined;
  const { chainId } = bought;
  const changes = events.filter(
    (event) => event.chainId === chainId && ['LicenceTransferred', 'LicenceRevoked'].includes(event.name),
  );
  const transferred = changes.filter(({ name }) => name === 'LicenceTransferred').at(-1);
  const revoked = changes.find(({ name }) => name === 'LicenceRevoked');
  const holder = transferred === undefined ? textArg(bought, 'holder') : textArg(transferred, 'to');
  return {
    // CAST: here and below, by the ABI.
    grantId: textArg(bought, 'grantId') as Hex,
    chainId,
    offerId: textArg(bought, 'offerId'),
    templateHash: textArg(bought, 'templateHash') as Hex,
    holder: evmAccountId(chainId, holder),
    tokenIds: listOf(textArg(bought, 'workIds')),
    revision: Math.max(1, ...changes.map((event) => numberArg(event, 'revision'))),
    grantedAt: timeOf(bought, 'grantedAt') ?? new Date(0),
    expiresAt: timeOf(bought, 'expiresAt'),
    transferable: bought.args['transferable'] === true,
    revocable: bought.args['revocable'] === true,
    revoked: revoked !== undefined,
    reasonHash: revoked === undefined ? null : (textArg(revoked, 'reasonHash') as Hex),
    provisional: [bought, ...changes].some(({ final }) => !final),
    copies: copiesOf(events, chainId),
    buyer: getAddress(textArg(bought, 'buyer')),
  };
}

/** Reads an offer off its events on its chain. @returns undefined if it was never made: a reorg took it away. */
export function foldOffer(events: readonly RegistryEvent[]): FoldedOffer | undefined {
  const offered = events.find(({ name }) => name === 'LicenceOffered');
  if (offered === undefined) return undefined;
  const withdrawn = events.find(({ name }) => name === 'OfferWithdrawn');
  const { chainId } = offered;
  const currency = textArg(offered, 'currency');
  const termSeconds = numberArg(offered, 'termSeconds');
  return {
    chainId,
    offerId: textArg(offered, 'offerId'),
    templateHash: textArg(offered, 'templateHash') as Hex,
    currency: currency === zeroAddress ? null : moneyIdSchema.parse(`${chainId}/erc20:${currency}`),
    price: textArg(offered, 'price'),
    termSeconds: termSeconds === 0 ? null : termSeconds,
    closesAt: timeOf(offered, 'closesAt'),
    transferable: offered.args['transferable'] === true,
    revocable: offered.args['revocable'] === true,
    tokenIds: listOf(textArg(offered, 'workIds')),
    withdrawn: withdrawn !== undefined,
    provisional: !offered.final || withdrawn?.final === false,
  };
}

/** The chains that have to hear of a grant which they do not know in its present revision. */
export function chainsBehind(
  { chainId, revision, copies }: Pick<FoldedLicence, 'chainId' | 'revision' | 'copies'>,
  chainIds: readonly ChainId[],
): ChainId[] {
  const upToDate = copies.filter((copy) => copy.revision >= revision).map((copy) => copy.chainId);
  return chainIds.filter((other) => other !== chainId && !upToDate.includes(other));
}

function copiesOf(events: readonly RegistryEvent[], issuer: ChainId): LicenceCopy[] {
  const copies = new Map<ChainId, LicenceCopy>();
  for (const event of events) {
    // A mirror believes home alone, and home only the issuer: what another says it issued is no copy of this.
    if (event.name !== 'GrantApplied' || textArg(event, 'issuerChainHash') !== chainHashOf(issuer)) continue;
    const { chainId, final } = event;
    const revision = numberArg(event, 'revision');
    const known = copies.get(chainId);
    if (known === undefined || known.revision < revision)
      copies.set(chainId, { chainId, revision, provisional: !final });
  }
  return [...copies.values()];
}

function listOf(text: string): string[] {
  return z.array(z.string()).parse(JSON.parse(text));
}

function timeOf(event: RegistryEvent, argument: string): Date | null {
  const seconds = numberArg(event, argument);
  return seconds === 0 ? null : new Date(seconds * 1_000);
}
