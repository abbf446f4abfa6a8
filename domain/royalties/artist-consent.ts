import { type Hex, serializeTypedData, type TypedDataDefinition } from 'viem';
import { type AccountId, eip155Number, splitAccountId } from '../../schema/caip';
import type { ProjectId, TenantId } from '../../schema/ids';
import type { ArtistOperation } from '../../schema/inputs/royalty-wallet';
import { changeText } from '../signed-consent';

/** No contract is named: a project has a policy before it has contracts. */
const CONSENT_TYPES = {
  EIP712Domain: [
    { name: 'name', type: 'string' },
    { name: 'version', type: 'string' },
    { name: 'chainId', type: 'uint256' },
  ],
  ArtistConsent: [
    { name: 'platform', type: 'string' },
    { name: 'registry', type: 'string' },
    { name: 'project', type: 'string' },
    { name: 'operation', type: 'string' },
    { name: 'wallet', type: 'string' },
    { name: 'change', type: 'string' },
    { name: 'nonce', type: 'bytes32' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const;

/** A change that an artist is asked to consent to. */
export interface ArtistConsentRequest {
  readonly tenantId: TenantId;
  /** The project's collection at home, by CAIP-10; empty before there is one. */
  readonly registry: string;
  readonly projectId: ProjectId;
  /** The present primary wallet: who signs. */
  readonly wallet: AccountId;
  /** The mutation. */
  readonly operation: ArtistOperation;
  /** Its input: shown to whoever signs, so not hashed before. */
  readonly change: object;
  readonly nonce: Hex;
  /** Unix time in seconds. */
  readonly deadline: bigint;
}

/** What the artist signs. */
export function artistConsentTypedData(request: ArtistConsentRequest) {
  const { tenantId, registry, projectId, wallet, operation, change, nonce, deadline } = request;
  return {
    domain: {
      name: 'Colophon Royalties',
      version: '1',
      chainId: BigInt(eip155Number(splitAccountId(wallet).chainId)),
    },
    types: CONSENT_TYPES,
    primaryType: 'ArtistConsent',
    message: {
      platform: tenantId,
      registry,
      project: projectId,
      operation,
      wallet,
      change: changeText(change),
      nonce,
      deadline,
    },
  } as const satisfies TypedDataDefinition;
}

/** As JSON for `eth_signTypedData_v4`, with the domain's type spelt out. */
export function artistConsentJson(request: ArtistConsentRequest): string {
  return serializeTypedData(artistConsentTypedData(request));
}
