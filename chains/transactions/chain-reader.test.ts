import { createPublicClient, custom } from 'viem';
import { ChainReader } from './chain-reader';

const OVERFLOW = `0x4e487b71${'11'.padStart(64, '0')}`;
const CALL = {
  account: '0x0000000000000000000000000000000000000001',
  to: '0x0000000000000000000000000000000000000002',
  data: '0x',
  value: 0n,
} as const;

/** Of a node that refuses as many estimates with this data before it answers. */
function readerOf(refusals: number, data: string) {
  let asked = 0;
  const request = async () => {
    asked += 1;
    if (asked > refusals) return '0xc350';
    throw Object.assign(new Error('execution reverted'), { code: 3, data });
  };
  const client = createPublicClient({ transport: custom({ request }, { retryCount: 0 }) });
  return { reader: new ChainReader(client, 'finalized'), asked: () => asked };
}

describe('an estimate', () => {
  test('that panics is asked for again: the node may have been between two blocks', async () => {
    const { reader, asked } = readerOf(2, OVERFLOW);
    expect(await reader.estimateGas(CALL)).toBe(50_000n);
    expect(asked()).toBe(3);
  });

  test('that goes on panicking is a refusal', async () => {
    const { reader, asked } = readerOf(9, OVERFLOW);
    await expect(reader.estimateGas(CALL)).rejects.toThrow('execution reverted');
    expect(asked()).toBe(3);
  });

  test('that a contract refuses is not asked for again', async () => {
    const { reader, asked } = readerOf(9, '0xdeadbeef');
    await expect(reader.estimateGas(CALL)).rejects.toThrow('execution reverted');
    expect(asked()).toBe(1);
  });
});
