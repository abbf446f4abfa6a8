import { createPublicClient, custom, type EIP1193RequestFn, serializeErc6492Signature } from 'viem';
import { BASE, HOME } from '../../test/support/travel-steps';
import { checkPermit } from './permit';

const GATEWAY = '0x9999999999999999999999999999999999999999';
const HOLDER = '0x1111111111111111111111111111111111111111';

test('a signature of a wallet that is not deployed yet is refused: the Gateway asks only wallets that are there', async () => {
  const asked: string[] = [];
  const request = {
    sourceChainId: HOME,
    gateway: GATEWAY,
    holder: HOLDER,
    deadline: 2_000n,
    send: {
      destinationChainId: BASE,
      transport: 'CCIP',
      tokenId: 7n,
      documentHash: `0x${'d0'.repeat(32)}`,
      seed: `0x${'5e'.repeat(32)}`,
      currentHop: 0,
      to: HOLDER,
      fallbackTo: HOLDER,
    },
  } as const;
  const signature = serializeErc6492Signature({ address: GATEWAY, data: '0x01', signature: '0x02' });
  await expect(checkPermit(chainAt(1_000, asked), request, signature)).rejects.toMatchObject({
    code: 'PERMIT_INVALID',
    message: expect.stringContaining('ERC-6492'),
  });
  expect(asked).toEqual(['eth_getBlockByNumber']);
});

/** A chain at the port: it knows its time, and says yes to every signature. */
function chainAt(timestamp: number, asked: string[]) {
  const request = (async ({ method }: { method: string }) => {
    asked.push(method);
    return method === 'eth_getBlockByNumber' ? { timestamp: `0x${timestamp.toString(16)}` } : '0x1';
  }) as EIP1193RequestFn; // CAST: a double that answers the two calls of this test
  return createPublicClient({ transport: custom({ request }) });
}
