import { type Address, encodeFunctionData, erc20Abi, getAddress, maxUint256 } from 'viem';
import { royaltyRemitterAbi } from '../../../chains/abi/royalty-remitter';
import { royaltyVaultAbi } from '../../../chains/abi/royalty-vault';
import { remitterOf } from '../../../chains/evm/registry/payees';
import { contractsOn } from '../../../domain/registry/registry-contracts';
import { type ChainId, evmAccountId, evmMoneyId } from '../../../schema/caip';
import type { SettlementId } from '../../../schema/ids';
import type { RequestSettlement } from '../../../schema/inputs/settlement';
import type { Settlement } from '../../../schema/types/settlement';
import { accountAt } from '../../devnet/accounts';
import { deployTestDollars, type TestDollar } from '../../devnet/test-dollar';
import { TravelHarness } from '../../support/travel';
import { Gallery } from '../../support/travel-gallery';
import { ALL_CHAINS, BASE, chainClient, HOME, sendAs, until } from '../../support/travel-steps';

const PAYER = 7;
/** A wallet that pays for nothing itself, so that what it has is what it was paid. */
const ARTIST = getAddress('0x00000000000000000000000000000000a27157aa');

let harness: TravelHarness;
let gallery: Gallery;
let dollars: ReadonlyMap<ChainId, TestDollar>;

beforeAll(async () => {
  harness = await TravelHarness.start();
  const [open, deployed] = await Promise.all([
    Gallery.open(harness, { artistAccount: evmAccountId(HOME, ARTIST) }),
    deployTestDollars(harness.devnet),
  ]);
  gallery = open;
  dollars = deployed;
  for (const chainId of ALL_CHAINS) await nameOft(chainId);
}, 300_000);
afterAll(async () => {
  await harness?.stop();
}, 60_000);

const settlements = () => harness.domain.settlements;
const dollarOn = (chainId: ChainId): TestDollar => {
  const dollar = dollars.get(chainId);
  if (dollar === undefined) throw new Error(`there is no dollar on ${chainId}`);
  return dollar;
};
const vaultOn = (chainId: ChainId): Address => {
  const { royaltyVault } = contractsOn(gallery.registry, chainId);
  if (royaltyVault === null) throw new Error('every registry has a vault');
  return royaltyVault;
};

async function nameOft(chainId: ChainId): Promise<void> {
  const { dollar, oft } = dollarOn(chainId);
  const data = encodeFunctionData({ abi: royaltyRemitterAbi, functionName: 'setOft', args: [dollar, oft] });
  await sendAs(harness, gallery.account, chainId, { to: remitterOf(vaultOn(chainId)), data });
}

/** A marketplace pays royalties in dollars. */
async function pay(chainId: ChainId, amount: bigint): Promise<void> {
  const { dollar } = dollarOn(chainId);
  const payer = accountAt(PAYER).address;
  const vault = vaultOn(chainId);
  const mint = encodeFunctionData({
    abi: [
      {
        type: 'function',
        name: 'mint',
        inputs: [{ type: 'address' }, { type: 'uint256' }],
        outputs: [{ type: 'bool' }],
        stateMutability: 'nonpayable',
      },
    ] as const,
    functionName: 'mint',
    args: [payer, amount],
  });
  await sendAs(harness, accountAt(0).address, chainId, { to: dollar, data: mint });
  const approve = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [vault, maxUint256] });
  await sendAs(harness, payer, chainId, { to: dollar, data: approve });
  const deposit = encodeFunctionData({
    abi: royaltyVaultAbi,
    functionName: 'deposit',
    args: [dollar, amount],
  });
  await sendAs(harness, payer, chainId, { to: vault, data: deposit });
}

/** Asks until what was paid is final and recorded. */
async function requested(input: Partial<RequestSettlement>): Promise<Settlement[]> {
  return until('there is something to settle', async () => {
    try {
      return await settlements().request(gallery.tenantId, {
        registryId: gallery.registryId,
        lane: 'CHEAPEST',
        ...input,
      });
    } catch (error) {
      if ((error as { code?: string }).code === 'NOTHING_TO_SETTLE') return false;
      throw error;
    }
  });
}

async function ended(id: SettlementId): Promise<Settlement> {
  return until(`settlement ${id} is over`, async () => {
    const now = await settlements().get(gallery.tenantId, id);
    return ((now.state === 'CREDITED' && !now.provisional) || now.state === 'FAILED') && now;
  });
}

async function setRule(chainId: ChainId): Promise<void> {
  await settlements().setRule(gallery.tenantId, {
    asset: evmMoneyId(chainId, dollarOn(chainId).dollar),
    approvalAbove: null,
    maxCostBps: 10_000,
    waitAboveCap: true,
    // 3,000 dollars a coin
    valuedAmount: '3000000000',
    valuedWei: '1000000000000000000',
  });
}

const walletHas = (chainId: ChainId): Promise<bigint> =>
  chainClient(harness, chainId).readContract({
    abi: erc20Abi,
    address: dollarOn(chainId).dollar,
    functionName: 'balanceOf',
    args: [ARTIST],
  });

test('dollars paid on a mirror reach the artist on the home chain over CCIP', async () => {
  await setRule(BASE);
  await pay(BASE, 123_456_789n);
  const [sent] = await requested({ lane: 'CCIP' });
  if (sent === undefined) throw new Error('one settlement was asked for');
  expect(await ended(sent.id)).toMatchObject({
    state: 'CREDITED',
    route: 'CCIP',
    amount: '123456789',
    credits: [{ payee: evmAccountId(HOME, ARTIST), amount: '123456789', received: '123456789' }],
  });
  const [paid] = await requested({ sourceChainId: HOME });
  if (paid === undefined) throw new Error('one settlement was asked for');
  expect(await ended(paid.id)).toMatchObject({ state: 'CREDITED', route: 'LOCAL' });
  expect(await walletHas(HOME)).toBe(123_456_789n);
}, 180_000);
