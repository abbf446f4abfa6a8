import type { ChainTable } from '../../chains/chain-table';
import { settlementIdIn } from '../../chains/evm/registry/vault-calls';
import type { MoneyId } from '../../schema/caip';
import { type RegistryId, settlementIdSchema, type TenantId } from '../../schema/ids';
import { AccountKind, EntryKind, Ground } from '../../schema/types/ledger';
import type { Registry } from '../../schema/types/registry';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import type { ChainLogRepository } from '../chain-state/log-repository';
import type { Ledger } from '../ledger/ledger';
import type { EntryKey, NewEntry, Posting } from '../ledger/ledger-entry';
import type { ProjectionChange, ProjectionListener } from '../provenance/projector';
import { eventKey, hexArg, type RegistryEvent, textArg } from '../provenance/registry-event';
import type { RegistryRepository } from '../registry/registry-repository';
import type { SaleRepository } from '../sales/sale-repository';
import { CREDITING, creditsOfArrival, sharesBefore } from './arrival-shares';
import type { BookMark, BookMarks } from './book-marks';
import { isDated, restatementOf, suspendedBy } from './book-restatement';
import { PayeeAccounts, type PayeeStores } from './payee-accounts';
import type { SettlementRepository } from './settlement-repository';
import { movementKey, movementOf, movementPostings, SEEN_AT_ONCE, VAULT_ENTRIES } from './vault-entries';
import type { VaultPostings } from './vault-postings';

export interface VaultBookStores extends PayeeStores {
  readonly registries: RegistryRepository;
  readonly settlements: SettlementRepository;
  readonly logs: ChainLogRepository;
  readonly vaultPostings: VaultPostings;
  readonly bookMarks: BookMarks;
  readonly sales: Pick<SaleRepository, 'suspend'>;
}

/** Events or entries that are caught up with at once, about. */
const BATCH = 500;

/** How far a catching-up came. */
interface Reach {
  readonly upTo: number;
  readonly hasMore: boolean;
}

/** An event with what its entry is made of. */
interface Movement {
  readonly event: RegistryEvent;
  readonly registry: Registry;
  readonly payees: PayeeAccounts;
}

/**
 * Keeps the books of what vaults do: what they take over, whom they credit, what they pay, and what they bring one
 * another, each as the vault's own event says. What is credited is in the books as soon as it is seen, provisional until
 * its block is final; what leaves a vault rests on final blocks. A reorg takes back what fell.
 */
export class VaultBooks implements ProjectionListener {
  constructor(
    private readonly database: TenantDatabase,
    private readonly ledger: Ledger,
    private readonly stores: VaultBookStores,
    private readonly chainTable: Pick<ChainTable, 'moneyOf' | 'all'>,
  ) {}

  async projected(tx: TenantTx, { registry, touched, fallen }: ProjectionChange): Promise<void> {
    const moves = touched.filter(({ name }) => VAULT_ENTRIES[name] !== undefined);
    if (moves.length === 0) return;
    await this.ledger.hold(tx);
    const fell = new Set(fallen);
    await this.takeBack(
      tx,
      moves.filter((event) => fell.has(event)),
    );
    // What became final is there twice: as it was, then as it is.
    const standing = new Map(
      moves.filter((event) => !fell.has(event)).map((event) => [movementOf(event), event]),
    );
    await this.post(tx, registry, [...standing.values()]);
  }

  /**
   * Brings into the books what a release left out that did not follow the vaults' credits, and restates what it posted
   * otherwise: some at a time, in order. On books that are whole it changes nothing.
   *
   * @returns Whether there is more.
   * @throws NotFoundError if the tenant has no such registry.
   */
  async catchUp(tenantId: TenantId, registryId: RegistryId): Promise<boolean> {
    return this.database.transaction(tenantId, async (tx) => {
      const registry = await this.stores.registries.get(tx, registryId);
      const marks = await this.stores.bookMarks.lock(tx, registryId);
      await this.ledger.hold(tx);
      let hasMore = false;
      for (const mark of marks) {
        const booked = await this.postMissed(tx, registry, mark);
        const restated = await this.restate(tx, registry, mark);
        await this.stores.bookMarks.save(tx, registryId, {
          chainId: mark.chainId,
          bookedBlock: booked.upTo,
          restatedTo: restated.upTo,
        });
        hasMore ||= booked.hasMore || restated.hasMore;
      }
      return hasMore;
    });
  }

