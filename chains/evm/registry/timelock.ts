import {
  type Address,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  keccak256,
  type PublicClient,
  parseAbi,
  size,
  zeroAddress,
  zeroHash,
} from 'viem';
import { revertDataOf } from '../../transactions/revert-data';

const TIMELOCK = parseAbi([
  'function hashOperation(address target, uint256 value, bytes data, bytes32 predecessor, bytes32 salt) pure returns (bytes32)',
]);
const SIGNER = parseAbi(['function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)']);
const NOTHING = [zeroAddress, 0n, '0x', zeroHash, zeroHash] as const;
/** What a timelock calls the operation that does nothing. */
const NO_OPERATION = keccak256(encodeAbiParameters(TIMELOCK[0].inputs, NOTHING));

/**
 * Whether an account is a TimelockController (OpenZeppelin 5) that has no `isValidSignature` (EIP-1271): then nobody can
 * sign for it, and only calls that it makes say what it wants. Contracts that look otherwise are taken for signers, as
 * an EIP-1271 contract may refuse an empty signature in any way.
 *
 * @throws What the endpoint says if it cannot be asked.
 */
export async function isMuteTimelock(client: Pick<PublicClient, 'call'>, address: Address): Promise<boolean> {
  const operation = encodeFunctionData({ abi: TIMELOCK, args: NOTHING });
  if ((await answerOf(client, address, operation)) !== NO_OPERATION) return false;
  const signature = encodeFunctionData({ abi: SIGNER, args: [zeroHash, '0x'] });
  return size((await answerOf(client, address, signature)) ?? '0x') === 0;
}

/** What a contract returns or reverts with; undefined for nothing. */
async function answerOf(
  client: Pick<PublicClient, 'call'>,
  to: Address,
  data: Hex,
): Promise<Hex | undefined> {
  try {
    return (await client.call({ to, data })).data;
  } catch (error) {
    const reverted = revertDataOf(error);
    if (reverted === undefined) throw error;
    return reverted;
  }
}
