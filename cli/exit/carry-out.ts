import { readFileSync } from 'node:fs';
import {
  type Address,
  BaseError,
  createWalletClient,
  custom,
  type Hex,
  InsufficientFundsError,
  isHex,
  type LocalAccount,
  parseEventLogs,
  type TransactionReceipt,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { adoptedCollectionAbi } from '../../chains/abi/adopted-collection';
import { collectionAbi } from '../../chains/abi/collection';
import { gatewayAbi } from '../../chains/abi/gateway';
import { royaltyReceiverAbi } from '../../chains/abi/royalty-receiver';
import { royaltyVaultAbi } from '../../chains/abi/royalty-vault';
import { describeRevert } from '../../domain/dispatch/revert-reason';
import { hasCode } from '../embedded/system-errors';
import type { ExitAction } from './actions';
import { ActionRefusedError, ActionRevertedError, ExitFundsError, ExitInputError } from './exit-errors';
import { refusalOf } from './simulate';

/** What came of an action. */
export interface Outcome {
  readonly transactionHash: Hex;
  readonly blockNumber: bigint;
  /** What the contracts said, in words; empty if this was a step before it is asked. */
  readonly effects: readonly string[];
}

/** Reads a private key: 32 bytes in hex, with or without 0x. @throws ExitInputError */
export function readKey(file: string): LocalAccount {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (cause) {
    if (!hasCode(cause, 'ENOENT', 'EACCES', 'EISDIR')) throw cause;
    throw new ExitInputError(`The key file ${file} cannot be read.`, { cause });
  }
  const key = text.startsWith('0x') ? text : `0x${text}`;
  const account = isHex(key) && key.length === 66 ? accountOf(key) : undefined;
  if (account !== undefined) return account;
  throw new ExitInputError(`The key file ${file} must hold a private key: 32 bytes in hex, nothing else.`);
}

function accountOf(key: Hex): LocalAccount | undefined {
  try {
    return privateKeyToAccount(key);
  } catch (error) {
    // Zero, or not below the curve's order. What the library says of it might show the key.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/**
 * Simulates an action with the given account, sends it and waits until it is mined.
 *
 * @throws ActionRefusedError before anything is sent; ExitFundsError; ActionRevertedError
 */
export async function carryOut(action: ExitAction, account: LocalAccount): Promise<Outcome> {
  const { client, chainId } = action.chain;
  const refusal = await refusalOf(action, account.address);
  if (refusal !== undefined) throw new ActionRefusedError(refusal);
  let hash: Hex;
  try {
    hash = await send(action, account);
  } catch (error) {
    if (!isFundsError(error)) throw error;
    throw new ExitFundsError(account.address, chainId, { cause: error });
  }
  const receipt = await client.waitForTransactionReceipt({ hash });
  if (receipt.status !== 'success') throw new ActionRevertedError(hash);
  return { transactionHash: hash, blockNumber: receipt.blockNumber, effects: effectsIn(receipt, action) };
}

function send(
  { chain: { client }, to, data, gas, valueWei = 0n }: ExitAction,
  account: LocalAccount,
): Promise<Hex> {
  const wallet = createWalletClient({ account, chain: client.chain, transport: custom(client) });
  const call = { to, data, value: valueWei, chain: client.chain };
  return wallet.sendTransaction({ ...call, ...(gas !== undefined && { gas }) });
}

function isFundsError(error: unknown): boolean {
  return (
    error instanceof BaseError && error.walk((cause) => cause instanceof InsufficientFundsError) !== null
  );
}

function effectsIn({ logs }: TransactionReceipt, { chain, to }: ExitAction): string[] {
  const of = (contract: Address) =>
    logs.filter(({ address }) => address.toLowerCase() === contract.toLowerCase());
  return [
    ...workEffects(of(chain.collection)),
    ...statementEffects(of(chain.gateway)),
    ...royaltyEffects(of(to)),
  ];
}

function royaltyEffects(logs: TransactionReceipt['logs']): string[] {
  const abi = [...royaltyReceiverAbi, ...royaltyVaultAbi];
  return parseEventLogs({ abi, logs }).flatMap((log) => {
    if (log.eventName === 'Forwarded') return [`the vault has received ${log.args.received}`];
    if (log.eventName === 'PayeeCredited')
      return [`payee ${log.args.payeeId} is owed ${log.args.amount} more`];
    if (log.eventName === 'PayeePaid') return [`${log.args.recipient} was paid ${log.args.amount}`];
    if (log.eventName === 'PaymentRefused')
      return [`payee ${log.args.payeeId} does not take ${log.args.amount}, and keeps the credit`];
    return [];
  });
}

function workEffects(logs: TransactionReceipt['logs']): string[] {
  return parseEventLogs({ abi: [...collectionAbi, ...adoptedCollectionAbi], logs }).flatMap((log) => {
    if (log.eventName === 'WorkMinted')
      return [`edition ${log.args.edition} was minted to ${log.args.to} as ${log.args.workId}`];
    if (log.eventName === 'ReleaseClaimed')
      return [`${log.args.recipient} has the token of work ${log.args.workId}`];
    if (log.eventName === 'WorkReclaimed') return [`${log.args.holder} has work ${log.args.workId} again`];
    return [];
  });
}

function statementEffects(logs: TransactionReceipt['logs']): string[] {
  return parseEventLogs({ abi: gatewayAbi, logs }).flatMap((log) => {
    if (log.eventName === 'StatementApplied') return [`statement ${log.args.nonce} was applied`];
    if (log.eventName === 'StatementAttested')
      return [`statement ${log.args.nonce} arrived and waits for its other transport`];
    if (log.eventName === 'StatementHeld') return [`statement ${log.args.nonce} arrived and is held`];
    if (log.eventName === 'StatementSent') return [`statement ${log.args.nonce} is on its way`];
    if (log.eventName !== 'StatementFailed') return [];
    return [
      `statement ${log.args.nonce} arrived and could not be applied: ${describeRevert(log.args.reason)}`,
    ];
  });
}
