import { formatEther } from 'viem';
import type { DomainError } from '../../schema/domain-error';
import type { ExitAction, ExitList } from './actions';
import type { Outcome } from './carry-out';

/** The list for people. */
export function listToText({ actions, waiting, beyondReach }: ExitList): string {
  const lines = actions.length === 0 ? ['Nothing is left for anyone to do now.'] : ['Anyone may do now:'];
  for (const [index, { id, chain, summary, valueWei, refusal }] of actions.entries()) {
    const price = valueWei === undefined ? '' : `, for at most ${formatEther(valueWei)} of native money`;
    lines.push(`  ${index + 1}  [${id}]  on ${chain.chainId}: ${summary}${price}`);
    if (refusal !== undefined) lines.push(`     but the contract refuses it now: ${refusal}`);
  }
  if (waiting.length > 0) lines.push('Waiting:');
  for (const { chainId, summary, waitsFor, from } of waiting) {
    lines.push(`  on ${chainId}: ${summary}`);
    lines.push(`     waits for ${waitsFor.join(', ')}${from ? `; from ${from.toISOString()} on` : ''}`);
  }
  if (beyondReach > 0)
    lines.push(`Not looked at: ${beyondReach} statements to chains of which no --rpc was given.`);
  return lines.join('\n');
}

/** The list for programs. */
export function listToJson({ actions, waiting, beyondReach }: ExitList): string {
  return JSON.stringify(
    {
      actions: actions.map((action, index) => ({ number: index + 1, ...actionToJson(action) })),
      waiting: waiting.map(({ from, ...rest }) => ({ ...rest, from: from?.toISOString() ?? null })),
      beyondReach,
    },
    undefined,
    2,
  );
}

export function outcomeToText({ summary, chain }: ExitAction, outcome: Outcome): string {
  const { transactionHash, blockNumber, effects } = outcome;
  return [
    `Done on ${chain.chainId}: ${summary}.`,
    `  transaction ${transactionHash} in block ${blockNumber}`,
    ...(effects.length > 0 ? effects : ['one step is done; exit list shows the next']).map(
      (line) => `  ${line}`,
    ),
  ].join('\n');
}

export function outcomeToJson(action: ExitAction, { blockNumber, ...outcome }: Outcome): string {
  const { id, kind, chain, summary } = action;
  return JSON.stringify(
    { id, kind, chainId: chain.chainId, summary, ...outcome, blockNumber: String(blockNumber) },
    undefined,
    2,
  );
}

export function errorToJson({ code, message, retryable }: DomainError): string {
  return JSON.stringify({ error: { code, message, retryable } }, undefined, 2);
}

function actionToJson({ id, kind, chain, summary, to, data, gas, valueWei, refusal }: ExitAction) {
  return {
    id,
    kind,
    chainId: chain.chainId,
    summary,
    to,
    data,
    valueWei: String(valueWei ?? 0n),
    gas: gas === undefined ? null : String(gas),
    refusal: refusal ?? null,
  };
}
