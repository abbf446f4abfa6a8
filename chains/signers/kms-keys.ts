/** Asymmetric signing keys in a key management service, by their names there. */
export interface KmsKeys {
  /**
   * The public key, as DER of a SubjectPublicKeyInfo (RFC 5280).
   *
   * @throws {@link KmsUnavailableError}, {@link KmsKeyRefusedError}
   */
  publicKey(keyArn: string): Promise<Uint8Array>;
  /**
   * Signs a digest of 32 bytes.
   *
   * @returns DER of an ECDSA-Sig-Value (RFC 3279); `s` may be in the upper half of its range.
   * @throws As above.
   */
  sign(keyArn: string, digest: Uint8Array): Promise<Uint8Array>;
}
