import { evmAccountId, evmChainId } from '../../../schema/caip';
import { createProjectSchema } from '../../../schema/inputs/project';
import { accountAt } from '../../devnet/accounts';
import { TravelHarness } from '../../support/travel';
import { fund, until } from '../../support/travel-steps';

const HOME = evmChainId(11155111);
const BASE = evmChainId(84532);
const MOONBEAM = evmChainId(1284);

let harness: TravelHarness;
beforeAll(async () => {
  harness = await TravelHarness.start();
}, 120_000);
afterAll(async () => {
  await harness?.stop();
}, 60_000);

test('a work is minted, travels to a mirror and is confirmed there', async () => {
  const { domain } = harness;
  const { tenantId } = await domain.tenancy.createTenant('Gallery');
  await fund(harness, tenantId, [HOME, BASE, MOONBEAM]);
  const project = await domain.projects.create(
    tenantId,
    createProjectSchema.parse({
      name: 'Tides',
      artistName: 'Ada',
      artistAccount: evmAccountId(HOME, accountAt(4).address),
      script: 'draw()',
      editionCap: 10,
      royaltyBps: 500,
      licence: 'CC-BY-4.0',
    }),
  );
  const { id: registryId } = await domain.registries.create(tenantId, {
    projectId: project.id,
    name: 'Tides',
    symbol: 'TIDE',
    homeChainId: HOME,
    mirrorChainIds: [BASE, MOONBEAM],
  });
  await until('the registry is active', async () => {
    const registry = await domain.registries.get(tenantId, registryId);
    console.log(registry.state, registry.progress, registry.waitingFor);
    return registry.state === 'ACTIVE';
  });
  const { address } = await domain.signers.accountFor(tenantId, HOME);
  const [minting] = await domain.mints.mint(tenantId, {
    registryId,
    works: [{ to: evmAccountId(HOME, address), metadata: { title: 'One' } }],
  });
  const workId = minting?.id;
  if (workId === undefined) throw new Error('minted');
  await until('the work is live', async () => (await domain.works.get(tenantId, workId)).state === 'LIVE');
  const sent = await domain.dispatches.send(tenantId, { workId, destinationChainId: BASE, lane: 'CCIP' });
  await until('the dispatch is confirmed', async () => {
    const dispatch = await domain.dispatches.get(tenantId, sent.id);
    console.log(dispatch.state, dispatch.waitingFor, dispatch.failure);
    return dispatch.state === 'CONFIRMED';
  });
  console.log(await domain.works.get(tenantId, workId));
  console.log(
    JSON.stringify(await domain.provenance.page(tenantId, workId, { first: 50, after: undefined }), null, 1),
  );
}, 120_000);
