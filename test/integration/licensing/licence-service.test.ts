import { randomUUID } from 'node:crypto';
import { type Hex, zeroAddress } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { LicenceService } from '../../../domain/licensing/licence-service';
import { STANDARD_TEMPLATES } from '../../../domain/licensing/standard-templates';
import { LicenceTemplateRepository } from '../../../domain/licensing/template-repository';
import { LicenceTemplateService } from '../../../domain/licensing/template-service';
import type { OwnerConsentService } from '../../../domain/ownership/owner-consent-service';
import { evmAccountId } from '../../../schema/caip';
import { encodeGlobalId } from '../../../schema/global-id';
import type { RegistryId, TenantId } from '../../../schema/ids';
import { type OfferLicence, offerLicenceSchema } from '../../../schema/inputs/licence';
import { type OwnedRegistries, openOwnedRegistries } from '../../support/owned-registries';
import { ADA, BOB } from '../../support/travel-events';
import { BASE, HOME, MOONBEAM } from '../../support/travel-steps';

const BOOK: Hex = '0x52908400098527886E0F7030069857D2E4169EE7';
const GRANT: Hex = `0x${'9'.repeat(64)}`;
const template = STANDARD_TEMPLATES[2]?.hash ?? '0x';
const why = { reason: 'the spring drop' };
const safe = privateKeyToAccount(generatePrivateKey());

let owned: OwnedRegistries;
let admin: OwnedRegistries['admin'];
let licensing: LicenceService;
let texts: LicenceTemplateService;
let consents: OwnerConsentService;
let tenantId: TenantId;
let registryId: RegistryId;

beforeAll(async () => {
  owned = await openOwnedRegistries(ADA);
  const { tenants, stores, guard, chains } = owned;
  ({ admin, consents } = owned);
  texts = new LicenceTemplateService(tenants, new LicenceTemplateRepository());
  licensing = new LicenceService(tenants, stores, texts, guard, consents, chains);
});
afterAll(() => owned.close());
beforeEach(async () => {
  tenantId = await owned.tenant();
  await insertRegistry();
});

/** Makes another registry of the tenant, which the test goes on with. */
async function insertRegistry(): Promise<void> {
  const contracts = { collection: BOOK, licenceBook: BOOK };
  registryId = await owned.registry(tenantId, { owner: ADA, chainIds: [HOME, BASE], contracts });
}

const order = (over: object = {}): OfferLicence =>
  offerLicenceSchema.parse({
    registryId: encodeGlobalId('Registry', registryId),
    chainId: BASE,
    templateHash: template,
    price: '5',
    ...why,
    ...over,
  });
const ask = (over: object = {}) => licensing.offer(tenantId, order(over));

async function putOffer(over: Record<string, unknown> = {}): Promise<void> {
  const row = { currency: null, closes_at: null, withdrawn: false, ...over };
  await admin.query(
    `insert into licence_offers (tenant_id, registry_id, chain_id, offer_id, template_hash, price, transferable, revocable,
                                 token_ids, withdrawn, provisional, currency, closes_at)
     values ($1, $2, $3, 0, '0x', 5, false, true, '{}', $4, false, $5, $6)`,
    [tenantId, registryId, BASE, row.withdrawn, row.currency, row.closes_at],
  );
}

async function putLicence(over: Record<string, unknown> = {}): Promise<void> {
  const row = { revocable: true, revoked: false, expires_at: null, ...over };
  await admin.query(
    `insert into licences (tenant_id, registry_id, grant_id, chain_id, offer_id, template_hash, holder, token_ids, revision,
                           granted_at, transferable, revocable, revoked, provisional, copies, expires_at)
     values ($1, $2, $3, $4, 0, '0x', $5, '{}', 1, now(), false, $6, $7, false, '[]', $8)`,
    [tenantId, registryId, GRANT, BASE, evmAccountId(BASE, BOB), row.revocable, row.revoked, row.expires_at],
  );
}

const onOffer = () => ({ registryId, chainId: BASE, offerId: '0', ...why });
const buyer = evmAccountId(BASE, BOB);
const revoke = () => licensing.revoke(tenantId, { registryId, grantId: GRANT, ...why });
const grant = () => licensing.grant(tenantId, { ...onOffer(), holder: buyer });
const buy = () => licensing.prepareBuy(tenantId, { registryId, chainId: BASE, offerId: '0', buyer });
const long = new Date('2020-01-01T00:00:00Z');

test('asking twice for the same terms is asking once', async () => {
  const [one, other] = [await ask(), await ask()];
  expect(other.id).toBe(one.id);
  expect(one).toMatchObject({
    kind: 'OFFER_LICENCE',
    chainId: BASE,
    licence: { price: '5', termSeconds: 0 },
  });
  expect((await ask({ price: '6' })).id).not.toBe(one.id);
});

test.each([
  ['a chain that the registry is not on', { chainId: MOONBEAM }, 'BAD_USER_INPUT'],
  ['a text that nobody knows', { templateHash: GRANT }, 'NOT_FOUND'],
  ['a token of another chain', { currency: `${HOME}/erc20:${BOOK}` }, 'BAD_USER_INPUT'],
  ['money that is no token', { currency: `${BASE}/slip44:60` }, 'BAD_USER_INPUT'],
  ['an end in the past', { closesAt: long }, 'BAD_USER_INPUT'],
  ['a work that is not there', { workIds: [encodeGlobalId('Work', randomUUID())] }, 'NOT_FOUND'],
])('an offer with %s is refused', async (_what, over, code) => {
  await expect(ask(over)).rejects.toMatchObject({ code });
});

