import type { Hex } from 'viem';
import { chainHashOf } from '../../chains/evm/registry/manifest';
import type { ChainTransaction } from '../../chains/transactions/transaction';
import type { RegistryId } from '../../schema/ids';
import { DispatchKind } from '../../schema/types/dispatch';
import type { TenantTx } from '../../tenants/tenant-database';
import type { TransactionRepository } from '../chain-state/transaction-repository';
import { groupBy } from '../group-by';
import { numberArg, type RegistryEvent, textArg } from '../provenance/registry-event';
import type { RegistryEventRepository } from '../provenance/registry-event-repository';
import type { WorkRepository } from '../registry/work-repository';
import type { DispatchEvidence } from './dispatch-progress';
import { type DispatchRecord, dispatchIntentKey, dispatchOfIntent } from './dispatch-record';

const OUTCOME_EVENTS = [
  'StatementApplied',
  'StatementFailed',
  'StatementHeld',
  'StatementDisputed',
  'StatementVoided',
] as const;

/** The tables that evidence is in. */
export interface EvidenceStores {
  readonly works: WorkRepository;
  readonly events: RegistryEventRepository;
  readonly transactions: TransactionRepository;
}

/** What chains and transactions show of one dispatch. */
export interface GatheredEvidence extends DispatchEvidence {
  /** The work's departure, for a move. */
  readonly departed: RegistryEvent | undefined;
  /** True if its statement was sent by somebody else: a holder may be faster than the platform. */
  readonly byHolder: boolean;
}

/** The evidence of several dispatches. */
export interface EvidenceIndex {
  of(dispatch: DispatchRecord): GatheredEvidence;
}

/** Looks up what is known of dispatches of one registry, all of them at once: each fact by one query. */
export class EvidenceGatherer {
  constructor(private readonly stores: EvidenceStores) {}

  async gather(
    tx: TenantTx,
    registryId: RegistryId,
    dispatches: readonly DispatchRecord[],
  ): Promise<EvidenceIndex> {
    const { events, transactions: sent } = this.stores;
    const transactions = await sent.findAll(tx, dispatches.map(dispatchIntentKey));
    const moves = await this.movesOf(tx, registryId, dispatches);
    const departures = departuresOf(dispatches, moves);
    const states = dispatches.filter(({ kind }) => kind === DispatchKind.STATE);
    const statements = await events.find(tx, registryId, {
      transactionHashes: [
        ...[...departures.values()].map(({ transactionHash }) => transactionHash),
        ...states.flatMap((dispatch) => hashesOf(transactions.get(dispatchIntentKey(dispatch)))),
      ],
      names: ['StatementSent'],
    });
    const outcomes = await events.find(tx, registryId, {
      digests: statements.flatMap(({ digest }) => digest ?? []),
      names: OUTCOME_EVENTS,
    });
    const senders = await sent.intentKeysOf(
      tx,
      statements.map(({ transactionHash }) => transactionHash),
    );
    return {
      of: (dispatch) => {
        const transaction = transactions.get(dispatchIntentKey(dispatch));
        const departed = departures.get(dispatch);
        const candidates =
          dispatch.kind === DispatchKind.STATE
            ? ofTransactions(statements, hashesOf(transaction))
            : statementsOf(departed, statements);
        const messages = candidates.filter(({ chainId }) => chainId === dispatch.sourceChainId);
        const [statement] = messages;
        const sender = statement && senders.get(statement.transactionHash);
        return {
          messages,
          outcomes: ofDigest(outcomes, statement?.digest).filter((event) => isOutcome(event, statement)),
          transaction,
          departed,
          reclaimed: moves.of(dispatch).some((event) => isEndedBy(dispatch, event)),
          byHolder:
            statement !== undefined &&
            dispatch.kind === DispatchKind.WORK &&
            (sender === undefined || dispatchOfIntent(sender) !== dispatch.id),
        };
      },
    };
  }

  /** How the works of dispatches left, and were claimed from retired chains, as far as the chains show it. */
  private async movesOf(
    tx: TenantTx,
    registryId: RegistryId,
    dispatches: readonly DispatchRecord[],
  ): Promise<Moves> {
    const tokens = await this.stores.works.tokenIds(
      tx,
      dispatches.map(({ workId }) => workId),
    );
    const events = await this.stores.events.find(tx, registryId, {
      tokenIds: [...tokens.values()],
      names: ['WorkDeparted', 'WorkReclaimed'],
    });
    const byToken = groupBy(events, ({ tokenId }) => tokenId);
    return { of: ({ workId }) => byToken.get(tokens.get(workId) ?? '') ?? [] };
  }
}

/** Events of the works that dispatches are of. */
interface Moves {
  of(dispatch: DispatchRecord): readonly RegistryEvent[];
}

function departuresOf(
  dispatches: readonly DispatchRecord[],
  moves: Moves,
): ReadonlyMap<DispatchRecord, RegistryEvent> {
  return new Map(
    dispatches.flatMap((dispatch) => {
      const departed = moves.of(dispatch).find((event) => isDepartureOf(dispatch, event));
      return departed === undefined ? [] : [[dispatch, departed]];
    }),
  );
}

function isDepartureOf({ kind, sourceChainId, hop }: DispatchRecord, event: RegistryEvent): boolean {
  return (
    kind === DispatchKind.WORK &&
    event.name === 'WorkDeparted' &&
    event.chainId === sourceChainId &&
    numberArg(event, 'hop') === hop
  );
}

/**
 * Whether the work was claimed at home from a retired chain instead of what a dispatch was for: it was to bring the
 * work there, or something of it, or took it from there without home hearing of it.
 */
export function isEndedBy(
  {
    sourceChainId,
    destinationChainId,
    hop,
  }: Pick<DispatchRecord, 'sourceChainId' | 'destinationChainId' | 'hop'>,
  event: RegistryEvent,
): boolean {
  if (event.name !== 'WorkReclaimed') return false;
  const retired = textArg(event, 'chainHash');
  const reclaimedHop = numberArg(event, 'hop');
  if (retired === chainHashOf(destinationChainId)) return hop === null || hop === reclaimedHop;
  return retired === chainHashOf(sourceChainId) && hop !== null && hop > reclaimedHop;
}

/** What happened to a statement on its destination; a digest alone is no proof that its nonce was voided. */
export function isOutcome(event: RegistryEvent, statement: RegistryEvent | undefined): boolean {
  if (statement === undefined || event.chainId === statement.chainId) return false;
  return event.name !== 'StatementVoided' || textArg(event, 'nonce') === textArg(statement, 'nonce');
}

/** Those of some `StatementSent`s that carry a departed work: one by each bridge. */
export function statementsOf(
  departed: RegistryEvent | undefined,
  statements: readonly RegistryEvent[],
): RegistryEvent[] {
  if (departed === undefined) return [];
  const keys = ['nonce', 'dstChainHash'] as const;
  return statements.filter(
    (sent) =>
      sent.chainId === departed.chainId &&
      sent.transactionHash === departed.transactionHash &&
      keys.every((key) => textArg(sent, key) === textArg(departed, key)),
  );
}

function ofDigest(events: readonly RegistryEvent[], digest: Hex | null | undefined): RegistryEvent[] {
  return digest == null ? [] : events.filter((event) => event.digest === digest);
}

function ofTransactions(events: readonly RegistryEvent[], hashes: readonly Hex[]): RegistryEvent[] {
  return events.filter(({ transactionHash }) => hashes.includes(transactionHash));
}

function hashesOf(transaction: ChainTransaction | undefined): Hex[] {
  return transaction?.attempts.map(({ hash }) => hash) ?? [];
}
