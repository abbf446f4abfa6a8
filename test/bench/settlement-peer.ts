import { readFileSync } from 'node:fs';
import {
  type Abi,
  type Address,
  createTestClient,
  createWalletClient,
  encodeFunctionData,
  type Hex,
  http,
  parseAbi,
  publicActions,
  walletActions,
} from 'viem';
import { AccountIndex, accountAt } from '../devnet/accounts';

const BANK_ABI = parseAbi(['function mint(address to, uint256 amount) returns (bool)']);
const RELEASE_ABI = parseAbi(['function release(address token, address account)']);
/** Releases that are measured; the first also pays for fresh storage. */
const RELEASES = 5;
const ROYALTY = 50_000_000n;

/**
 * What OpenZeppelin's PaymentSplitter (4.9.6, as published) takes to release one sale's royalty of a token to its one
 * payee: the median over several, each after a payment of its own.
 */
export async function splitterGasPerSale(rpcUrl: string, token: Address, payee: Address): Promise<number> {
  const account = accountAt(AccountIndex.Test + 1);
  const wallet = createWalletClient({ account, transport: http(rpcUrl), pollingInterval: 50 }).extend(
    publicActions,
  );
  const bank = createTestClient({ mode: 'anvil', transport: http(rpcUrl) }).extend(walletActions);
  const { abi, bytecode } = loadSplitter();
  const deployed = await wallet.deployContract({ abi, bytecode, args: [[payee], [1n]], chain: null });
  const { contractAddress: splitter } = await wallet.waitForTransactionReceipt({ hash: deployed });
  if (splitter == null) throw new Error('the splitter was not deployed');
  const gas: number[] = [];
  for (let nth = 0; nth < RELEASES; nth += 1) {
    const mint = encodeFunctionData({ abi: BANK_ABI, functionName: 'mint', args: [splitter, ROYALTY] });
    const paid = await bank.sendTransaction({
      account: accountAt(AccountIndex.Deployer),
      to: token,
      data: mint,
      chain: null,
    });
    await wallet.waitForTransactionReceipt({ hash: paid });
    const hash = await wallet.writeContract({
      address: splitter,
      abi: RELEASE_ABI,
      functionName: 'release',
      args: [token, payee],
      chain: null,
    });
    gas.push(Number((await wallet.waitForTransactionReceipt({ hash })).gasUsed));
  }
  return gas.sort((one, other) => one - other)[Math.floor(RELEASES / 2)] ?? 0;
}

function loadSplitter(): { abi: Abi; bytecode: Hex } {
  const file = require.resolve('@openzeppelin/contracts-4.9.6/build/contracts/PaymentSplitter.json');
  return JSON.parse(readFileSync(file, 'utf8'));
}
