import type { Hex } from 'viem';
import { gatewayAbi } from '../../chains/abi/gateway';
import { lanesAbi } from '../../chains/abi/lanes';
import { transportOfNumber } from '../../chains/evm/registry/calls';
import { decodeStatement, statementIn } from '../../chains/evm/registry/statements';
import { allLogs } from '../../chains/log-search';
import type { TransportKind } from '../../schema/types/chain';
import type { RegistryOnChain } from './registry-on-chain';

/** The names of the contracts' `Kind`, in its order. */
const KINDS = ['HELLO', 'ECHO', 'CONFIRM', 'WORKS', 'STATE', 'REGISTRY_STATE', 'VOID', 'LICENCE'] as const;

/** The contracts' `Status`, in its order: what waits on the destination under a digest. */
const STATUSES = ['NONE', 'FAILED', 'WAITING', 'VOIDED'] as const;
export type StatementStatus = (typeof STATUSES)[number];

/** A statement that a Gateway made and its destination has not applied. */
export interface OpenStatement {
  readonly digest: Hex;
  readonly source: RegistryOnChain;
  readonly destination: RegistryOnChain;
  readonly nonce: bigint;
  readonly kind: string;
  readonly transport: TransportKind;
  readonly messageId: Hex;
  /** What the destination's `retry` takes. */
  readonly message: Hex;
  readonly transactionHash: Hex;
  /** What waits under its digest: `NONE` if it has not arrived. */
  readonly status: StatementStatus;
  /** The transports brought two different statements with its nonce. */
  readonly isDisputed: boolean;
}

/** What logs say of a registry's statements. */
export interface StatementSurvey {
  readonly open: readonly OpenStatement[];
  /** Statements to chains of which no endpoint was given. */
  readonly beyondReach: number;
}

interface GatewayLogs {
  readonly sent: readonly SentLog[];
  readonly applied: ReadonlySet<Hex>;
  readonly disputed: ReadonlySet<Hex>;
  /** Digest and transport of what came by one transport and needs both. */
  readonly attested: ReadonlySet<string>;
}

interface SentLog {
  readonly transactionHash: Hex;
  readonly args: {
    readonly digest: Hex;
    readonly dstChainHash: Hex;
    readonly nonce: bigint;
    readonly kind: number;
    readonly transport: number;
    readonly messageId: Hex;
  };
}

/** Finds, from the Gateways' events, the statements that have had no effect yet. Oldest first per chain. */
export async function surveyStatements(registry: readonly RegistryOnChain[]): Promise<StatementSurvey> {
  const logs = new Map<Hex, GatewayLogs>();
  await Promise.all(
    registry.map(async (chain) => {
      logs.set(chain.chainHash, await readGateway(chain));
    }),
  );
  const open: OpenStatement[] = [];
  let beyondReach = 0;
  for (const source of registry) {
    for (const sent of logs.get(source.chainHash)?.sent ?? []) {
      const destination = registry.find(({ chainHash }) => chainHash === sent.args.dstChainHash);
      const there = logs.get(sent.args.dstChainHash);
      if (destination === undefined || there === undefined) beyondReach += 1;
      else if (isOpen(sent, there)) open.push(await openStatement(source, destination, sent, there));
    }
  }
  return { open: await withoutVoided(open, registry, logs), beyondReach };
}

/** Neither applied, nor brought by this transport to wait for the other one. */
function isOpen({ args }: SentLog, { applied, attested }: GatewayLogs): boolean {
  return !applied.has(args.digest) && !attested.has(attestation(args));
}

async function openStatement(
  source: RegistryOnChain,
  destination: RegistryOnChain,
  { args, transactionHash }: SentLog,
  { disputed }: GatewayLogs,
): Promise<OpenStatement> {
  const [status, message] = await Promise.all([
    destination.client.readContract({
      abi: lanesAbi,
      address: destination.lanes,
      functionName: 'statusOf',
      args: [args.digest],
    }),
    messageOf(source, { args, transactionHash }),
  ]);
  return {
    ...args,
    source,
    destination,
    kind: KINDS[args.kind] ?? `kind ${args.kind}`,
    transport: transportOfNumber(args.transport),
    transactionHash,
    message,
    status: STATUSES[status] ?? 'NONE',
    isDisputed: disputed.has(args.digest),
  };
}

/** A voided statement is done with once its source has been told, which is a statement of its own. */
async function withoutVoided(
  open: readonly OpenStatement[],
  registry: readonly RegistryOnChain[],
  logs: ReadonlyMap<Hex, GatewayLogs>,
): Promise<readonly OpenStatement[]> {
  if (open.every(({ status }) => status !== 'VOIDED')) return open;
  const told = new Set<Hex>();
  for (const source of registry) {
    const sent = logs.get(source.chainHash)?.sent ?? [];
    for (const log of sent.filter(({ args }) => KINDS[args.kind] === 'VOID')) {
      // The payload of a `VOID` is the message that it takes back.
      told.add(decodeStatement(await messageOf(source, log)).payload);
    }
  }
  return open.filter(({ status, kind, message }) => {
    return status !== 'VOIDED' || (kind === 'WORKS' && !told.has(message));
  });
}

async function messageOf({ client }: RegistryOnChain, { args, transactionHash }: SentLog): Promise<Hex> {
  return statementIn(await client.getTransactionReceipt({ hash: transactionHash }), args.digest);
}

async function readGateway({ client, gateway, range }: RegistryOnChain): Promise<GatewayLogs> {
  const logs = await allLogs(range, (piece) =>
    client.getContractEvents({ abi: gatewayAbi, address: gateway, strict: true, ...piece }),
  );
  const digests = (name: 'StatementApplied' | 'StatementDisputed') =>
    new Set(logs.flatMap((log) => (log.eventName === name ? [log.args.digest] : [])));
  return {
    sent: logs.flatMap((log) => (log.eventName === 'StatementSent' ? [log] : [])),
    applied: digests('StatementApplied'),
    disputed: digests('StatementDisputed'),
    attested: new Set(
      logs.flatMap((log) => (log.eventName === 'StatementAttested' ? [attestation(log.args)] : [])),
    ),
  };
}

function attestation({ digest, transport }: { readonly digest: Hex; readonly transport: number }): string {
  return `${digest} ${transport}`;
}
