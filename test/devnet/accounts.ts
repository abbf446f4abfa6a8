import { type Hex, toHex } from 'viem';
import { type HDAccount, mnemonicToAccount } from 'viem/accounts';

/** The phrase from which anvil derives its rich accounts. Public: worthless outside a local chain. */
export const MNEMONIC = 'test test test test test test test test test test test junk';

/**
 * Who uses which account of {@link MNEMONIC}, so that no two processes share a nonce.
 *
 * Indices 0 to 9 hold money on every chain. The platform and its collectors have 1 to 4,
 * tests 7 to 9. The signers only sign reports.
 */
export const AccountIndex = {
  Deployer: 0,
  Platform: 1,
  FirstCollector: 2,
  DonTransmitter: 5,
  LayerZeroWorker: 6,
  Test: 7,
  FirstDonSigner: 10,
  FirstDvnSigner: 20,
} as const;

const known = new Map<number, HDAccount>();

/** An account of {@link MNEMONIC} by its address index. */
export function accountAt(index: number): HDAccount {
  const account = known.get(index) ?? mnemonicToAccount(MNEMONIC, { addressIndex: index });
  known.set(index, account);
  return account;
}

/** The private key of an account of {@link MNEMONIC}. @throws Error if the derivation gave none. */
export function privateKeyAt(index: number): Hex {
  const { privateKey } = accountAt(index).getHdKey();
  if (privateKey === null) throw new Error(`account ${index} has no private key`);
  return toHex(privateKey);
}
