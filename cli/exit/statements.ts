import type { Hex } from 'viem';
import { gatewayAbi } from '../../chains/abi/gateway';
import { transportOfNumber } from '../../chains/evm/registry/calls';
import { allLogs } from '../../chains/log-search';
import type { TransportKind } from '../../schema/types/chain';
import type { RegistryOnChain } from './registry-on-chain';

/** The names of the contracts' `Kind`, in its order. */
const KINDS = ['HELLO', 'ECHO', 'CONFIRM', 'WORKS', 'STATE'] as const;

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
  /** It arrived, and its application failed. */
  readonly hasFailed: boolean;
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
  readonly failed: ReadonlySet<Hex>;
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
    readonly message: Hex;
  };
}

/** Finds, from the Gateways' events alone, the statements that have had no effect yet. Oldest first per chain. */
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
    for (const { args, transactionHash } of logs.get(source.chainHash)?.sent ?? []) {
      const destination = registry.find(({ chainHash }) => chainHash === args.dstChainHash);
      const there = logs.get(args.dstChainHash);
      if (destination === undefined || there === undefined) beyondReach += 1;
      else if (!there.applied.has(args.digest)) {
        open.push({
          ...args,
          source,
          destination,
          kind: KINDS[args.kind] ?? `kind ${args.kind}`,
          transport: transportOfNumber(args.transport),
          transactionHash,
          hasFailed: there.failed.has(args.digest),
        });
      }
    }
  }
  return { open, beyondReach };
}

async function readGateway({ client, gateway, range }: RegistryOnChain): Promise<GatewayLogs> {
  const logs = await allLogs(range, (piece) =>
    client.getContractEvents({ abi: gatewayAbi, address: gateway, strict: true, ...piece }),
  );
  const digests = (name: 'StatementApplied' | 'StatementFailed') =>
    new Set(logs.flatMap((log) => (log.eventName === name ? [log.args.digest] : [])));
  return {
    sent: logs.flatMap((log) => (log.eventName === 'StatementSent' ? [log] : [])),
    applied: digests('StatementApplied'),
    failed: digests('StatementFailed'),
  };
}
