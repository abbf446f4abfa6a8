import {
  type Address,
  createPublicClient,
  custom,
  encodeEventTopics,
  type Hex,
  hexToNumber,
  isHex,
  toHex,
  zeroAddress,
  zeroHash,
} from 'viem';
import { collectionAbi } from '../../chains/abi/collection';
import { JsonRpcError } from '../../chains/evm/rpc/rpc-errors';
import { evmChainId } from '../../schema/caip';
import { HistoryMissingError } from './exit-errors';
import { blocksOf } from './registry-birth';

const COLLECTION: Address = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045';
const BIRTH = 4_321;
const HEAD = 10_000;

/** A node that has the collection since block {@link BIRTH}, and answers what it is allowed to. */
function node({ logs, state }: { logs: 'told' | 'gone' | 'refused'; state: 'told' | 'refused' }) {
  return createPublicClient({
    transport: custom(
      {
        async request({ method, params }: { method: string; params?: readonly unknown[] }) {
          if (method === 'eth_blockNumber') return toHex(HEAD);
          if (method === 'eth_getLogs' && logs !== 'refused') return logs === 'told' ? [firstLog()] : [];
          if (method === 'eth_getCode' && state === 'told') return codeAt(params?.[1]);
          throw new JsonRpcError(method, -32_000, 'not kept', undefined);
        },
      },
      { retryCount: 0 },
    ),
  });
}

function codeAt(block: unknown): Hex {
  return isHex(block) && hexToNumber(block) >= BIRTH ? '0x60' : '0x';
}

function firstLog() {
  return {
    address: COLLECTION,
    topics: encodeEventTopics({
      abi: collectionAbi,
      eventName: 'OwnershipTransferred',
      args: { previousOwner: zeroAddress, newOwner: COLLECTION },
    }),
    data: '0x',
    blockNumber: toHex(BIRTH),
    blockHash: zeroHash,
    transactionHash: zeroHash,
    transactionIndex: '0x0',
    logIndex: '0x0',
    removed: false,
  };
}

function search(answers: Parameters<typeof node>[0]) {
  return blocksOf(node(answers), evmChainId(1), COLLECTION);
}

test.each([
  { logs: 'told', state: 'refused' },
  { logs: 'refused', state: 'told' },
  { logs: 'gone', state: 'told' },
] as const)('the beginning is found where logs are $logs and old state is $state', async (answers) => {
  expect(await search(answers)).toEqual({ fromBlock: BigInt(BIRTH), toBlock: BigInt(HEAD) });
});

test('without either, the way out is named', async () => {
  await expect(search({ logs: 'refused', state: 'refused' })).rejects.toThrow(HistoryMissingError);
  await expect(search({ logs: 'refused', state: 'refused' })).rejects.toThrow('--since');
});
