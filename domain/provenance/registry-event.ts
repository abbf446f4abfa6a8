import type { Hex } from 'viem';
import type { ChainId } from '../../schema/caip';

/** A decoded contract event of a registry, at its place on its chain. Amounts and ids are decimal strings. */
export interface RegistryEvent {
  readonly chainId: ChainId;
  readonly blockNumber: number;
  readonly logIndex: number;
  readonly blockHash: Hex;
  readonly transactionHash: Hex;
  readonly name: RegistryEventName;
  /** The work's token id, decimal, if the event concerns one work. */
  readonly tokenId: string | null;
  /** The statement's digest, if the event concerns one. */
  readonly digest: Hex | null;
  readonly args: EventArgs;
  /** True once its block is final. */
  readonly final: boolean;
}

/** The event's arguments by name; integers as decimal strings, lists joined by commas, fields of a struct among them. */
/** The event's arguments by name; integers as decimal strings, structs and lists of them as JSON. */
export type EventArgs = Readonly<Record<string, string | boolean>>;

/** What a registry's vaults log: money that came, who is owed of it, and how it left. */
const VAULT_EVENTS = [
  'MoneyReceived',
  'PayeeCredited',
  'LossRecorded',
  'SplitStated',
  'PayeePaid',
  'PaymentRefused',
  'SettlementRemitted',
  'SettlementCredited',
] as const;
/** The contract events that the record is made of. Others are passed over. */
export const REGISTRY_EVENTS = [
  'WorkMinted',
  'WorkAdopted',
  'WorkDeparted',
  'WorkArrived',
  'WorkRecredited',
  'WorkReclaimed',
  'WorkHeld',
  'ReleaseHeld',
  'ReleaseClaimed',
  'WorkBurned',
  'WorkFrozen',
  'WorkUnfrozen',
  'RevisionStated',
  'RevisionApplied',
  'Transfer',
  'StatementSent',
  'StatementApplied',
  'StatementFailed',
  'StatementHeld',
  'StatementDisputed',
  'StatementVoided',
  'HoldPlaced',
  'HoldEnded',
  'LaneOpened',
  'LanePaused',
  'LaneResumed',
  'NativeReceived',
  'MoneyReceived',
  'OwnershipTransferred',
  'LicenceOffered',
  'OfferWithdrawn',
  'LicenceBought',
  'LicenceTransferred',
  'LicenceRevoked',
  'GrantApplied',
  'RegistryStated',
  ...VAULT_EVENTS,
] as const;
export type RegistryEventName = (typeof REGISTRY_EVENTS)[number];

/** Whether an event makes a token a work. Each has the work's document hash. */
export function isMint({ name }: RegistryEvent): boolean {
  return name === 'WorkMinted' || name === 'WorkAdopted';
}

/** An argument of an event. @throws Error if the event has none of that name: the ABI says otherwise. */
export function textArg({ name, args }: RegistryEvent, key: string): string {
  const value = args[key];
  if (typeof value !== 'string') throw new Error(`${name} has no argument ${key}`);
  return value;
}

/** As {@link textArg}, for a small integer (hop, revision, edition, nonce). */
export function numberArg(event: RegistryEvent, key: string): number {
  return Number(textArg(event, key));
}

/** As {@link textArg}, for what the ABI declares as bytes32 or address. */
export function hexArg(event: RegistryEvent, key: string): Hex {
  // CAST: decoded from such a type.
  return textArg(event, key) as Hex;
}

/** A key that orders and identifies an event on its chain. */
export function eventKey({
  chainId,
  blockNumber,
  logIndex,
  blockHash,
}: Pick<RegistryEvent, 'chainId' | 'blockNumber' | 'logIndex' | 'blockHash'>): string {
  return `${chainId}/${blockNumber}/${logIndex}/${blockHash}`;
}

export function byPlace(one: RegistryEvent, other: RegistryEvent): number {
  return one.blockNumber - other.blockNumber || one.logIndex - other.logIndex;
}
