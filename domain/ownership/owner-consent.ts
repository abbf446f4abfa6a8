import { type Address, type Hex, serializeTypedData, type TypedDataDefinition } from 'viem';
import { type ChainId, eip155Number } from '../../schema/caip';
import { EIP712_DOMAIN } from '../eip712-domain';
import { changeText } from '../signed-consent';

const CONSENT_TYPES = {
  EIP712Domain: EIP712_DOMAIN,
  OwnerConsent: [
    { name: 'operation', type: 'string' },
    { name: 'change', type: 'string' },
    { name: 'nonce', type: 'bytes32' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const;

/** A change that an owner is asked to consent to. */
export interface ConsentRequest {
  /** Where the owner is, and which registry it owns, by its collection there. */
  readonly homeChainId: ChainId;
  readonly collection: Address;
  /** The mutation. */
  readonly operation: string;
  /** Its input: shown to whoever signs, so not hashed before. */
  readonly change: object;
  readonly nonce: Hex;
  /** Unix time in seconds. */
  readonly deadline: bigint;
}

/** What the owner signs. */
export function consentTypedData(request: ConsentRequest) {
  const { homeChainId, collection, operation, change, nonce, deadline } = request;
  return {
    domain: {
      name: 'Colophon Registry',
      version: '1',
      chainId: BigInt(eip155Number(homeChainId)),
      verifyingContract: collection,
    },
    types: CONSENT_TYPES,
    primaryType: 'OwnerConsent',
    message: { operation, change: changeText(change), nonce, deadline },
  } as const satisfies TypedDataDefinition;
}

/** As JSON for `eth_signTypedData_v4`, with the domain's type spelt out. */
export function consentJson(request: ConsentRequest): string {
  return serializeTypedData(consentTypedData(request));
}
