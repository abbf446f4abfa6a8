import type { Hex } from 'viem';
import type { ChainTable } from '../../chains/chain-table';
import { settlementIdIn } from '../../chains/evm/registry/vault-calls';
import type { AccountId, MoneyId } from '../../schema/caip';
import { type MovementId, settlementIdSchema } from '../../schema/ids';
import { AccountKind, EntryKind, Ground } from '../../schema/types/ledger';
import type { Registry } from '../../schema/types/registry';
import type { TenantTx } from '../../tenants/tenant-database';
import type { ChainLogRepository } from '../chain-state/log-repository';
import type { Ledger } from '../ledger/ledger';
import { type EntryKey, type NewEntry, type Posting, WHOLE } from '../ledger/ledger-entry';
import type { ProjectionChange, ProjectionListener } from '../provenance/projector';
import { hexArg, type RegistryEvent, type RegistryEventName, textArg } from '../provenance/registry-event';
import type { RegistryEventRepository } from '../provenance/registry-event-repository';
import { movementIdOf } from '../royalties/sale';
import { sharesBefore } from './arrival-shares';
import { type KnownPayee, payeeDirectory } from './payee-directory';
import type { SettlementRepository } from './settlement-repository';
import type { VaultPostings } from './vault-postings';

/** The events by which money leaves a vault, or comes to it from another; deposits are booked with their sales. */
const KINDS: { readonly [Name in RegistryEventName]?: EntryKind } = {
  PayeePaid: EntryKind.PAYOUT,
  SettlementRemitted: EntryKind.REMITTANCE,
  SettlementCredited: EntryKind.ARRIVAL,
  LossRecorded: EntryKind.LOSS,
};

export interface VaultBookStores {
  readonly settlements: SettlementRepository;
  readonly events: RegistryEventRepository;
  readonly logs: ChainLogRepository;
  readonly vaultPostings: VaultPostings;
}

/** A movement with what its entry is made of. */
interface Movement {
  readonly event: RegistryEvent;
  readonly id: MovementId;
  readonly registry: Registry;
  readonly payees: ReadonlyMap<Hex, KnownPayee>;
  /** Payees whom the books credit as takers of a platform's fee: whoever takes it somewhere takes it everywhere. */
  readonly feeTakers: ReadonlySet<string>;
}

/**
 * Keeps the books of what leaves vaults, and of what comes to them from other vaults. What is posted rests on final
 * blocks; a breach of finality takes it back.
 */
export class VaultBooks implements ProjectionListener {
  constructor(
    private readonly ledger: Ledger,
    private readonly stores: VaultBookStores,
    private readonly chainTable: Pick<ChainTable, 'moneyOf'>,
  ) {}

  async projected(tx: TenantTx, { registry, touched, fallen }: ProjectionChange): Promise<void> {
    const fell = new Set(fallen);
    const moved = touched.filter(
      (event) => event.final && !fell.has(event) && KINDS[event.name] !== undefined,
    );
    await this.takeBack(
      tx,
      fallen.filter((event) => event.final && KINDS[event.name] !== undefined),
    );
    await this.post(tx, registry, moved);
  }

  private async takeBack(tx: TenantTx, events: readonly RegistryEvent[]): Promise<void> {
    if (events.length === 0) return;
    const ended = await this.stores.vaultPostings.end(tx, events.map(idOf));
    await this.ledger.reverse(
      tx,
      events.flatMap((event): EntryKey[] => {
        const inclusion = ended.get(idOf(event));
        return inclusion === undefined ? [] : [keyOf(event, inclusion)];
      }),
    );
  }

  private async post(tx: TenantTx, registry: Registry, events: readonly RegistryEvent[]): Promise<void> {
    if (events.length === 0) return;
    const inclusions = await this.stores.vaultPostings.begin(tx, registry.id, events.map(idOf));
    const splits = await this.stores.events.find(tx, registry.id, { names: ['SplitStated'] });
    const payees = payeeDirectory(registry.chainIds, splits);
    const fees = await this.ledger.balances(tx, { kind: AccountKind.PLATFORM_FEE });
    const feeTakers = new Set(fees.map(({ owner }) => owner));
    const entries: NewEntry[] = [];
    for (const event of events) {
      const id = idOf(event);
      const inclusion = inclusions.get(id);
      if (inclusion === undefined) continue;
      const movement = { event, id, registry, payees, feeTakers };
      const postings = balanced(await this.postingsOf(tx, movement), registry);
      entries.push({
        ...keyOf(event, inclusion),
        projectId: registry.projectId,
        occurredAt: await this.timeOf(tx, event),
        ground: postings.some(({ account }) => account.kind === AccountKind.SUSPENSE)
          ? Ground.UNATTRIBUTED
          : Ground.PROVEN,
        policyRevision: undefined,
        postings,
      });
    }
    await this.ledger.post(tx, entries);
    await this.ledger.finalise(tx, entries);
  }

