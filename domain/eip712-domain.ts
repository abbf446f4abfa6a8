/**
 * The fields of the EIP-712 domain of everything that we have signed. Wallets want them spelt out in the JSON of
 * `eth_signTypedData_v4`; viem adds them by itself.
 */
export const EIP712_DOMAIN = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
] as const;
