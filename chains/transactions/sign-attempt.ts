import { keccak256, type LocalAccount } from 'viem';
import { eip155Number } from '../../schema/caip';
import { killPoint } from '../../schema/kill-point';
import type { Attempt, Fees, TransactionIntent } from './transaction';

/** The parts of an attempt that its signer chooses. */
export interface AttemptTerms {
  readonly nonce: number;
  readonly gas: bigint;
  readonly fees: Fees;
  /** Height of the chain at which the nonce was seen unused. */
  readonly signedAtBlock: bigint;
  readonly signedAt: Date;
}

/** Signs an intent as an EIP-1559 transaction. Computes only: runs inside database transactions. */
export async function signAttempt(
  account: LocalAccount,
  { chainId, to, data, valueWei }: TransactionIntent,
  { nonce, gas, fees, signedAtBlock, signedAt }: AttemptTerms,
): Promise<Attempt> {
  killPoint('transaction.before-sign');
  const raw = await account.signTransaction({
    type: 'eip1559',
    chainId: eip155Number(chainId),
    to,
    data,
    value: valueWei,
    nonce,
    gas,
    maxFeePerGas: fees.maxFeePerGasWei,
    maxPriorityFeePerGas: fees.maxPriorityFeePerGasWei,
  });
  killPoint('transaction.before-store');
  return { ...fees, hash: keccak256(raw), raw, nonce, gas, signedAtBlock, signedAt };
}
