import { createWalletClient, http } from 'viem';
import { componentNames } from '../../../chains/artifacts';
import { type Call, deployComponentCall, deployFactoryCall } from '../../../chains/evm/registry/calls';
import { RegistryRepository } from '../../../domain/registry/registry-repository';
import { accountIdSchema, evmAccountId } from '../../../schema/caip';
import type { TenantId } from '../../../schema/ids';
import { countOf } from '../../../schema/types/connection';
import type { Registry } from '../../../schema/types/registry';
import { accountAt } from '../../devnet/accounts';
import { TravelHarness } from '../../support/travel';
import { requestRegistry } from '../../support/travel-gallery';
import { ALL_CHAINS, chainClient, fund, HOME, until } from '../../support/travel-steps';

const STRANGER = 7;

let harness: TravelHarness;
let tenantId: TenantId;
beforeAll(async () => {
  harness = await TravelHarness.start();
  ({ tenantId } = await harness.domain.tenancy.createTenant('Gallery'));
}, 120_000);
afterAll(async () => {
  await harness?.stop();
}, 60_000);

test('an artist whom contracts on EVM chains cannot pay is refused in words, and nothing is kept', async () => {
  for (const artistAccount of [
    accountIdSchema.parse(
      'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:7S3P4HxJpyyigGzodYwHtCxZyUQe9JiBMHyRWXArAaKv',
    ),
    evmAccountId(HOME, `0x${'0'.repeat(40)}`),
  ]) {
    await expect(requestRegistry(harness, tenantId, { artistAccount })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining(artistAccount),
    });
  }
  const page = { first: 10, after: undefined };
  expect(await countOf(await harness.domain.registries.page(tenantId, page))).toBe(0);
});

test('a deployment says what money it lacks, takes over what others deployed, and survives a restart', async () => {
  const { id } = await requestRegistry(harness, tenantId);
  const { address } = await harness.domain.signers.accountFor(tenantId, HOME);
  const read = () => harness.domain.registries.get(tenantId, id);
  const poor = await until('the registry waits for money', async () => {
    const registry = await read();
    return registry.waitingFor?.includes('lacks') === true && registry;
  });
  expect(poor.state).toBe('DEPLOYING');
  expect(poor.waitingFor).toContain(`factory@${HOME}: the account ${address} lacks `);
  await expect(
    harness.domain.mints.mint(tenantId, {
      registryId: id,
      works: [{ to: evmAccountId(HOME, address), metadata: {} }],
    }),
  ).rejects.toMatchObject({ code: 'REGISTRY_NOT_READY' });

  await harness.stopWorkers();
  await deployAsStranger(deployFactoryCall());
  await deployAsStranger(await collectionCall(poor));
  await harness.startWorkers();
  await until('what the stranger deployed is counted', async () => (await read()).progress.startsWith('2/'));
  await fund(harness, tenantId, ALL_CHAINS);
  await until('some steps are done', async () => Number.parseInt((await read()).progress, 10) > 8);
  await harness.stopWorkers();
  await harness.startWorkers();

  const active = await until('the registry is active', async () => {
    const registry = await read();
    return registry.state === 'ACTIVE' && registry;
  });
  expect(active).toMatchObject({ waitingFor: null, progress: '45/45' });
  const lanes = await harness.domain.lanes.lanes(tenantId, id);
  expect(lanes.filter(({ open }) => open)).toHaveLength(8);
  expect(await deploymentsSent(address)).toBe(2 * (componentNames.length + 1) + componentNames.length - 1);
}, 120_000);

test('handshake statements that their networks verify and never execute are executed by the platform', async () => {
  const { tenantId: unlucky } = await harness.domain.tenancy.createTenant('Unlucky');
  await fund(harness, unlucky, ALL_CHAINS);
  for (const network of ['ccip', 'layerZero'] as const) {
    await harness.devnet.setDeliveryFaults(network, { loseNext: 1 });
  }
  const { id } = await requestRegistry(harness, unlucky);
  await until('the registry is active', async () => {
    const { state } = await harness.domain.registries.get(unlucky, id);
    return state === 'ACTIVE';
  });
  const executions = await harness.foundations.tenants.transaction(unlucky, ({ manager }) =>
    manager.query(
      "select intent_key from chain_transactions where intent_key like 'handshake:%' and tenant_id = $1",
      [unlucky],
    ),
  );
  expect(executions).toHaveLength(2);
}, 120_000);

async function collectionCall({ id }: Registry): Promise<Call> {
  const registries = new RegistryRepository({ stateChanged: async () => undefined });
  const manifest = await harness.foundations.tenants.transaction(tenantId, (tx) =>
    registries.manifest(tx, id),
  );
  return deployComponentCall(manifest, 'Collection', HOME);
}

async function deployAsStranger(call: Call): Promise<void> {
  const wallet = createWalletClient({
    account: accountAt(STRANGER),
    transport: http(harness.devnet.directUrl(HOME)),
  });
  const hash = await wallet.sendTransaction({ ...call, chain: null });
  const { status } = await chainClient(harness, HOME).waitForTransactionReceipt({ hash });
  expect(status).toBe('success');
}

/** How many transactions an account has sent on all chains, but for the handshakes of four lanes. */
async function deploymentsSent(address: `0x${string}`): Promise<number> {
  const nonces = await Promise.all(
    ALL_CHAINS.map((chainId) => chainClient(harness, chainId).getTransactionCount({ address })),
  );
  const handshakeStatements = 3 * 2 * 2;
  const splits = ALL_CHAINS.length;
  return nonces.reduce((sum, nonce) => sum + nonce, 0) - handshakeStatements - splits;
}
