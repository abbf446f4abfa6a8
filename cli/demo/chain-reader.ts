import { createPublicClient, erc20Abi, http, type PublicClient, pad, parseEventLogs } from 'viem';
import { collectionAbi } from '../../chains/abi/collection';
import { ccipOffRampAbi, ccipOnRampAbi } from '../../chains/abi/protocol/ccip';
import { layerZeroEndpointAbi } from '../../chains/abi/protocol/layer-zero';
import type { ChainTable, EvmChain } from '../../chains/chain-table';
import { decodePacket } from '../../chains/layerzero/packet';
import type { ChainId } from '../../schema/caip';
import { DemoError } from './demo-errors';
import type { Dispatch } from './operations';

/** `Internal.MessageExecutionState.SUCCESS` of CCIP 1.6 (contracts-ccip 1.6.4, libraries/Internal.sol). */
const CCIP_SUCCESS = 2;
const NO_PAYLOAD = pad('0x', { size: 32 });

/** Reads the chains themselves, each through its first endpoint: nothing here has passed through Colophon. */
export class ChainReader {
  constructor(private readonly chains: ChainTable) {}

  client(chainId: ChainId): PublicClient {
    return createPublicClient({ transport: http(this.chains.get(chainId).rpcUrls[0]) });
  }

  /** `ownerOf` of ERC-721. @throws viem's error when the token is not on that chain. */
  async ownerOf(chainId: ChainId, collection: `0x${string}`, tokenId: bigint): Promise<string> {
    const contract = { abi: collectionAbi, address: collection } as const;
    return this.client(chainId).readContract({ ...contract, functionName: 'ownerOf', args: [tokenId] });
  }

  /** What an account has of an ERC-20. */
  async balanceOf(chainId: ChainId, token: `0x${string}`, account: `0x${string}`): Promise<bigint> {
    const contract = { abi: erc20Abi, address: token } as const;
    return this.client(chainId).readContract({ ...contract, functionName: 'balanceOf', args: [account] });
  }

  async legOf(chainId: ChainId, collection: `0x${string}`, tokenId: bigint) {
    const contract = { abi: collectionAbi, address: collection } as const;
    return this.client(chainId).readContract({ ...contract, functionName: 'legOf', args: [tokenId] });
  }

  async seedOf(chainId: ChainId, collection: `0x${string}`, tokenId: bigint) {
    const contract = { abi: collectionAbi, address: collection } as const;
    return this.client(chainId).readContract({ ...contract, functionName: 'seedOf', args: [tokenId] });
  }

  /** True when the destination's OffRamp has executed the message of a dispatch. */
  async ccipExecuted({ sourceTransactionHash, messageId, ...dispatch }: Dispatch): Promise<boolean> {
    const source = this.chains.get(dispatch.sourceChainId);
    const { logs } = await this.receipt(source, sourceTransactionHash);
    const sent = parseEventLogs({ abi: ccipOnRampAbi, logs, eventName: 'CCIPMessageSent' }).find(
      ({ args }) => args.message.header.messageId === messageId,
    );
    if (sent === undefined) throw new DemoError('the OnRamp has not sent this message');
    const state = await this.client(dispatch.destinationChainId).readContract({
      abi: ccipOffRampAbi,
      address: this.chains.get(dispatch.destinationChainId).ccip.offRamp,
      functionName: 'getExecutionState',
      args: [source.ccip.ccipSelector, sent.args.sequenceNumber],
    });
    return state === CCIP_SUCCESS;
  }

  /** True when the destination's endpoint has delivered the packet of a dispatch and every one sent on its path. */
  async layerZeroDelivered({ sourceTransactionHash, messageId, ...dispatch }: Dispatch): Promise<boolean> {
    const source = this.chains.get(dispatch.sourceChainId);
    const destination = this.chains.get(dispatch.destinationChainId);
    const { logs } = await this.receipt(source, sourceTransactionHash);
    const packet = parseEventLogs({ abi: layerZeroEndpointAbi, logs, eventName: 'PacketSent' })
      .map(({ args }) => decodePacket(args.encodedPayload))
      .find(({ guid }) => guid === messageId);
    if (packet === undefined) throw new DemoError('the endpoint has not sent this packet');
    const { sender, receiver, nonce } = packet;
    const there = { abi: layerZeroEndpointAbi, address: destination.layerZero.endpoint } as const;
    const path = [addressIn(receiver), packet.srcEid, sender] as const;
    const [outbound, inbound, waiting] = await Promise.all([
      this.client(source.chainId).readContract({
        abi: layerZeroEndpointAbi,
        address: source.layerZero.endpoint,
        functionName: 'outboundNonce',
        args: [addressIn(sender), packet.dstEid, receiver],
      }),
      this.client(destination.chainId).readContract({ ...there, functionName: 'inboundNonce', args: path }),
      this.client(destination.chainId).readContract({
        ...there,
        functionName: 'inboundPayloadHash',
        args: [...path, nonce],
      }),
    ]);
    return inbound === outbound && nonce <= inbound && waiting === NO_PAYLOAD;
  }

  private async receipt({ chainId }: EvmChain, hash: `0x${string}` | null) {
    if (hash === null) throw new DemoError('the dispatch names no source transaction');
    return this.client(chainId).getTransactionReceipt({ hash });
  }
}

function addressIn(word: `0x${string}`): `0x${string}` {
  return `0x${word.slice(-40)}`;
}
