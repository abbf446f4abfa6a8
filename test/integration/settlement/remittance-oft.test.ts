import { type Address, createPublicClient, custom, pad } from 'viem';
import type { ChainAccess } from '../../../chains/transactions/chain-access';
import { RemittanceOftService } from '../../../domain/settlement/remittance-oft-service';
import { type AccountId, erc20MoneyId, evmAccountId, type MoneyId } from '../../../schema/caip';
import { type RegistryId, registryIdSchema, type TenantId } from '../../../schema/ids';
import { type OwnedRegistries, openOwnedRegistries } from '../../support/owned-registries';
import { ADA } from '../../support/travel-events';
import { BASE, HOME, MOONBEAM } from '../../support/travel-steps';

const DOLLAR: Address = '0x52908400098527886E0F7030069857D2E4169EE7';
const OFT: Address = '0x8617E340B3D01FA5F11F306F4090FD50E238070D';
const OTHER_OFT: Address = '0xde709f2102306220921060314715629080e2fb77';
const ASSET = erc20MoneyId(BASE, DOLLAR);

let owned: OwnedRegistries;
let ofts: RemittanceOftService;
let tenantId: TenantId;
let registryId: RegistryId;

beforeAll(async () => {
  owned = await openOwnedRegistries(ADA);
  const moves = new Map<string, Address>([
    [OFT.toLowerCase(), DOLLAR],
    [OTHER_OFT.toLowerCase(), ADA],
  ]);
  const client = createPublicClient({
    transport: custom({
      request: async ({ params }: { params: [{ to: string }] }) => {
        const token = moves.get(params[0].to.toLowerCase());
        return token === undefined ? '0x' : pad(token);
      },
    }),
  });
  // CAST: a chain is asked for nothing else.
  const chains = { get: () => ({ public: client }) as unknown as ChainAccess };
  ofts = new RemittanceOftService(owned.tenants, owned.stores, owned.guard, chains);
});
afterAll(() => owned?.close());
beforeEach(async () => {
  tenantId = await owned.tenant();
  registryId = await owned.registry(tenantId, {
    owner: ADA,
    chainIds: [HOME, BASE],
    contracts: { collection: DOLLAR, royaltyVault: DOLLAR },
  });
});

const set = (over: { asset?: MoneyId; oft?: AccountId; registryId?: RegistryId; tenantId?: TenantId } = {}) =>
  ofts.set(over.tenantId ?? tenantId, {
    registryId,
    asset: ASSET,
    oft: evmAccountId(BASE, OFT),
    reason: 'our dollar',
    ...over,
  });
const actions = async () => {
  const { rows } = await owned.admin.query(
    'select kind, chain_id as "chainId", asset, account, state from guard_actions where tenant_id = $1',
    [tenantId],
  );
  return rows;
};

test('naming an OFT is asked of the registry’s owner once, on the token’s chain', async () => {
  const action = await set();
  expect((await set()).id).toBe(action.id);
  expect(await actions()).toEqual([
    {
      kind: 'SET_REMITTANCE_OFT',
      chainId: BASE,
      asset: ASSET,
      account: evmAccountId(BASE, OFT),
      state: 'REQUESTED',
    },
  ]);
  const { rows } = await owned.admin.query('select job from outbox where tenant_id = $1', [tenantId]);
  expect(rows).toEqual([{ job: 'advance-guard-action' }]);
});

test.each([
  ['a contract that moves another token', OTHER_OFT, 'it moves'],
  ['an account without a contract that says what it moves', ADA, 'no contract there'],
])('%s is refused before anything is asked of anybody', async (_, oft, said) => {
  const refused = set({ oft: evmAccountId(BASE, oft) });
  await expect(refused).rejects.toMatchObject({ code: 'OFT_MISMATCH' });
  await expect(refused).rejects.toThrow(said);
  expect(await actions()).toEqual([]);
});

test('it is on the token’s chain, which is one of the registry’s with a vault', async () => {
  await expect(set({ oft: evmAccountId(HOME, OFT) })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  await expect(
    set({ asset: erc20MoneyId(MOONBEAM, DOLLAR), oft: evmAccountId(MOONBEAM, OFT) }),
  ).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  await owned.admin.query("update registries set state = 'DEPLOYING' where id = $1", [registryId]);
  await expect(set()).rejects.toMatchObject({ code: 'REGISTRY_NOT_READY' });
  expect(await actions()).toEqual([]);
});

test('another tenant’s registry reads as not found', async () => {
  await expect(set({ tenantId: await owned.tenant() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(
    set({ registryId: registryIdSchema.parse('00000000-0000-4000-8000-000000000000') }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
