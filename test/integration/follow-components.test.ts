import { followComponents } from '../../migrations/sql';
import { evmChainId } from '../../schema/caip';
import { type OwnedRegistries, openOwnedRegistries } from '../support/owned-registries';

const HOME = evmChainId(11155111);
const GATEWAY = '0x52908400098527886E0F7030069857D2E4169EE7';
const VAULT = '0x8617E340B3D01FA5F11F306F4090FD50E238070D';
const BOOK = '0xde709f2102306220921060314715629080e2fb77';

let owned: OwnedRegistries;
beforeAll(async () => {
  owned = await openOwnedRegistries(GATEWAY);
});
afterAll(() => owned.close());

test('components of registries from before are followed from where their Gateway is, once, and the wall stands again', async () => {
  const { admin } = owned;
  const tenantId = await owned.tenant();
  const of = { owner: GATEWAY, chainIds: [HOME] } as const;
  const full = await owned.registry(tenantId, {
    ...of,
    contracts: { gateway: GATEWAY, royaltyVault: VAULT, licenceBook: BOOK },
  });
  await owned.registry(tenantId, { ...of, contracts: { gateway: VAULT } });
  for (const [address, fromBlock] of [
    [GATEWAY, 7],
    [VAULT, 9],
  ] as const)
    await admin.query(
      `insert into watched_addresses (tenant_id, chain_id, address, registry_id, from_block)
       select tenant_id, home_chain_id, decode(substr($2, 3), 'hex'), id, $3 from registries
        where tenant_id = $1 and contracts->0->>'gateway' = $2`,
      [tenantId, address, fromBlock],
    );
  for (let time = 0; time < 2; time += 1) await admin.query(followComponents('royaltyVault', 'licenceBook'));

  const { rows } = await admin.query(
    `select '0x' || encode(address, 'hex') as address, from_block::int from watched_addresses
      where tenant_id = $1 and registry_id = $2 order by 1`,
    [tenantId, full],
  );
  const followed = [GATEWAY, VAULT, BOOK].map((address) => ({
    address: address.toLowerCase(),
    from_block: 7,
  }));
  expect(rows).toEqual(followed.sort((one, other) => (one.address < other.address ? -1 : 1)));
  const walls = await admin.query(
    "select relname from pg_class where relname in ('registries', 'watched_addresses') and relforcerowsecurity order by 1",
  );
  expect(walls.rows.map(({ relname }) => relname)).toEqual(['registries', 'watched_addresses']);
});
