import { type Address, zeroAddress } from 'viem';
import { revertDataOf } from '../../chains/transactions/revert-data';
import { describeRevert } from '../../domain/dispatch/revert-reason';
import type { ExitAction } from './actions';

/**
 * Runs an action on the chain's present state.
 *
 * @param account - Who would send it; anyone if absent.
 * @returns Why the contract refuses it; undefined if it does not.
 */
export async function refusalOf(
  { chain, to, data, gas, valueWei }: Pick<ExitAction, 'chain' | 'to' | 'data' | 'gas' | 'valueWei'>,
  account: Address = zeroAddress,
): Promise<string | undefined> {
  const isAnyone = account === zeroAddress;
  try {
    await chain.client.call({
      account,
      to,
      data,
      ...(gas !== undefined && { gas }),
      ...(valueWei !== undefined && { value: valueWei }),
      // Whoever looks need not have the money yet; whoever acts is told when it is missing.
      ...(valueWei !== undefined && isAnyone && { stateOverride: [{ address: account, balance: valueWei }] }),
    });
    return undefined;
  } catch (error) {
    const revertData = revertDataOf(error);
    if (revertData === undefined) throw error;
    return describeRevert(revertData);
  }
}

/** The action, with the reason why the contract would refuse it from anyone now, if it would. */
export async function simulated(action: ExitAction): Promise<ExitAction> {
  const refusal = await refusalOf(action);
  return refusal === undefined ? action : { ...action, refusal };
}
