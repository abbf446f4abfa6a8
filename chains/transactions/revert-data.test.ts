import { BaseError, createPublicClient, custom } from 'viem';
import { revertDataOf } from './revert-data';

/** The error that viem throws for an estimate which a node answers with `reply`. */
async function estimateError(reply: { code: number; message: string; data?: unknown }): Promise<unknown> {
  const client = createPublicClient({
    transport: custom(
      { request: () => Promise.reject(Object.assign(new Error(reply.message), reply)) },
      { retryCount: 0 },
    ),
  });
  const account = '0x0000000000000000000000000000000000000001';
  return client.estimateGas({ account, to: account, prepare: false }).catch((error) => error);
}

describe('revertDataOf', () => {
  test.each([
    ['the data of a revert', { code: 3, message: 'execution reverted', data: '0xdeadbeef' }, '0xdeadbeef'],
    ['data that a node wraps once more', { code: 3, message: 'reverted', data: { data: '0x01' } }, '0x01'],
    ['0x for a revert without a reason', { code: 3, message: 'execution reverted' }, '0x'],
    ['nothing for another refusal', { code: -32000, message: 'header not found' }, undefined],
  ])('gives %s', async (_, reply, expected) => {
    expect(revertDataOf(await estimateError(reply))).toBe(expected);
  });

  test('gives nothing for what is not an error of viem', () => {
    expect(revertDataOf(new Error('execution reverted'))).toBeUndefined();
    expect(revertDataOf(new BaseError('the network is down'))).toBeUndefined();
  });
});
