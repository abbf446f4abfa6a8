import type { RpcEndpoint } from '../evm/rpc/rpc-endpoint';
import type { BlockReader } from './block-reader';
import { RangeSize } from './range-size';
import { RangeSource } from './range-source';

test('after an answer that was cut off the next range is half as long', async () => {
  const cutOff = { label: 'one', bodies: [Buffer.from('{"jsonrpc":"2.0","id":1,"result":[{"address":"0x')] };
  // CAST (both): all that a range is read with.
  const reader = { headers: async () => [], logs: async () => cutOff } as unknown as BlockReader;
  const endpoint = { label: 'one' } as RpcEndpoint;
  const size = new RangeSize(8);
  const reading = new RangeSource(reader, size).read({ endpoint, from: 0, upTo: 100, addresses: [] });
  await expect(reading).rejects.toThrow('the answer is not JSON');
  expect(size.blocks).toBe(4);
});
