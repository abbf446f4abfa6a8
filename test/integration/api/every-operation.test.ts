import { GraphQLID, type GraphQLInputType, getNamedType, isInputObjectType } from 'graphql';
import { buildGraphqlSchema } from '../../../api/graphql-schema';
import { decodeGlobalId, encodeGlobalId, NODE_TYPES } from '../../../schema/global-id';
import { MemberRole } from '../../../schema/roles';
import { SCOPES } from '../../../schema/scopes';
import { FakeDomain } from './support/fake-domain';
import {
  Foreign,
  type Ids,
  MUTATIONS,
  NO_ROWS,
  type Operation,
  QUERIES,
  SUBSCRIPTIONS,
} from './support/operations';
import {
  sampleDispatch,
  sampleGuardAction,
  sampleRegistry,
  sampleSale,
  sampleSettlement,
  sampleWork,
} from './support/samples';
import { type Answer, TestApi, type TestTenant } from './support/test-api';

const domain = new FakeDomain();
let api: TestApi;
let owner: TestTenant;
let stranger: TestTenant;
let ids: Ids;

beforeAll(async () => {
  api = await TestApi.start(domain);
  [owner, stranger] = await Promise.all([api.tenant(), api.tenant()]);
  ids = await ownRows(owner);
});
afterAll(() => api.stop());

async function ownRows(tenant: TestTenant): Promise<Ids> {
  const { tenantId, apiKey } = tenant;
  const { createProject } = await api.ask(
    'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }',
    MUTATIONS['createProject']?.variables(NO_ROWS) ?? {},
    apiKey,
  );
  const project: string = createProject.project.id;
  await api.pendingWalletChanges(tenantId);
  // CAST: the id was just made as a project's.
  const projectId = decodeGlobalId(project)?.id as Parameters<typeof sampleRegistry>[0];
  const registry = domain.registries.put(tenantId, sampleRegistry(projectId));
  const work = domain.works.put(tenantId, sampleWork(registry));
  const dispatch = domain.dispatches.put(tenantId, sampleDispatch(work));
  const guardAction = domain.guardActions.put(tenantId, sampleGuardAction(registry));
  const settlement = domain.settlements.put(tenantId, sampleSettlement(registry));
  return {
    ...(await ownSettings(apiKey)),
    ...(await ownPeople(tenant)),
    export: await api.readyExport(tenant),
    leavingTenant: await api.leavingTenant(),
    project,
    registry: encodeGlobalId('Registry', registry.id),
    work: encodeGlobalId('Work', work.id),
    dispatch: encodeGlobalId('Dispatch', dispatch.id),
    guardAction: encodeGlobalId('GuardAction', guardAction.id),
    sale: encodeGlobalId('Sale', domain.sales.put(tenantId, sampleSale(work)).id),
    payment: NO_ROWS.payment,
    settlement: encodeGlobalId('Settlement', settlement.id),
  };
}

async function ownPeople(tenant: TestTenant): Promise<Pick<Ids, 'member' | 'session' | 'tenant'>> {
  const { memberId, sessionId } = await api.member(tenant, MemberRole.AUDITOR);
  return { member: memberId, session: sessionId, tenant: tenant.tenantId };
}

async function ownSettings(
  apiKey: string,
): Promise<Pick<Ids, 'webhookEndpoint' | 'webhookDelivery' | 'apiKey' | 'signingKey'>> {
  const make = async (name: string, rows: Ids) => {
    const { query, variables } = MUTATIONS[name] as Operation;
    return (await api.ask(query, variables(rows), apiKey))[name];
  };
  const webhookEndpoint: string = (await make('createWebhookEndpoint', NO_ROWS)).endpoint.id;
  const { delivery } = await make('sendTestWebhook', { ...NO_ROWS, webhookEndpoint });
  const { apiKey: made } = await make('createApiKey', NO_ROWS);
  const { signingKey } = await make('importSigningKey', NO_ROWS);
  return { webhookEndpoint, webhookDelivery: delivery.id, apiKey: made.id, signingKey: signingKey.id };
}

async function run({ query }: Operation, variables: Record<string, unknown>, key: string): Promise<Answer> {
  if (!query.startsWith('subscription')) return api.send(query, variables, key);
  const subscription = api.subscribe(query, variables, key);
  try {
    return (await subscription.next()) ?? {};
  } finally {
    await subscription.close();
  }
}

/** The codes of the errors, each once: an operation may ask for several fields. */
const codes = ({ errors }: Answer) => errors && [...new Set(errors.map(({ extensions }) => extensions.code))];
const keyOf = async (tenant: TestTenant, { scope }: Operation): Promise<string> => {
  if (scope === 'nobody') return '';
  if (scope === 'operator') return api.operatorKey;
  return scope === 'person' ? (await api.member(tenant, MemberRole.OWNER)).token : tenant.apiKey;
};
const refusalOf = ({ refused }: Operation) => refused && [refused];

const all = Object.entries({ ...QUERIES, ...MUTATIONS, ...SUBSCRIPTIONS });

