import { createWalletClient, type Hash, http, nonceManager, publicActions } from 'viem';
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { z } from 'zod';
import type { ChainTable } from '../../chains/chain-table';
import type { ChainId } from '../../schema/caip';
import { DemoError } from './demo-errors';
import type { WalletCall } from './dollar-market';
import type { PreparedSend } from './gallery';

const RECEIPT_POLL_MS = 100;

const typedDataSchema = z.object({
  domain: z.record(z.string(), z.unknown()),
  types: z.record(z.string(), z.array(z.object({ name: z.string(), type: z.string() }))),
  primaryType: z.string(),
  message: z.record(z.string(), z.unknown()),
});

/** A collector's own wallet: it knows chains and what it is given to sign, and nothing of Colophon. */
export class CollectorWallet {
  private readonly account: PrivateKeyAccount;

  constructor(
    privateKey: `0x${string}`,
    private readonly chains: ChainTable,
  ) {
    // A wallet has several transactions under way at once.
    this.account = privateKeyToAccount(privateKey, { nonceManager });
  }

  get address(): `0x${string}` {
    return this.account.address;
  }

  /** Sends a prepared move as the wallet's own transaction. */
  async send(chainId: ChainId, { to, data, valueWei }: PreparedSend): Promise<Hash> {
    const transport = http(this.chains.get(chainId).rpcUrls[0]);
    const wallet = createWalletClient({ account: this.account, transport });
    return wallet.sendTransaction({ to, data, value: BigInt(valueWei), chain: null });
  }

  /** Sends a call and waits until it has succeeded. @throws {@link DemoError} if the chain refuses it. */
  async transact(chainId: ChainId, { to, data }: WalletCall): Promise<void> {
    const transport = http(this.chains.get(chainId).rpcUrls[0]);
    const wallet = createWalletClient({ account: this.account, transport }).extend(publicActions);
    const hash = await wallet.sendTransaction({ to, data, chain: null });
    const { status } = await wallet.waitForTransactionReceipt({ hash, pollingInterval: RECEIPT_POLL_MS });
    if (status !== 'success') throw new DemoError(`The transaction ${hash} of a wallet was refused.`);
  }

  /** Signs the permit of a prepared move, as `eth_signTypedData_v4` does. */
  async sign({ permitTypedData, permitDeadline, transport }: PreparedSend) {
    const typedData = typedDataSchema.parse(JSON.parse(permitTypedData));
    const signature = await this.account.signTypedData(typedData);
    return { transport, deadline: permitDeadline, signature };
  }
}
