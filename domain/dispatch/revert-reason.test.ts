import { encodeErrorResult, type Hex } from 'viem';
import { registryErrorsAbi } from '../../chains/abi/errors';
import { protocolErrorsAbi } from '../../chains/abi/protocol/errors';
import { isNothingToExecute } from './revert-reason';

const WORD: Hex = `0x${'11'.repeat(32)}`;

describe('that there is nothing to execute', () => {
  test.each([
    ['LZ_PayloadHashNotFound', [WORD, WORD]],
    ['LZ_PathNotVerifiable', []],
    ['LZ_InvalidNonce', [1n]],
    ['LZ_ULN_Verifying', []],
    ['RootNotCommitted', [1n]],
    ['ManualExecutionNotYetEnabled', [1n]],
  ] as const)('is said by %s', (errorName, args) => {
    // CAST: the arguments are those of the error beside them.
    const data = encodeErrorResult({ abi: protocolErrorsAbi, errorName, args } as never);
    expect(isNothingToExecute(data)).toBe(true);
  });

  test.each([
    ['a refusal of the receiver', encodeErrorResult({ abi: registryErrorsAbi, errorName: 'AmountIsZero' })],
    ['another of a bridge', encodeErrorResult({ abi: protocolErrorsAbi, errorName: 'NotEnoughGasForCall' })],
    ['an error of nobody that we know', '0x12345678'],
    ['no data', '0x'],
    ['nothing at all', undefined],
  ])('is not said by %s', (_, data) => {
    expect(isNothingToExecute(data)).toBe(false);
  });
});