  private async postMissed(
    tx: TenantTx,
    registry: Registry,
    { chainId, bookedBlock, finalBlock }: BookMark,
  ): Promise<Reach> {
    const height = { chainId, blockNumber: bookedBlock };
    const events = await this.stores.events.findFinalAbove(tx, registry.id, height, [...SEEN_AT_ONCE], BATCH);
    await this.post(tx, registry, events);
    const last = events.at(-1);
    const hasMore = last !== undefined && events.length >= BATCH;
    return { upTo: hasMore ? last.blockNumber : finalBlock, hasMore };
  }

  /** Up to the first entry that is still provisional: whoever posted it may take it back without what stands beside it. */
  private async restate(
    tx: TenantTx,
    { projectId }: Registry,
    { chainId, restatedTo }: BookMark,
  ): Promise<Reach> {
    const { entries, upTo, hasMore } = await this.ledger.standingAfter(tx, {
      kinds: [AccountKind.VAULT, AccountKind.SUSPENSE],
      owner: projectId,
      chainId,
      after: restatedTo,
      limit: BATCH,
    });
    const dated = entries.filter(isDated);
    const open = dated.find(({ final }) => !final);
    const ready = open === undefined ? dated : dated.slice(0, dated.indexOf(open));
    const restatements = ready.map(restatementOf);
    await this.ledger.post(tx, restatements);
    await this.ledger.finalise(tx, restatements);
    for (const { paymentId, amount } of ready.flatMap((entry) => suspendedBy(entry) ?? []))
      await this.stores.sales.suspend(tx, paymentId, amount);
    return open === undefined ? { upTo, hasMore } : { upTo: open.sequence - 1, hasMore: false };
  }

  private async takeBack(tx: TenantTx, events: readonly RegistryEvent[]): Promise<void> {
    if (events.length === 0) return;
    const ended = await this.stores.vaultPostings.end(tx, events.map(movementOf));
    await this.ledger.reverse(
      tx,
      events.flatMap((event): EntryKey[] => {
        const inclusion = ended.get(movementOf(event));
        if (inclusion === undefined) return [];
        const key = movementKey(event, inclusion);
        return [key, { ...key, kind: EntryKind.RESTATEMENT }];
      }),
    );
  }

  private async post(tx: TenantTx, registry: Registry, events: readonly RegistryEvent[]): Promise<void> {
    const { vaultPostings } = this.stores;
    const ready = await this.withoutArrivals(
      tx,
      registry,
      events.filter(({ name, final }) => final || SEEN_AT_ONCE.has(name)),
    );
    if (ready.length === 0) return;
    const begun = await vaultPostings.begin(tx, registry.id, ready.map(movementOf));
    const fresh = ready.filter((event) => begun.has(movementOf(event)));
    if (fresh.length > 0) {
      const chainIds = this.chainTable.all().map(({ chainId }) => chainId);
      const payees = await PayeeAccounts.of(tx, registry, chainIds, this.ledger, this.stores);
      const entries: NewEntry[] = [];
      for (const event of fresh)
        entries.push(await this.entryOf(tx, { event, registry, payees }, begun.get(movementOf(event)) ?? 0));
      await this.ledger.post(tx, entries);
    }
    const final = ready.filter((event) => event.final);
    const standing = await vaultPostings.standing(tx, final.map(movementOf));
    await this.ledger.finalise(
      tx,
      final.map((event) => movementKey(event, standing.get(movementOf(event)) ?? 0)),
    );
  }

