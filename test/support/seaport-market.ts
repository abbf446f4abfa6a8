import {
  type Abi,
  type Address,
  createTestClient,
  createWalletClient,
  encodeDeployData,
  encodeFunctionData,
  getContractAddress,
  type Hex,
  http,
  parseAbi,
  parseEther,
  type TransactionReceipt,
  zeroAddress,
  zeroHash,
} from 'viem';
import { type ChainId, eip155Number } from '../../schema/caip';
import { accountAt } from '../devnet/accounts';
import controller from '../fixtures/seaport/ConduitController.json';
import seaport from '../fixtures/seaport/Seaport.json';
import type { TravelHarness } from './travel';
import { chainClient } from './travel-steps';

/** Deploys Seaport and nothing else, so that its address is known before. */
const DEPLOYER = 30;
/** Where {@link SeaportMarket} stands on every chain that it is opened on. */
export const SEAPORT: Address = getContractAddress({ from: accountAt(DEPLOYER).address, nonce: 1n });

/** Ample for an order of a few items. */
const FULFILMENT_GAS = 1_000_000n;

export const Item = { NATIVE: 0, ERC20: 1, ERC721: 2, ERC721_WITH_CRITERIA: 4 } as const;

export interface OfferItem {
  readonly itemType: number;
  readonly token: Address;
  readonly identifierOrCriteria: bigint;
  readonly startAmount: bigint;
  readonly endAmount: bigint;
}

export interface ConsiderationItem extends OfferItem {
  readonly recipient: Address;
}

/** A signed order. */
export interface SignedOrder {
  readonly parameters: Record<string, unknown> & { readonly consideration: readonly ConsiderationItem[] };
  readonly signature: Hex;
  readonly numerator: bigint;
  readonly denominator: bigint;
  readonly extraData: Hex;
}

const ITEM = [
  { name: 'itemType', type: 'uint8' },
  { name: 'token', type: 'address' },
  { name: 'identifierOrCriteria', type: 'uint256' },
  { name: 'startAmount', type: 'uint256' },
  { name: 'endAmount', type: 'uint256' },
];
/** https://github.com/ProjectOpenSea/seaport/blob/1.6/docs/SeaportDocumentation.md (read 2026-11). */
const ORDER_TYPES = {
  OrderComponents: [
    { name: 'offerer', type: 'address' },
    { name: 'zone', type: 'address' },
    { name: 'offer', type: 'OfferItem[]' },
    { name: 'consideration', type: 'ConsiderationItem[]' },
    { name: 'orderType', type: 'uint8' },
    { name: 'startTime', type: 'uint256' },
    { name: 'endTime', type: 'uint256' },
    { name: 'zoneHash', type: 'bytes32' },
    { name: 'salt', type: 'uint256' },
    { name: 'conduitKey', type: 'bytes32' },
    { name: 'counter', type: 'uint256' },
  ],
  OfferItem: ITEM,
  ConsiderationItem: [...ITEM, { name: 'recipient', type: 'address' }],
};

const approvalAbi = parseAbi([
  'function setApprovalForAll(address operator, bool approved)',
  'function approve(address spender, uint256 amount)',
]);
// CAST: as its publisher compiled it.
const seaportAbi = seaport.abi as Abi;

/** The real Seaport 1.6 on a chain of the devnet, with collectors who trade on it. */
export class SeaportMarket {
  private salt = 0n;

  private constructor(
    private readonly harness: TravelHarness,
    private readonly chainId: ChainId,
  ) {}

  static async open(harness: TravelHarness, chainId: ChainId): Promise<SeaportMarket> {
    const market = new SeaportMarket(harness, chainId);
    const transport = http(harness.devnet.directUrl(chainId));
    const { address } = accountAt(DEPLOYER);
    await createTestClient({ mode: 'anvil', transport }).setBalance({ address, value: parseEther('10') });
    // CAST: here and below, as its publisher compiled it.
    const first = await market.send(DEPLOYER, { data: controller.bytecode as Hex });
    const { contractAddress } = await market.send(DEPLOYER, {
      data: encodeDeployData({
        abi: seaportAbi,
        bytecode: seaport.bytecode as Hex,
        args: [first.contractAddress],
      }),
    });
    if (contractAddress?.toLowerCase() !== SEAPORT.toLowerCase()) throw new Error('Seaport stands elsewhere');
    return market;
  }

  /** Sends a transaction of one of the devnet's accounts, and waits until it has succeeded. */
  async send(
    index: number,
    call: { readonly to?: Address; readonly data?: Hex; readonly value?: bigint; readonly gas?: bigint },
  ): Promise<TransactionReceipt> {
    const wallet = createWalletClient({
      account: accountAt(index),
      transport: http(this.harness.devnet.directUrl(this.chainId)),
    });
    const hash = await wallet.sendTransaction({ ...call, chain: null });
    const receipt = await chainClient(this.harness, this.chainId).waitForTransactionReceipt({ hash });
    if (receipt.status !== 'success') throw new Error(`transaction ${hash} reverted`);
    return receipt;
  }

