import { retryStatementCall } from '../../chains/evm/registry/calls';
import type { TransportMessage } from '../../chains/transports';
import { actionId, type ExitAction, type ExitList, type Waiting } from './actions';
import { type LaneTransports, laneTransports } from './lane-transports';
import type { RegistryOnChain } from './registry-on-chain';
import { refusalOf } from './simulate';
import { type OpenStatement, surveyStatements } from './statements';

/** CCIP calls a message executed also when its receiver was not there to take it. */
const WITHOUT_EFFECT =
  'the owner of the registry: its bridge calls it delivered, but the Gateway applied nothing';

type Found = { readonly action: ExitAction } | { readonly waiting: Waiting };

/** Finds what anyone may do for a registry now, and what will be possible later. */
export async function findActions(registry: readonly RegistryOnChain[]): Promise<ExitList> {
  const { open, beyondReach } = await surveyStatements(registry);
  const lanes = new Lanes();
  const found: Found[] = [];
  for (const statement of open) {
    found.push(statement.hasFailed ? await retryOf(statement) : await executionOf(statement, lanes));
  }
  return {
    actions: found.flatMap((item) => ('action' in item ? [item.action] : [])),
    waiting: found.flatMap((item) => ('waiting' in item ? [item.waiting] : [])),
    beyondReach,
  };
}

/** The transports of each pair of chains, looked up once. */
class Lanes {
  private readonly known = new Map<string, Promise<LaneTransports>>();

  get({ source, destination }: OpenStatement): Promise<LaneTransports> {
    const key = `${source.chainId} ${destination.chainId}`;
    const lane = this.known.get(key) ?? laneTransports(source, destination);
    this.known.set(key, lane);
    return lane;
  }
}

async function retryOf(statement: OpenStatement): Promise<Found> {
  const { destination: chain, message, digest } = statement;
  const call = retryStatementCall(chain.gateway, message);
  const refusal = await refusalOf({ chain, ...call });
  const action: ExitAction = {
    id: actionId('RETRY', chain.chainId, digest),
    kind: 'RETRY',
    chain,
    summary: `apply the failed ${describe(statement)}`,
    ...call,
    ...(refusal !== undefined && { refusal }),
  };
  return { action };
}

async function executionOf(statement: OpenStatement, lanes: Lanes): Promise<Found> {
  const { destination: chain, transport: kind, messageId } = statement;
  const transport = (await lanes.get(statement))[kind];
  const message = await messageOf(statement, await lanes.get(statement));
  const status = await transport.status(message);
  const call = await transport.executionCall(message, { gasLimit: message.gasLimit * 2n });
  if (call === undefined) {
    const { executableFrom: from } = status;
    const waitsFor = status.state === 'EXECUTED' ? [WITHOUT_EFFECT] : status.waitsFor;
    const summary = `${describe(statement)} by ${kind}`;
    return { waiting: { chainId: chain.chainId, summary, waitsFor, ...(from && { from }) } };
  }
  const refusal = await refusalOf({ chain, ...call });
  const action: ExitAction = {
    id: actionId('EXECUTE', chain.chainId, messageId),
    kind: 'EXECUTE',
    chain,
    summary: `execute the ${describe(statement)}, which ${kind} has verified`,
    ...call,
    ...(refusal !== undefined && { refusal }),
  };
  return { action };
}

async function messageOf(statement: OpenStatement, lane: LaneTransports): Promise<TransportMessage> {
  const { source, transactionHash, transport, messageId } = statement;
  const receipt = await source.client.getTransactionReceipt({ hash: transactionHash });
  const messages = lane[transport].messagesIn(source.chainId, receipt);
  const message = messages.find((candidate) => candidate.messageId === messageId);
  if (message === undefined) throw new Error(`transaction ${transactionHash} holds no message ${messageId}`);
  return message;
}

function describe({ kind, source, destination, nonce }: OpenStatement): string {
  return `${kind} statement ${nonce} from ${source.chainId} to ${destination.chainId}`;
}