test('works are licensed by their tokens: minted ones of the very registry', async () => {
  const putWork = async (of: RegistryId, tokenId: number | null) => {
    const { rows } = await admin.query(
      `insert into works (tenant_id, project_id, registry_id, state, provisional, first_holder, document, document_hash, metadata,
                          token_id, chain_id, holder)
       select tenant_id, project_id, id, 'LIVE', false, $3, '{}', $4, '{}', $5, home_chain_id, $3
         from registries where tenant_id = $1 and id = $2 returning id`,
      [tenantId, of, buyer, randomUUID(), tokenId],
    );
    return encodeGlobalId('Work', rows[0].id);
  };
  expect(await ask({ workIds: [await putWork(registryId, 7)] })).toMatchObject({
    licence: { tokenIds: ['7'] },
  });
  const unminted = await putWork(registryId, null);
  await expect(ask({ workIds: [unminted] })).rejects.toMatchObject({ code: 'WORK_NOT_MINTED' });
  const mine = registryId;
  await insertRegistry();
  const elsewhere = await putWork(registryId, 8);
  registryId = mine;
  await expect(ask({ workIds: [elsewhere] })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('there are no offers before the registry stands, where it adopts, or where it has no book', async () => {
  const set = (sql: string) => admin.query(`update registries set ${sql} where tenant_id = $1`, [tenantId]);
  await set(`manifest = jsonb_set(manifest, '{adopted}', '"${BOOK}"'), home_chain_id = '${BASE}'`);
  await expect(ask()).rejects.toMatchObject({ code: 'REGISTRY_KIND' });
  await set(`manifest = jsonb_set(manifest, '{adopted}', '"${zeroAddress}"'), state = 'DEPLOYING'`);
  await expect(ask()).rejects.toMatchObject({ code: 'REGISTRY_NOT_READY' });
  await set(`state = 'ACTIVE', contracts = '[{"chainId": "${BASE}", "collection": "${BOOK}"}]'`);
  await expect(ask()).rejects.toMatchObject({ code: 'REGISTRY_KIND' });
});

test('a text of the tenant’s own can be offered, by that tenant alone', async () => {
  const terms = { ...(STANDARD_TEMPLATES[0]?.terms ?? never()), commercial: false };
  const { hash } = await texts.add(tenantId, {
    name: 'own',
    uri: 'https://g.example',
    text: 'Show it.',
    terms,
  });
  expect(await ask({ templateHash: hash })).toMatchObject({ licence: { uri: 'https://g.example' } });
  const { rows } = await admin.query("insert into tenants (name) values ('u') returning tenant_id");
  expect((await texts.all(rows[0].tenant_id)).map((one) => one.hash)).not.toContain(hash);
});

test('what cannot be taken any more is neither prepared for a buyer nor given', async () => {
  await expect(buy()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  for (const over of [{ withdrawn: true }, { closes_at: long }]) {
    await putOffer(over);
    await expect(buy()).rejects.toMatchObject({ code: 'LICENCE_OFFER_CLOSED' });
    await expect(grant()).rejects.toMatchObject({ code: 'LICENCE_OFFER_CLOSED' });
    await admin.query('delete from licence_offers where tenant_id = $1', [tenantId]);
  }
});

test('a price in native money is sent along; one in a token is approved first, and not given by the platform', async () => {
  await putOffer();
  expect(await buy()).toMatchObject([{ chainId: BASE, from: buyer, to: BOOK, valueWei: '5' }]);
  await admin.query('update licence_offers set currency = $2 where tenant_id = $1', [
    tenantId,
    `${BASE}/erc20:${BOB}`,
  ]);
  expect(await buy()).toMatchObject([
    { to: BOB, valueWei: '0' },
    { to: BOOK, valueWei: '0' },
  ]);
  await expect(grant()).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
});

test.each([
  ['its terms do not allow it', { revocable: false }, 'LICENCE_NOT_REVOCABLE'],
  ['it was revoked', { revoked: true }, 'LICENCE_OVER'],
  ['it has expired', { expires_at: long }, 'LICENCE_OVER'],
])('a licence is not revoked when %s', async (_when, over, code) => {
  await putLicence(over);
  await expect(revoke()).rejects.toMatchObject({ code });
});

test('where somebody else owns the registry, terms change with the owner’s consent alone', async () => {
  await putOffer();
  await putLicence();
  await admin.query('update registries set owner = $2 where tenant_id = $1', [
    tenantId,
    evmAccountId(HOME, safe.address),
  ]);
  const missing = { code: 'OWNER_CONSENT_MISSING' };
  await expect(ask()).rejects.toMatchObject(missing);
  await expect(licensing.withdrawOffer(tenantId, onOffer())).rejects.toMatchObject(missing);
  await expect(revoke()).rejects.toMatchObject(missing);

  const { consent: _none, ...change } = order();
  const prepared = await consents.prepare(tenantId, {
    operation: 'offerLicence',
    change,
    validForSeconds: 60,
  });
  const signature = await safe.signTypedData(JSON.parse(prepared.typedData));
  const consent = { nonce: prepared.nonce as Hex, deadline: BigInt(prepared.deadline), signature };
  const dearer = licensing.offer(tenantId, { ...order({ price: '6' }), consent });
  await expect(dearer).rejects.toMatchObject({ code: 'OWNER_CONSENT_INVALID' });
  expect(await licensing.offer(tenantId, { ...order(), consent })).toMatchObject({
    consentNonce: consent.nonce,
  });
});

function never(): never {
  throw new Error('there are standard templates');
}