  /** Lets Seaport move an account's tokens of a collection. */
  async approveTokens(index: number, collection: Address): Promise<void> {
    const data = encodeFunctionData({
      abi: approvalAbi,
      functionName: 'setApprovalForAll',
      args: [SEAPORT, true],
    });
    await this.send(index, { to: collection, data });
  }

  /** Lets Seaport move an account's money. */
  async approveMoney(index: number, token: Address): Promise<void> {
    const data = encodeFunctionData({
      abi: approvalAbi,
      functionName: 'approve',
      args: [SEAPORT, 2n ** 255n],
    });
    await this.send(index, { to: token, data });
  }

  async sign(
    index: number,
    offer: readonly OfferItem[],
    consideration: readonly ConsiderationItem[],
  ): Promise<SignedOrder> {
    const account = accountAt(index);
    this.salt += 1n;
    const components = {
      offerer: account.address,
      zone: zeroAddress,
      offer,
      consideration,
      orderType: 0,
      startTime: 0n,
      endTime: 2n ** 40n,
      zoneHash: zeroHash,
      salt: this.salt,
      conduitKey: zeroHash,
      counter: 0n,
    };
    const signature = await account.signTypedData({
      domain: {
        name: 'Seaport',
        version: '1.6',
        chainId: eip155Number(this.chainId),
        verifyingContract: SEAPORT,
      },
      types: ORDER_TYPES,
      primaryType: 'OrderComponents',
      message: components,
    });
    const { counter: _, ...parameters } = components;
    return {
      parameters: { ...parameters, totalOriginalConsiderationItems: BigInt(consideration.length) },
      signature,
      numerator: 1n,
      denominator: 1n,
      extraData: '0x',
    };
  }

  /** A transaction as raw bytes, to be sent more than once. */
  async signed(
    index: number,
    call: { readonly to: Address; readonly data: Hex; readonly value: bigint; readonly gas?: bigint },
  ): Promise<Hex> {
    const account = accountAt(index);
    const transport = http(this.harness.devnet.directUrl(this.chainId));
    const { nonce, gas, maxFeePerGas, maxPriorityFeePerGas } = await createWalletClient({
      account,
      transport,
    }).prepareTransactionRequest({ ...call, type: 'eip1559', chain: null });
    const chainId = eip155Number(this.chainId);
    return account.signTransaction({ ...call, chainId, nonce, gas, maxFeePerGas, maxPriorityFeePerGas });
  }

  /** Has an account match a seller's order with a buyer's: item by item of the consideration, from these offers. */
  async match(
    index: number,
    orders: readonly SignedOrder[],
    fulfillments: readonly (readonly [
      offer: readonly [number, number],
      consideration: readonly [number, number],
    ])[],
  ): Promise<TransactionReceipt> {
    const component = ([orderIndex, itemIndex]: readonly [number, number]) => [
      { orderIndex: BigInt(orderIndex), itemIndex: BigInt(itemIndex) },
    ];
    const data = encodeFunctionData({
      abi: seaportAbi,
      functionName: 'matchAdvancedOrders',
      args: [
        orders,
        [],
        fulfillments.map(([offer, consideration]) => ({
          offerComponents: component(offer),
          considerationComponents: component(consideration),
        })),
        accountAt(index).address,
      ],
    });
    return this.send(index, { to: SEAPORT, data });
  }

  /** Has an account fulfil an order; native money that it asks for comes along. */
  async fulfil(index: number, order: SignedOrder): Promise<TransactionReceipt> {
    return this.send(index, fulfilment(order, accountAt(index).address));
  }
}

/** The transaction that fulfils an order. */
export function fulfilment(order: SignedOrder, recipient: Address) {
  const value = order.parameters.consideration
    .filter(({ itemType }) => itemType === Item.NATIVE)
    .reduce((sum, { startAmount }) => sum + startAmount, 0n);
  const data = encodeFunctionData({
    abi: seaportAbi,
    functionName: 'fulfillAdvancedOrder',
    args: [order, [], zeroHash, recipient],
  });
  // Not estimated: what else is in the block can make it dearer, such as a buyer who sells his only other work.
  return { to: SEAPORT, data, value, gas: FULFILMENT_GAS };
}

/** A work as an order offers it. */
export function token(collection: Address, tokenId: bigint): OfferItem {
  return {
    itemType: Item.ERC721,
    token: collection,
    identifierOrCriteria: tokenId,
    startAmount: 1n,
    endAmount: 1n,
  };
}

/** A token as an order asks for it. */
export function asked(offered: OfferItem, recipient: Address): ConsiderationItem {
  return { ...offered, recipient };
}

/** Money as an order offers it. */
export function offered({ recipient: _, ...item }: ConsiderationItem): OfferItem {
  return item;
}

/** Money as an order asks for it; native unless a token is named. */
export function money(
  amount: bigint,
  recipient: Address,
  currency: Address = zeroAddress,
): ConsiderationItem {
  return {
    itemType: currency === zeroAddress ? Item.NATIVE : Item.ERC20,
    token: currency,
    identifierOrCriteria: 0n,
    startAmount: amount,
    endAmount: amount,
    recipient,
  };
}