  private async postingsOf(tx: TenantTx, movement: Movement): Promise<Posting[]> {
    const { event, registry } = movement;
    const asset = this.chainTable.moneyOf(event.chainId, textArg(event, 'token'));
    const { projectId: owner } = registry;
    const vault = (amount: bigint): Posting => ({
      account: { kind: AccountKind.VAULT, owner, asset },
      amount,
    });
    switch (event.name) {
      case 'PayeePaid': {
        const spent = BigInt(textArg(event, 'spent'));
        return [vault(-spent), debt(movement, asset, hexArg(event, 'payeeId'), spent)];
      }
      case 'LossRecorded': {
        const lost = BigInt(textArg(event, 'lost'));
        return [vault(-lost), { account: { kind: AccountKind.VAULT_LOSS, owner, asset }, amount: lost }];
      }
      case 'SettlementRemitted': {
        const amount = BigInt(textArg(event, 'amount'));
        return [vault(-amount), { account: { kind: AccountKind.IN_TRANSIT, owner, asset }, amount }];
      }
      default:
        return this.arrival(tx, movement, asset);
    }
  }

  /** What was owed at the source is owed here now. */
  private async arrival(tx: TenantTx, movement: Movement, asset: MoneyId): Promise<Posting[]> {
    const { event, registry } = movement;
    const { projectId: owner } = registry;
    const received = BigInt(textArg(event, 'received'));
    const postings: Posting[] = [{ account: { kind: AccountKind.VAULT, owner, asset }, amount: received }];
    for (const { payeeId, amount } of await this.sharesOf(tx, movement))
      postings.push(debt(movement, asset, payeeId, -amount));
    const remitted = await this.departureOf(tx, movement);
    if (remitted === undefined) return postings;
    const source = this.chainTable.moneyOf(remitted.chainId, textArg(remitted, 'token'));
    const amount = BigInt(textArg(remitted, 'amount'));
    postings.push({ account: { kind: AccountKind.IN_TRANSIT, owner, asset: source }, amount: -amount });
    const id = settlementIdIn(hexArg(event, 'settlementId'));
    const ids = id === undefined ? [] : [settlementIdSchema.parse(id)];
    const [settlement] = await this.stores.settlements.findByIds(tx, ids);
    if (settlement === undefined)
      return [...postings, { account: { kind: AccountKind.SUSPENSE, owner, asset: source }, amount }];
    for (const credit of settlement.credits)
      postings.push(owedTo(movement, credit.payee, source, BigInt(credit.amount)));
    return postings;
  }

  /** The vault credits the payees of an arrival right before it says whose it was. */
  private async sharesOf(tx: TenantTx, { event, registry }: Movement) {
    const beside = await this.stores.events.find(tx, registry.id, {
      chainId: event.chainId,
      transactionHashes: [event.transactionHash],
      names: ['PayeeCredited', 'SettlementCredited'],
    });
    return sharesBefore(event, beside);
  }

  private async departureOf(tx: TenantTx, { event, registry }: Movement): Promise<RegistryEvent | undefined> {
    if (event.digest === null) throw new Error('an arrival names its digest');
    const [remitted] = await this.stores.events.find(tx, registry.id, {
      digests: [event.digest],
      names: ['SettlementRemitted'],
    });
    return remitted;
  }

  private async timeOf(tx: TenantTx, { chainId, blockNumber }: RegistryEvent): Promise<Date> {
    return this.stores.logs.blockTime(tx, chainId, blockNumber);
  }
}

/**
 * Puts what is left over in suspense: after a loss a vault rounds credits down to the unit, and an entry that does not
 * balance would hold the whole record up.
 */
function balanced(postings: readonly Posting[], { projectId: owner }: Registry): Posting[] {
  const rest = new Map<MoneyId, bigint>();
  for (const { account, amount } of postings)
    rest.set(account.asset, (rest.get(account.asset) ?? 0n) - amount);
  const left = [...rest].filter(([, amount]) => amount !== 0n);
  return [
    ...postings,
    ...left.map(([asset, amount]) => ({ account: { kind: AccountKind.SUSPENSE, owner, asset }, amount })),
  ];
}

function debt(movement: Movement, asset: MoneyId, payeeId: Hex, amount: bigint): Posting {
  const { payees, registry } = movement;
  const payee = payees.get(payeeId);
  return payee === undefined
    ? { account: { kind: AccountKind.SUSPENSE, owner: registry.projectId, asset }, amount }
    : owedTo(movement, payee.account, asset, amount);
}

function owedTo({ feeTakers }: Movement, owner: AccountId, asset: MoneyId, amount: bigint): Posting {
  const kind = feeTakers.has(owner) ? AccountKind.PLATFORM_FEE : AccountKind.ARTIST_PAYABLE;
  return { account: { kind, owner, asset }, amount };
}

function idOf({ chainId, transactionHash, logIndex }: RegistryEvent): MovementId {
  return movementIdOf({ chainId, transactionHash, logIndex, item: 0 });
}

function keyOf(event: RegistryEvent, inclusion: number): EntryKey {
  const kind = KINDS[event.name];
  if (kind === undefined) throw new Error(`${event.name} moves no money`);
  return { subject: idOf(event), part: WHOLE, kind, inclusion };
}
