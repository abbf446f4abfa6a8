import { type QueuedCall, queueCall } from '../../chains/evm/registry/guard-calls';
import type { GuardReader } from '../../chains/evm/registry/guard-reads';
import type { RegistryContracts } from '../../schema/types/registry';
import { call, type GuardStep } from './guard-subject';

/** The next step of what goes through the delayed queue: the owner announces it, and anyone carries it out after the delay. */
export async function throughTheQueue(
  { delayedQueue }: RegistryContracts,
  plan: readonly QueuedCall[],
  chain: GuardReader,
): Promise<GuardStep> {
  const readyAt = await chain.planReadyAt(plan);
  if (readyAt === undefined) return call('announce', queueCall(delayedQueue, 'announce', plan), ['OWNER']);
  if (chain.now < readyAt) {
    const until = new Date(Number(readyAt) * 1_000).toISOString();
    return { kind: 'wait', waitingFor: `the delay of the queue, until ${until}`, untilSeconds: readyAt };
  }
  return call('execute', queueCall(delayedQueue, 'execute', plan), 'ANYONE');
}
