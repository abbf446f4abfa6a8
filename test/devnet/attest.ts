import { type Address, createTestClient, http, parseAbi, publicActions, walletActions } from 'viem';
import type { EvmChain } from '../../chains/chain-table';
import { decodePacket } from '../../chains/layerzero/packet';
import type { TransportMessage } from '../../chains/transports';
import type { DevnetControls } from './devnet-controls';

const DVN_ABI = parseAbi(['function verify(bytes packetHeader, bytes32 payloadHash, uint64 confirmations)']);
/** More than any lane asks for. */
const CONFIRMATIONS = 100n;

/**
 * Has verifiers (DVNs) attest a LayerZero message on its destination, as if they had done so and gone away: nobody
 * commits or executes it.
 *
 * @param dvns - All of the chain's, unless some are named.
 */
export async function attest(
  devnet: DevnetControls,
  { chainId, layerZero }: EvmChain,
  message: TransportMessage,
  dvns: readonly Address[] = layerZero.dvns,
): Promise<void> {
  const { header, payloadHash } = decodePacket(message.encoded);
  const chain = createTestClient({
    mode: 'anvil',
    transport: http(devnet.directUrl(chainId)),
    pollingInterval: 100,
  })
    .extend(publicActions)
    .extend(walletActions);
  for (const account of dvns) {
    await chain.impersonateAccount({ address: account });
    await chain.setBalance({ address: account, value: 10n ** 18n });
    const hash = await chain.writeContract({
      account,
      chain: null,
      address: layerZero.receiveUln,
      abi: DVN_ABI,
      functionName: 'verify',
      args: [header, payloadHash, CONFIRMATIONS],
    });
    await chain.waitForTransactionReceipt({ hash });
    await chain.stopImpersonatingAccount({ address: account });
  }
}
