import type { Address, Hex } from 'viem';
import { type Remittance, type RemittedCredit, settlementKey } from '../../chains/evm/registry/vault-calls';
import type { VaultReader } from '../../chains/evm/registry/vault-reads';
import { decodeRevert } from '../../chains/revert-reason';
import { revertDataOf } from '../../chains/transactions/revert-data';
import { evmTokenOf } from '../../schema/caip';
import { type Lane, TransportKind } from '../../schema/types/chain';
import type { SettlementCredit } from '../../schema/types/settlement';
import { chooseLane, fits, type LaneOffer } from '../dispatch/lane-chooser';
import { describeRevert } from '../dispatch/revert-reason';
import type { SettlementRecord } from './settlement-record';

/** What contracts say where no route will ever be, as things are set up; all else may pass. */
const NO_ROUTE = new Set([
  'RouteUnknown',
  'NativeHasNoRoute',
  'UnexpectedDebit',
  'UnsupportedToken',
  'ChainNotAllowed',
  'UnsupportedDestinationChain',
  'NoPeer',
  'SlippageExceeded',
]);

/** A bridge that would take the money, and what exactly. */
export interface RouteOffer extends LaneOffer {
  readonly transport: TransportKind;
  readonly credits: readonly SettlementCredit[];
}

/** What comes of looking for a route. */
export type FoundRoute =
  | { readonly kind: 'route'; readonly offer: RouteOffer }
  /** There is one, but not now. */
  | { readonly kind: 'wait'; readonly waitingFor: string }
  /** There is none. */
  | { readonly kind: 'none'; readonly reason: string };

/** What a route is looked for by. */
type Departing = Pick<
  SettlementRecord,
  'id' | 'sourceChainId' | 'destinationChainId' | 'asset' | 'laneChoice'
>;

/** Where a settlement would leave from. */
export interface Departure {
  readonly settlement: Departing;
  readonly vault: VaultReader;
  /** Who would send it: the tenant's account there. */
  readonly settler: Address;
  /** The registry's lanes. */
  readonly lanes: readonly Lane[];
}

type Answer =
  | { readonly kind: 'offer'; readonly offer: RouteOffer }
  | { readonly kind: 'refused'; readonly reason: string; readonly forGood: boolean };

/** Has each bridge that the settlement may take priced and tried, and chooses among those that would carry it. */
export async function findRoute(
  departure: Departure,
  credits: readonly SettlementCredit[],
): Promise<FoundRoute> {
  const { laneChoice } = departure.settlement;
  const bridges = Object.values(TransportKind).filter((transport) => fits(laneChoice, transport));
  const answers = await Promise.all(bridges.map((transport) => ask(departure, credits, transport)));
  const offers = answers.flatMap((answer) => (answer.kind === 'offer' ? [answer.offer] : []));
  const offer = chooseLane(laneChoice, offers);
  if (offer !== undefined) return { kind: 'route', offer };
  const refusals = answers.flatMap((answer) => (answer.kind === 'refused' ? [answer] : []));
  const passing = refusals.filter(({ forGood }) => !forGood);
  if (passing.length > 0) return { kind: 'wait', waitingFor: passing.map(({ reason }) => reason).join('; ') };
  return { kind: 'none', reason: refusals.map(({ reason }) => reason).join('; ') };
}

/** The remittance of credits by one bridge, under the settlement's own name. */
export function remittanceOf(
  { id, destinationChainId, asset }: Pick<SettlementRecord, 'id' | 'destinationChainId' | 'asset'>,
  transport: TransportKind,
  credits: readonly SettlementCredit[],
): Remittance {
  return {
    settlementId: settlementKey(id),
    destinationChainId,
    transport,
    token: evmTokenOf(asset),
    credits: credits.map(
      ({ payee, claimant, amount }): RemittedCredit => ({ payee, claimant, amount: BigInt(amount) }),
    ),
  };
}

async function ask(
  { settlement, vault, settler, lanes }: Departure,
  credits: readonly SettlementCredit[],
  transport: TransportKind,
): Promise<Answer> {
  const lane = lanes.find(
    (candidate) =>
      candidate.transport === transport &&
      candidate.sourceChainId === settlement.sourceChainId &&
      candidate.destinationChainId === settlement.destinationChainId,
  );
  if (lane?.paused === true) return refused(`${transport}: the lane to be resumed`, false);
  try {
    const carried = transport === 'LAYERZERO' ? await wholeUnits(vault, settlement, credits) : credits;
    if (carried.length === 0)
      return refused(`${transport}: no OFT moves the token, or not so little of it`, true);
    const feeWei = await vault.priceOf(remittanceOf(settlement, transport, carried), settler);
    const deliverySecondsP50 = lane?.deliverySecondsP50 ?? null;
    return { kind: 'offer', offer: { transport, feeWei, deliverySecondsP50, credits: carried } };
  } catch (error) {
    const data = revertDataOf(error);
    if (data === undefined) throw error;
    return refused(`${transport}: ${describeRevert(data)}`, isForGood(data));
  }
}

/** An OFT carries whole units of what all chains can tell; the vault refuses to send what leaves a rest. */
async function wholeUnits(
  vault: VaultReader,
  { asset }: Departing,
  credits: readonly SettlementCredit[],
): Promise<SettlementCredit[]> {
  const unit = await vault.oftUnitOf(evmTokenOf(asset));
  if (unit === undefined) return [];
  return credits
    .map((credit) => ({ ...credit, amount: String(BigInt(credit.amount) - (BigInt(credit.amount) % unit)) }))
    .filter(({ amount }) => amount !== '0');
}

function isForGood(data: Hex): boolean {
  return data !== '0x' && NO_ROUTE.has(decodeRevert(data).name);
}

function refused(reason: string, forGood: boolean): Answer {
  return { kind: 'refused', reason, forGood };
}