  /** Credits by which an arrival came to its payees are booked with it. */
  private async withoutArrivals(
    tx: TenantTx,
    registry: Registry,
    events: readonly RegistryEvent[],
  ): Promise<RegistryEvent[]> {
    const credits = events.filter(({ name }) => name === 'PayeeCredited');
    const beside = await this.stores.events.find(tx, registry.id, {
      transactionHashes: [...new Set(credits.map(({ transactionHash }) => transactionHash))],
      names: CREDITING,
    });
    const arrived = new Set(
      beside
        .filter(({ name }) => name === 'SettlementCredited')
        .flatMap((arrival) => creditsOfArrival(arrival, besideOf(arrival, beside)))
        .map(eventKey),
    );
    return events.filter((event) => !arrived.has(eventKey(event)));
  }

  private async entryOf(tx: TenantTx, movement: Movement, inclusion: number): Promise<NewEntry> {
    const { event, registry, payees } = movement;
    const asset = this.chainTable.moneyOf(event.chainId, textArg(event, 'token'));
    const postings =
      event.name === 'SettlementCredited'
        ? balanced(await this.arrival(tx, movement, asset), registry)
        : movementPostings(event, asset, payees);
    const isUnnamed =
      event.name !== 'PayeeCredited' && postings.some(({ account }) => account.kind === AccountKind.UNSPLIT);
    return {
      ...movementKey(event, inclusion),
      projectId: registry.projectId,
      occurredAt: await this.stores.logs.blockTime(tx, event.chainId, event.blockNumber),
      ground: isUnnamed ? Ground.UNATTRIBUTED : Ground.PROVEN,
      policyRevision: undefined,
      postings,
    };
  }

  /** What was owed at the source is owed here now. */
  private async arrival(tx: TenantTx, movement: Movement, asset: MoneyId): Promise<Posting[]> {
    const { event, registry, payees } = movement;
    const { projectId: owner } = registry;
    const received = BigInt(textArg(event, 'received'));
    const postings: Posting[] = [{ account: { kind: AccountKind.VAULT, owner, asset }, amount: received }];
    for (const { payeeId, amount } of await this.sharesOf(tx, movement))
      postings.push({ account: payees.of(payeeId, asset), amount: -amount });
    const remitted = await this.departureOf(tx, movement);
    if (remitted === undefined) return postings;
    const source = this.chainTable.moneyOf(remitted.chainId, textArg(remitted, 'token'));
    const amount = BigInt(textArg(remitted, 'amount'));
    postings.push({ account: { kind: AccountKind.IN_TRANSIT, owner, asset: source }, amount: -amount });
    const id = settlementIdIn(hexArg(event, 'settlementId'));
    const ids = id === undefined ? [] : [settlementIdSchema.parse(id)];
    const [settlement] = await this.stores.settlements.findByIds(tx, ids);
    if (settlement === undefined)
      return [...postings, { account: { kind: AccountKind.UNSPLIT, owner, asset: source }, amount }];
    for (const credit of settlement.credits)
      postings.push({ account: payees.ofAccount(credit.payee, source), amount: BigInt(credit.amount) });
    return postings;
  }

  private async sharesOf(tx: TenantTx, { event, registry }: Movement) {
    const beside = await this.stores.events.find(tx, registry.id, {
      chainId: event.chainId,
      transactionHashes: [event.transactionHash],
      names: CREDITING,
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
}

function besideOf({ chainId, transactionHash }: RegistryEvent, events: readonly RegistryEvent[]) {
  return events.filter((event) => event.chainId === chainId && event.transactionHash === transactionHash);
}

/**
 * Leaves undivided what is left over: after a loss a vault rounds credits down to the unit, and an entry that does not
 * balance would hold the whole record up.
 */
function balanced(postings: readonly Posting[], { projectId: owner }: Registry): Posting[] {
  const rest = new Map<MoneyId, bigint>();
  for (const { account, amount } of postings)
    rest.set(account.asset, (rest.get(account.asset) ?? 0n) - amount);
  const left = [...rest].filter(([, amount]) => amount !== 0n);
  return [
    ...postings,
    ...left.map(([asset, amount]) => ({ account: { kind: AccountKind.UNSPLIT, owner, asset }, amount })),
  ];
}
