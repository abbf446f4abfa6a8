import { type Address, type Hex, isErc6492Signature, type PublicClient } from 'viem';
import { sendRequest, type WorkSend } from '../../chains/evm/registry/calls';
import { type ChainId, eip155Number } from '../../schema/caip';
import { EIP712_DOMAIN } from '../eip712-domain';
import { PermitInvalidError } from './dispatch-errors';

/** EIP-712 type of a permit; see `sendWorksWithPermit` in contracts/src/interfaces/IGateway.sol. */
const PERMIT_TYPES = {
  SendWorks: [
    { name: 'dstChainHash', type: 'bytes32' },
    { name: 'transport', type: 'uint8' },
    { name: 'works', type: 'WorkSend[]' },
    { name: 'holder', type: 'address' },
    { name: 'deadline', type: 'uint256' },
  ],
  WorkSend: [
    { name: 'workId', type: 'uint256' },
    { name: 'documentHash', type: 'bytes32' },
    { name: 'seed', type: 'bytes32' },
    { name: 'hop', type: 'uint64' },
    { name: 'to', type: 'bytes32' },
    { name: 'fallbackTo', type: 'bytes32' },
  ],
} as const;

export interface PermitRequest {
  readonly sourceChainId: ChainId;
  readonly gateway: Address;
  readonly send: WorkSend;
  readonly holder: Address;
  /** Unix time in seconds, inclusive. */
  readonly deadline: bigint;
}

/** The typed data that the holder signs. */
export function permitTypedData({ sourceChainId, gateway, send, holder, deadline }: PermitRequest) {
  return {
    domain: {
      name: 'Colophon Gateway',
      version: '1',
      chainId: eip155Number(sourceChainId),
      verifyingContract: gateway,
    },
    types: PERMIT_TYPES,
    primaryType: 'SendWorks',
    message: { ...sendRequest(send), holder, deadline },
  } as const;
}

/** The typed data as JSON for `eth_signTypedData_v4`: integers as decimal strings, the domain's type spelt out. */
export function permitJson(request: PermitRequest): string {
  const { types, ...rest } = permitTypedData(request);
  return JSON.stringify({ ...rest, types: { EIP712Domain: EIP712_DOMAIN, ...types } }, (_key, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

/**
 * Checks a permit as the contract will: by recovery, or by EIP-1271 for a contract wallet.
 *
 * @throws {@link PermitInvalidError} if it has lapsed or is not the holder's.
 */
export async function checkPermit(
  client: PublicClient,
  request: PermitRequest,
  signature: Hex,
): Promise<void> {
  const { timestamp } = await client.getBlock({ blockTag: 'latest' });
  if (request.deadline < timestamp) throw new PermitInvalidError('its deadline has passed');
  // The client would deploy the wallet in passing and say yes; the contract only asks wallets that are there.
  if (isErc6492Signature(signature)) throw new PermitInvalidError('its wallet is not deployed (ERC-6492)');
  const valid = await client.verifyTypedData({
    ...permitTypedData(request),
    address: request.holder,
    signature,
  });
  if (!valid) throw new PermitInvalidError('it is not the holder’s signature of exactly this request');
}
