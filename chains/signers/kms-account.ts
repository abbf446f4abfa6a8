import {
  type Address,
  type Hex,
  hashMessage,
  hashTypedData,
  hexToBytes,
  isAddressEqual,
  keccak256,
  type LocalAccount,
  numberToHex,
  recoverAddress,
  type Signature,
  serializeSignature,
  serializeTransaction,
} from 'viem';
import { toAccount } from 'viem/accounts';
import { lowSignature } from './ecdsa-der';
import { KmsKeyChangedError } from './kms-errors';
import type { KmsKeys } from './kms-keys';

/**
 * An account whose key never leaves its key management service, which signs 32-byte digests.
 *
 * Which of the two keys that fit a signature is ours is found by recovering both, so that a signature by
 * any other key is seen as well, and used for nothing.
 *
 * @param address - The key's account, as it was when the tenant brought the key.
 */
export function kmsAccount(kms: KmsKeys, keyArn: string, address: Address): LocalAccount {
  async function signHash(hash: Hex): Promise<Signature> {
    const { r, s } = lowSignature(await kms.sign(keyArn, hexToBytes(hash)));
    for (const yParity of [0, 1]) {
      const signature = { r: numberToHex(r, { size: 32 }), s: numberToHex(s, { size: 32 }), yParity };
      if (isAddressEqual(await recoverAddress({ hash, signature }), address)) return signature;
    }
    throw new KmsKeyChangedError(keyArn, address);
  }

  return toAccount({
    address,
    sign: async ({ hash }) => serializeSignature(await signHash(hash)),
    signMessage: async ({ message }) => serializeSignature(await signHash(hashMessage(message))),
    signTypedData: async (typedData) => serializeSignature(await signHash(hashTypedData(typedData))),
    async signTransaction(transaction, { serializer = serializeTransaction } = {}) {
      const signature = await signHash(keccak256(await serializer(transaction)));
      return serializer(transaction, signature);
    },
  });
}