describe('the list of operations', () => {
  test('is the schema’s: one that is added there is tested here', async () => {
    const schema = await buildGraphqlSchema([]);
    const fieldsOf = (type: ReturnType<typeof schema.getQueryType>) =>
      Object.keys(type?.getFields() ?? {}).sort();
    expect(fieldsOf(schema.getQueryType())).toEqual(Object.keys(QUERIES).sort());
    expect(fieldsOf(schema.getMutationType())).toEqual(Object.keys(MUTATIONS).sort());
    expect(fieldsOf(schema.getSubscriptionType())).toEqual(Object.keys(SUBSCRIPTIONS).sort());
    expect(NODE_TYPES).toHaveLength(Object.keys(QUERIES['node']?.variables(ids) ?? {}).length);
  });

  test('says of none that it takes no ids when it does', async () => {
    const schema = await buildGraphqlSchema([]);
    const takesId = (type: GraphQLInputType): boolean => {
      const named = getNamedType(type);
      if (named === GraphQLID) return true;
      return (
        isInputObjectType(named) && Object.values(named.getFields()).some((field) => takesId(field.type))
      );
    };
    const fields = { ...schema.getQueryType()?.getFields(), ...schema.getMutationType()?.getFields() };
    const withIds = Object.values(fields).filter(({ args }) => args.some(({ type }) => takesId(type)));
    const claimed = all.filter(([, { foreign }]) => foreign === Foreign.NO_IDS).map(([name]) => name);
    expect(withIds.map(({ name }) => name).filter((name) => claimed.includes(name))).toEqual([]);
  });
});

describe.each(all)('%s', (_name, operation) => {
  test('answers its own tenant', async () => {
    const answer = await run(operation, operation.variables(ids), await keyOf(owner, operation));
    expect(codes(answer)).toEqual(refusalOf(operation));
    if (operation.refused === undefined) expect(answer.data).not.toBeNull();
    const undo = MUTATIONS[operation.undoneBy ?? ''];
    if (undo !== undefined) await run(undo, undo.variables(ids), await keyOf(owner, undo));
  });

  test("neither shows nor changes another tenant's rows", async () => {
    const calls = domain.calls.length;
    const isOperators = operation.foreign === Foreign.FORBIDDEN;
    const key = isOperators ? stranger.apiKey : await keyOf(stranger, operation);
    const answer = await run(operation, operation.variables(ids), key);
    const shown = JSON.stringify(answer);
    for (const id of Object.values(ids)) expect(shown).not.toContain(id);
    if (operation.foreign !== Foreign.NO_IDS) expect(domain.calls).toHaveLength(calls);
    const isRefused = isOperators || operation.foreign === Foreign.NOT_FOUND;
    expect(codes(answer)).toEqual(isRefused ? [operation.foreign] : refusalOf(operation));
    if (operation.foreign === Foreign.NULL)
      expect(new Set(Object.values(answer.data))).toEqual(new Set([null]));
  });
});

test('what asks for no key is what lets people in, and wants a secret of theirs', () => {
  const open = all.filter(([, { scope }]) => scope === 'nobody').map(([name]) => name);
  expect(open.sort()).toEqual([
    'acceptInvitation',
    'beginOidcSignIn',
    'challengeWallet',
    'completeOidcSignIn',
    'signIn',
    'signInWithWallet',
  ]);
});

/** Keys that lack one scope: one each, as a tenant has room for fewer than there are operations. */
const keysWithout = new Map<Operation['scope'], Promise<string>>();
function keyWithout(lacking: Operation['scope']): Promise<string> {
  const others = SCOPES.filter((scope) => scope !== lacking);
  const key = keysWithout.get(lacking) ?? api.keyWith(owner.tenantId, others);
  keysWithout.set(lacking, key);
  return key;
}

describe.each(all.filter(([, { scope }]) => scope !== 'nobody'))('%s', (_name, operation) => {
  test('needs a key', async () => {
    const calls = domain.calls.length;
    expect(codes(await run(operation, operation.variables(ids), ''))).toEqual(['UNAUTHENTICATED']);
    expect(domain.calls).toHaveLength(calls);
  });

  test('needs its scope, and no other does', async () => {
    const calls = domain.calls.length;
    const key = await keyWithout(operation.scope);
    expect(codes(await run(operation, operation.variables(ids), key))).toEqual([
      operation.scope === 'person' ? 'PERSON_REQUIRED' : 'FORBIDDEN',
    ]);
    expect(domain.calls).toHaveLength(calls);
  });
});

const refused = Object.entries(MUTATIONS).flatMap(([name, operation]) =>
  (operation.invalid ?? []).map(([field, over], index) => ({ name, operation, field, over, index })),
);

test('every mutation that takes an input has some that it must refuse', () => {
  const taking = Object.entries(MUTATIONS).filter(([, { query }]) => query.includes('$input'));
  expect([...new Set(refused.map(({ name }) => name))]).toEqual(taking.map(([name]) => name));
});

test.each(refused)(
  '$name refuses a wrong $field (case $index) and does nothing',
  async ({ operation, field, over }) => {
    const calls = domain.calls.length;
    const { input } = operation.variables(ids);
    const answer = await run(
      operation,
      { input: { ...(input as object), ...over } },
      await keyOf(owner, operation),
    );
    const [error] = answer.errors ?? [];
    expect(answer.errors).toHaveLength(1);
    expect(['BAD_USER_INPUT', 'METADATA_TOO_LARGE']).toContain(error?.extensions.code);
    expect(error?.extensions.field ?? error?.message).toContain(field);
    expect(domain.calls).toHaveLength(calls);
  },
);
