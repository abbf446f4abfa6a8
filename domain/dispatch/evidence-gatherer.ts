import type { Hex } from 'viem';
import type { ChainTransaction } from '../../chains/transactions/transaction';
import type { RegistryId, WorkId } from '../../schema/ids';
import { DispatchKind } from '../../schema/types/dispatch';
import type { TenantTx } from '../../tenants/tenant-database';
import type { TransactionRepository } from '../chain-state/transaction-repository';
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
    const departures = await this.departures(tx, registryId, dispatches);
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
          byHolder:
            statement !== undefined &&
            dispatch.kind === DispatchKind.WORK &&
            (sender === undefined || dispatchOfIntent(sender) !== dispatch.id),
        };
      },
    };
  }

  /** The departures of moves, as far as the chains show them. */
  private async departures(
    tx: TenantTx,
    registryId: RegistryId,
    dispatches: readonly DispatchRecord[],
  ): Promise<ReadonlyMap<DispatchRecord, RegistryEvent>> {
    const moves = dispatches.filter(({ kind }) => kind === DispatchKind.WORK);
    if (moves.length === 0) return new Map();
    const tokens = await this.stores.works.tokenIds(
      tx,
      moves.map(({ workId }) => workId),
    );
    const departures = await this.stores.events.find(tx, registryId, {
      tokenIds: [...tokens.values()],
      names: ['WorkDeparted'],
    });
    const byPlace = new Map(
      departures.map((event) => [`${event.chainId}/${event.tokenId}/${numberArg(event, 'hop')}`, event]),
    );
    return new Map(
      moves.flatMap((move) => {
        const departed = byPlace.get(`${move.sourceChainId}/${tokenOf(tokens, move.workId)}/${move.hop}`);
        return departed === undefined ? [] : [[move, departed]];
      }),
    );
  }
}

function tokenOf(tokens: ReadonlyMap<WorkId, string>, workId: WorkId): string {
  return tokens.get(workId) ?? '';
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
