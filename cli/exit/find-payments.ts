import {
  type Address,
  encodeFunctionData,
  erc20Abi,
  getAddress,
  type Hex,
  isAddressEqual,
  keccak256,
  pad,
  slice,
  stringToBytes,
  zeroAddress,
} from 'viem';
import { collectionAbi } from '../../chains/abi/collection';
import { royaltyReceiverAbi } from '../../chains/abi/royalty-receiver';
import { royaltyVaultAbi } from '../../chains/abi/royalty-vault';
import { allLogs } from '../../chains/log-search';
import { revertDataOf } from '../../chains/transactions/revert-data';
import { actionId, type ExitAction, type ExitActionKind } from './actions';
import type { RegistryOnChain } from './registry-on-chain';
import { simulated } from './simulate';

/** Any price will do: only the receiver is asked for. */
const SALE = [0n, 10_000n] as const;

/** Where an address begins in a word, in bytes. */
const ADDRESS_OFFSET = 12;

/** The money of a registry on one chain. */
interface Purse {
  readonly chain: RegistryOnChain;
  readonly receiver: Address;
  readonly vault: Address;
}

/**
 * Finds the royalties that anyone may move along: from where marketplaces pay them into the vault, from there to the
 * payees of its chain. What payees of other chains are owed is theirs to withdraw, by signature, or a settler's to send.
 *
 * @param tokens - ERC-20s to look for besides native money and those that a vault has ever received.
 */
export async function findPayments(
  registry: readonly RegistryOnChain[],
  tokens: readonly Address[],
): Promise<readonly ExitAction[]> {
  const receiver = await receiverOf(registry);
  if (receiver === undefined) return [];
  const purses = (await Promise.all(registry.map((chain) => purseOn(chain, receiver)))).flat();
  const payees = (await Promise.all(purses.map(payeesIn))).flat();
  const found: ExitAction[] = [];
  for (const purse of purses) {
    const local = payees.filter(({ chainHash }) => chainHash === purse.chain.chainHash);
    const accounts = [...new Set(local.map(({ account }) => addressIn(account)))];
    for (const token of await tokensIn(purse, tokens)) found.push(...(await movesOf(purse, token, accounts)));
  }
  return found;
}

/** Where the Collections say that royalties are paid; it stands at one address on all EVM chains. */
async function receiverOf(registry: readonly RegistryOnChain[]): Promise<Address | undefined> {
  for (const { client, collection } of registry) {
    try {
      const contract = { abi: collectionAbi, address: collection } as const;
      const [receiver] = await client.readContract({ ...contract, functionName: 'royaltyInfo', args: SALE });
      return receiver;
    } catch (error) {
      // The adapter of adopted tokens knows no royalties: another chain's Collection does.
      if (revertDataOf(error) === undefined) throw error;
    }
  }
  return undefined;
}

/** Nothing if royalties are paid to a person, as in registries of earlier versions. */
async function purseOn(chain: RegistryOnChain, receiver: Address): Promise<Purse[]> {
  if ((await chain.client.getCode({ address: receiver })) === undefined) return [];
  try {
    const contract = { abi: royaltyReceiverAbi, address: receiver } as const;
    const vault = await chain.client.readContract({ ...contract, functionName: 'vault' });
    return [{ chain, receiver, vault }];
  } catch (error) {
    if (revertDataOf(error) === undefined) throw error;
    return [];
  }
}

/** Whoever a split of this vault has ever named. */
async function payeesIn({ chain: { client, range }, vault }: Purse) {
  const logs = await allLogs(range, (piece) =>
    client.getContractEvents({
      abi: royaltyVaultAbi,
      address: vault,
      eventName: 'SplitStated',
      strict: true,
      ...piece,
    }),
  );
  return logs.flatMap(({ args }) => args.shares.map(({ payee }) => payee));
}

async function tokensIn({ chain, vault }: Purse, more: readonly Address[]): Promise<readonly Address[]> {
  const { client, range } = chain;
  const logs = await allLogs(range, (piece) =>
    client.getContractEvents({
      abi: royaltyVaultAbi,
      address: vault,
      eventName: 'PayeeCredited',
      strict: true,
      ...piece,
    }),
  );
  const received = logs.map(({ args }) => args.token);
  const there = await Promise.all(
    more.map(async (address) => ((await client.getCode({ address })) ? [address] : [])),
  );
  return [...new Set([zeroAddress, ...received, ...there.flat()])];
}

async function movesOf(purse: Purse, token: Address, accounts: readonly Address[]): Promise<ExitAction[]> {
  const { chain, receiver, vault } = purse;
  const contract = { abi: royaltyVaultAbi, address: vault } as const;
  const [waiting, unsplit, owed] = await Promise.all([
    balanceOf(purse, token),
    chain.client.readContract({ ...contract, functionName: 'unsplitOf', args: [token] }),
    Promise.all(
      accounts.map(async (account) => ({ account, credit: await creditOf(purse, token, account) })),
    ),
  ]);
  const unpaid = owed.filter(({ credit }) => credit > 0n);
  const sum = unpaid.reduce((total, { credit }) => total + credit, 0n);
  const payees = unpaid.map(({ account }) => account);
  const moves = [
    waiting > 0n && {
      kind: 'FORWARD' as const,
      summary: `put ${unitsOf(waiting, token)} of royalties into the vault`,
      to: receiver,
      data: encodeFunctionData({ abi: royaltyReceiverAbi, functionName: 'forward', args: [token] }),
    },
    unsplit > 0n && {
      kind: 'SPLIT' as const,
      summary: `split ${unitsOf(unsplit, token)} of royalties among their payees`,
      to: vault,
      data: encodeFunctionData({ abi: royaltyVaultAbi, functionName: 'split', args: [token] }),
    },
    sum > 0n && {
      kind: 'PAY' as const,
      summary: `pay ${unitsOf(sum, token)} of royalties to ${payees.join(', ')}`,
      to: vault,
      data: encodeFunctionData({ abi: royaltyVaultAbi, functionName: 'pay', args: [token, payees] }),
    },
  ];
  return Promise.all(moves.flatMap((move) => (move === false ? [] : actionOf(chain, token, move))));
}

function actionOf(
  chain: RegistryOnChain,
  token: Address,
  move: Pick<ExitAction, 'summary' | 'to' | 'data'> & { readonly kind: ExitActionKind },
): Promise<ExitAction> {
  const id = actionId(move.kind, chain.chainId, keccak256(stringToBytes(`${move.to} ${token}`)));
  return simulated({ id, chain, ...move });
}

function balanceOf({ chain: { client }, receiver }: Purse, token: Address): Promise<bigint> {
  if (isAddressEqual(token, zeroAddress)) return client.getBalance({ address: receiver });
  return client.readContract({ abi: erc20Abi, address: token, functionName: 'balanceOf', args: [receiver] });
}

function creditOf({ chain, vault }: Purse, token: Address, account: Address): Promise<bigint> {
  const payee = { chainHash: chain.chainHash, account: pad(account), claimant: zeroAddress };
  return chain.client.readContract({
    abi: royaltyVaultAbi,
    address: vault,
    functionName: 'creditOf',
    args: [token, payee],
  });
}

function unitsOf(amount: bigint, token: Address): string {
  return isAddressEqual(token, zeroAddress) ? `${amount} wei` : `${amount} units of ${token}`;
}

/** The account of a payee of an EVM chain. */
function addressIn(account: Hex): Address {
  return getAddress(slice(account, ADDRESS_OFFSET));
}
