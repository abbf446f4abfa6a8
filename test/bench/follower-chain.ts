import { encodeFunctionData, type Hex, parseAbi } from 'viem';
import { rpc } from '../devnet/json-rpc';
import {
  type BareAnvil,
  type BareAnvilOptions,
  startBareAnvil,
} from '../integration/transactions/bare-anvil';
import { compileContract } from './solc';

export const TRANSFER_ABI = parseAbi([
  'event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)',
  'function mint(uint256 count)',
]);

const SOURCE = `
pragma solidity 0.8.28;
contract Mints {
  event Transfer(address indexed from, address indexed to, uint256 indexed tokenId);
  uint256 private next;
  function mint(uint256 count) external {
    uint256 first = next;
    for (uint256 i; i < count; ++i) {
      emit Transfer(address(0), address(uint160(uint256(keccak256(abi.encode(first + i))))), first + i);
    }
    next = first + count;
  }
}`;

/** A local chain with a contract that emits transfers. */
export interface TransferChain {
  readonly anvil: BareAnvil;
  readonly contract: Hex;
  /** Mines `blocks` blocks with `perBlock` transfers each. */
  emit(blocks: number, perBlock: number): Promise<void>;
  mine(blocks: number): Promise<void>;
}

export async function startTransferChain(
  eip155: number,
  options: BareAnvilOptions = {},
): Promise<TransferChain> {
  const anvil = await startBareAnvil(eip155, options);
  const call = (method: string, ...params: unknown[]) => rpc(anvil.url, method, params);
  const mine = async (blocks: number) => {
    await call('anvil_mine', `0x${blocks.toString(16)}`);
  };
  const from = (await call('eth_accounts')) as Hex[]; // CAST: anvil's own accounts
  const send = (transaction: { to?: Hex; data: Hex }) =>
    call('eth_sendTransaction', { from: from[0], gas: '0x1c00000', ...transaction });
  const creation = await send({ data: compileContract('Mints', SOURCE) });
  await mine(1);
  // CAST: anvil's receipt of a mined creation.
  const receipt = (await call('eth_getTransactionReceipt', creation)) as { contractAddress: Hex };
  const contract = receipt.contractAddress;
  return {
    anvil,
    contract,
    mine,
    async emit(blocks, perBlock) {
      const data = encodeFunctionData({ abi: TRANSFER_ABI, functionName: 'mint', args: [BigInt(perBlock)] });
      for (let block = 0; block < blocks; block += 1) {
        await send({ to: contract, data });
        await mine(1);
      }
    },
  };
}
