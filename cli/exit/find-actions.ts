import { type Address, encodeFunctionData } from 'viem';
import { gatewayAbi } from '../../chains/abi/gateway';
import { TRANSPORT_NUMBER } from '../../chains/evm/registry/calls';
import { revertDataOf } from '../../chains/transactions/revert-data';
import type { TransportMessage } from '../../chains/transports';
import { actionId, type ExitAction, type ExitList, type Waiting } from './actions';
import { findClaims } from './find-claims';
import { findHandovers } from './find-handovers';
import { findMints } from './find-mints';
import { findPayments } from './find-payments';
import { type LaneTransports, laneTransports } from './lane-transports';
import type { LastOwners } from './owners-file';
import type { RegistryOnChain } from './registry-on-chain';
import { simulated } from './simulate';
import { type OpenStatement, surveyStatements } from './statements';

/** CCIP calls a message executed also when its receiver was not there to take it. */
const WITHOUT_EFFECT =
  'the owner of the registry: its bridge calls it delivered, but the Gateway applied nothing';

/** Only the owner's delayed queue ends it. */
const DISPUTED = 'a void by the owner: the two transports brought two different statements';

type Found = { readonly action: ExitAction } | { readonly waiting: Waiting };

/**
 * Finds what anyone may do for a registry now, and what will be possible later.
 *
 * @param tokens - ERC-20s in which royalties may have been paid.
 * @param lastOwners - Of a retired chain, for the claims of its works.
 * @throws ExitInputError for owners that are not those of a retirement.
 */
export async function findActions(
  registry: readonly RegistryOnChain[],
  tokens: readonly Address[],
  lastOwners?: LastOwners,
): Promise<ExitList> {
  const { open, beyondReach } = await surveyStatements(registry);
  const lanes = new Lanes();
  const actions = new Map<string, ExitAction>();
  const waiting: Waiting[] = [];
  for (const statement of open) {
    const step = await nextStep(statement, lanes);
    // A statement that needs both transports was sent over each: what waits for it waits once.
    if ('action' in step) actions.set(step.action.id, step.action);
    else waiting.push(step.waiting);
  }
  const mints = await findMints(registry);
  const claims = lastOwners === undefined ? [] : await findClaims(registry, lastOwners);
  const handovers = await findHandovers(registry);
  const payments = await findPayments(registry, tokens);
  const others = [...mints, ...claims, ...handovers, ...payments];
  return { actions: [...actions.values(), ...others], waiting, beyondReach };
}

async function nextStep(statement: OpenStatement, lanes: Lanes): Promise<Found> {
  if (statement.isDisputed && statement.status !== 'VOIDED') return waitingFor(statement, DISPUTED);
  switch (statement.status) {
    case 'FAILED':
      return resumption(statement, 'RETRY');
    case 'WAITING':
      return resumption(statement, 'RELEASE');
    case 'VOIDED':
      return returnOf(statement);
    case 'NONE':
      return executionOf(statement, lanes);
  }
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

/** What brings an arrived statement to its effect, by kind of action. */
const RESUMPTIONS = {
  RETRY: { functionName: 'retry', summary: 'apply the failed' },
  RELEASE: { functionName: 'releaseStatement', summary: 'release the held' },
} as const;

async function resumption(statement: OpenStatement, kind: keyof typeof RESUMPTIONS): Promise<Found> {
  const { destination: chain, message, digest } = statement;
  const { functionName, summary } = RESUMPTIONS[kind];
  const data = encodeFunctionData({ abi: gatewayAbi, functionName, args: [message] });
  return found({
    id: actionId(kind, chain.chainId, digest),
    kind,
    chain,
    summary: `${summary} ${describe(statement)}`,
    to: chain.gateway,
    data,
  });
}

/** The voided statement's works go back once its source knows; by whichever transport takes less for it. */
async function returnOf(statement: OpenStatement): Promise<Found> {
  const { destination: chain, message, digest } = statement;
  const quotes = await Promise.all([
    quoteReturn(statement, TRANSPORT_NUMBER.CCIP),
    quoteReturn(statement, TRANSPORT_NUMBER.LAYERZERO),
  ]);
  const [best] = quotes.flat().sort((one, other) => (one.feeWei < other.feeWei ? -1 : 1));
  if (best === undefined) return waitingFor(statement, 'a transport that takes its return');
  const args = [message, best.transport] as const;
  return found({
    id: actionId('RETURN', chain.chainId, digest),
    kind: 'RETURN',
    chain,
    summary: `have the works of the voided ${describe(statement)} given back`,
    to: chain.gateway,
    data: encodeFunctionData({ abi: gatewayAbi, functionName: 'sendVoid', args }),
    // Fees move between quote and block; what is too much comes back.
    valueWei: (best.feeWei * 5n) / 4n,
  });
}

async function quoteReturn(
  { destination: { client, gateway }, message }: OpenStatement,
  transport: number,
): Promise<{ transport: number; feeWei: bigint }[]> {
  try {
    const [feeWei] = await client.readContract({
      abi: gatewayAbi,
      address: gateway,
      functionName: 'quoteVoid',
      args: [message, transport],
    });
    return [{ transport, feeWei }];
  } catch (error) {
    if (revertDataOf(error) === undefined) throw error;
    return []; // this transport has no way there now
  }
}

async function found(action: ExitAction): Promise<Found> {
  return { action: await simulated(action) };
}

function waitingFor(statement: OpenStatement, what: string): Found {
  const { chainId } = statement.destination;
  return { waiting: { chainId, summary: describe(statement), waitsFor: [what] } };
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
  return found({
    id: actionId('EXECUTE', chain.chainId, messageId),
    kind: 'EXECUTE',
    chain,
    summary: `execute the ${describe(statement)}, which ${kind} has verified`,
    ...call,
  });
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
