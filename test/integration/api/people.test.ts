import { inputHash } from '../../../domain/audit/audit-entry';
import { decodeGlobalId, encodeGlobalId } from '../../../schema/global-id';
import { projectIdSchema } from '../../../schema/ids';
import { ROLE_SCOPES } from '../../../schema/roles';
import { SCOPES } from '../../../schema/scopes';
import { withClient } from '../../support/template-database';
import { FakeDomain } from './support/fake-domain';
import { sampleProjectInput } from './support/operations';
import { sampleRegistry, sampleWork } from './support/samples';
import { TEST_PASSWORD, TestApi, type TestMember, type TestTenant } from './support/test-api';

const domain = new FakeDomain();
let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await TestApi.start(domain);
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
});

const INVITE = `mutation ($input: InviteMemberInput!) {
  inviteMember(input: $input) { invitation member { id state email invitationExpiresAt } } }`;
const RENEW = `mutation ($input: MemberInput!) { renewInvitation(input: $input) { invitation } }`;
const ACCEPT = `mutation ($input: AcceptInvitationInput!) {
  acceptInvitation(input: $input) { token member { id state role } session { method expiresAt } } }`;
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) { token member { id } } }`;
const CHANGE_ROLE = `mutation ($input: ChangeMemberRoleInput!) { changeMemberRole(input: $input) { member { role } } }`;
const REMOVE = `mutation ($input: MemberInput!) { removeMember(input: $input) { member { state } } }`;
const CHANGE_PASSWORD = `mutation ($input: ChangePasswordInput!) {
  changePassword(input: $input) { sessions { sessionId } } }`;
const REVOKE = `mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) { sessions { sessionId } } }`;
const SIGN_OUT = 'mutation { signOut { sessions { sessionId } } }';
const ME = '{ me { scopes member { id email role } sessions { sessionId method } } }';
const MEMBERS =
  '{ members(first: 50, order: OLDEST_FIRST) { totalCount edges { node { id email role state } } } }';
const CREATE_KEY = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }`;

const codeOf = async (query: string, input: object | undefined, key?: string) =>
  (await api.send(query, { input }, key)).errors?.[0]?.extensions.code;
const signIn = (email: string, password = TEST_PASSWORD, tenantId: string = tenant.tenantId) =>
  api.send(SIGN_IN, { input: { tenantId, email, password } });
const invite = async (email: string, role = 'OPERATOR', key = tenant.apiKey): Promise<string> =>
  (await api.ask(INVITE, { input: { email, role, name: 'Ada' } }, key)).inviteMember.invitation;
const scopesOf = async ({ token }: TestMember) => (await api.send(ME, {}, token)).data?.me?.scopes;
const projectOf = async ({ apiKey }: TestTenant) => {
  const query = 'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }';
  const { createProject } = await api.ask(query, { input: sampleProjectInput }, apiKey);
  return projectIdSchema.parse(decodeGlobalId(createProject.project.id)?.id);
};
const admin = (sql: string) =>
  withClient(api.database.adminUrl, (client) => client.query(sql, [tenant.tenantId]));

describe('an invitation', () => {
  test('makes a member of whoever brings it, once, in the role that it was made for', async () => {
    const { inviteMember } = await api.ask(
      INVITE,
      { input: { email: ' Ada@Example.org', role: 'AUDITOR', name: 'Ada' } },
      tenant.apiKey,
    );
    expect(inviteMember.member).toMatchObject({ state: 'INVITED', email: 'ada@example.org' });
    expect((await signIn('ada@example.org')).errors?.[0]?.extensions.code).toBe('SIGN_IN_FAILED');

    const input = { invitation: inviteMember.invitation, password: TEST_PASSWORD };
    const answers = await Promise.all([api.send(ACCEPT, { input }), api.send(ACCEPT, { input })]);
    const [joined, ...more] = answers.filter(({ errors }) => errors === undefined);
    expect(more).toEqual([]);
    expect(joined?.data.acceptInvitation).toMatchObject({
      member: { id: inviteMember.member.id, state: 'ACTIVE', role: 'AUDITOR' },
      session: { method: 'PASSWORD' },
    });
    expect(await codeOf(ACCEPT, input)).toBe('INVITATION_OVER');
    const me = await api.ask(ME, {}, joined?.data.acceptInvitation.token);
    expect(me.me).toMatchObject({ scopes: ROLE_SCOPES.AUDITOR, member: { email: 'ada@example.org' } });
    expect((await signIn('ADA@example.org')).data.signIn.member.id).toBe(inviteMember.member.id);
  });

  test.each([
    ['has expired', 'update members set invitation_expires_at = now() where tenant_id = $1'],
    [
      'was taken back',
      'update members set removed_at = now(), invitation_hash = null, invitation_expires_at = null where tenant_id = $1',
    ],
  ])('is not taken when it %s', async (_, sql) => {
    const invitation = await invite('ada@example.org');
    await admin(sql);
    expect(await codeOf(ACCEPT, { invitation, password: TEST_PASSWORD })).toBe('INVITATION_OVER');
  });

  test('that was renewed replaces the one before, and whoever has joined sets a password with it and loses old sessions', async () => {
    const ada = await api.member(tenant, 'OPERATOR', 'ada@example.org');
    const input = { memberId: ada.memberId };
    const first = (await api.ask(RENEW, { input }, tenant.apiKey)).renewInvitation.invitation;
    const second = (await api.ask(RENEW, { input }, tenant.apiKey)).renewInvitation.invitation;
    const password = 'a password that was thought of later';
    expect(await codeOf(ACCEPT, { invitation: first, password })).toBe('INVITATION_OVER');
    expect(await scopesOf(ada)).toBeDefined();
    expect(await codeOf(ACCEPT, { invitation: second, password })).toBeUndefined();
    expect(await scopesOf(ada)).toBeUndefined();
    expect((await signIn('ada@example.org')).errors?.[0]?.extensions.code).toBe('SIGN_IN_FAILED');
    expect((await signIn('ada@example.org', password)).errors).toBeUndefined();
  });

  test('of an address that is a member already is refused, and after removal it is not', async () => {
    const ada = await api.member(tenant, 'OPERATOR', 'ada@example.org');
    const input = { email: 'ADA@example.org', role: 'ARTIST', name: 'Ada' };
    expect(await codeOf(INVITE, input, tenant.apiKey)).toBe('MEMBER_EXISTS');
    await api.ask(REMOVE, { input: { memberId: ada.memberId } }, tenant.apiKey);
    expect(await codeOf(INVITE, input, tenant.apiKey)).toBeUndefined();
    const { members } = await api.ask(MEMBERS, {}, tenant.apiKey);
    expect(members.edges.map(({ node }: { node: { state: string } }) => node.state)).toEqual([
      'REMOVED',
      'INVITED',
    ]);
  });
});

describe('roles', () => {
  test.each(Object.entries(ROLE_SCOPES))('%s may do exactly what its scopes say', async (role, scopes) => {
    expect(await scopesOf(await api.member(tenant, role as keyof typeof ROLE_SCOPES))).toEqual(scopes);
  });

  test('nobody makes, changes, removes or lets himself in as somebody who may do more', async () => {
    const [owner, adminMember] = [await api.member(tenant, 'OWNER'), await api.member(tenant, 'ADMIN')];
    const { token } = adminMember;
    const attempts = [
      codeOf(INVITE, { email: 'eve@example.org', role: 'OWNER', name: 'Eve' }, token),
      codeOf(CHANGE_ROLE, { memberId: adminMember.memberId, role: 'OWNER' }, token),
      codeOf(CHANGE_ROLE, { memberId: owner.memberId, role: 'ADMIN' }, token),
      codeOf(REMOVE, { memberId: owner.memberId }, token),
      codeOf(RENEW, { memberId: owner.memberId }, token),
      codeOf(CREATE_KEY, { label: 'mighty', scopes: [...SCOPES] }, token),
    ];
    expect(await Promise.all(attempts)).toEqual(Array(6).fill('SCOPE_NOT_HELD'));
    expect(
      await codeOf(INVITE, { email: 'bo@example.org', role: 'ADMIN', name: 'Bo' }, token),
    ).toBeUndefined();
    const limited = await api.keyWith(tenant.tenantId, ['read', 'member:write']);
    expect(await codeOf(RENEW, { memberId: adminMember.memberId }, limited)).toBe('SCOPE_NOT_HELD');
    expect((await api.ask(MEMBERS, {}, tenant.apiKey)).members.totalCount).toBe(3);
  });

  test('a change counts from the next request on, also in open sessions', async () => {
    const ada = await api.member(tenant, 'ADMIN');
    await api.ask(CHANGE_ROLE, { input: { memberId: ada.memberId, role: 'ARTIST' } }, tenant.apiKey);
    expect(await scopesOf(ada)).toEqual(ROLE_SCOPES.ARTIST);
  });

  test('the last owner who has joined neither goes nor becomes less, whoever asks at the same time', async () => {
    const owners = [await api.member(tenant, 'OWNER'), await api.member(tenant, 'OWNER')];
    await invite('invited@example.org', 'OWNER');
    const codes = await Promise.all([
      codeOf(REMOVE, { memberId: owners[0]?.memberId }, tenant.apiKey),
      codeOf(CHANGE_ROLE, { memberId: owners[1]?.memberId, role: 'ADMIN' }, tenant.apiKey),
    ]);
    expect(codes.filter((code) => code === 'LAST_OWNER')).toHaveLength(1);
    const { rows } = await admin(
      "select 1 from members where tenant_id = $1 and role = 'OWNER' and joined_at is not null and removed_at is null",
    );
    expect(rows).toHaveLength(1);
  });

  test('addresses of people are for those with member:read, as a list and as a node', async () => {
    const { memberId } = await api.member(tenant, 'OPERATOR');
    const reader = await api.keyWith(tenant.tenantId, ['read']);
    const node = 'query ($id: ID!) { node(id: $id) { ... on Member { email } } }';
    expect(await codeOf(MEMBERS, undefined, reader)).toBe('FORBIDDEN');
    expect((await api.send(node, { id: memberId }, reader)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await api.ask(node, { id: memberId }, tenant.apiKey)).node.email).toContain('@');
  });
});

describe('a session', () => {
  test('is shown once, kept as a hash, and its password is kept as argon2id', async () => {
    const ada = await api.member(tenant, 'OWNER');
    const { rows } = await admin(
      `select (select string_agg(s::text, '') from sessions s where s.tenant_id = $1) as sessions,
              (select string_agg(m::text, '') from members m where m.tenant_id = $1) as members,
              (select password_hash from members m where m.tenant_id = $1) as hash`,
    );
    expect(rows[0].sessions + rows[0].members).not.toContain(ada.token);
    expect(rows[0].sessions + rows[0].members).not.toContain(TEST_PASSWORD);
    expect(rows[0].hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify(api.logs)).not.toContain(ada.token);
    expect(JSON.stringify(api.logs)).not.toContain(TEST_PASSWORD);
  });

  test.each([
    ['signed out', (ada: TestMember) => api.ask(SIGN_OUT, {}, ada.token)],
    [
      'was revoked by another session of the person',
      async (ada: TestMember) => {
        const { token } = (await signIn('ada@example.org')).data.signIn;
        await api.ask(REVOKE, { input: { sessionId: ada.sessionId } }, token);
      },
    ],
    [
      'was revoked by who manages members',
      async (ada: TestMember) => {
        const { token } = await api.member(tenant, 'ADMIN');
        await api.ask(REVOKE, { input: { sessionId: ada.sessionId } }, token);
      },
    ],
    ['has expired', () => admin('update sessions set expires_at = now() where tenant_id = $1')],
    [
      'was not used for two hours',
      () => admin("update sessions set last_used_at = now() - interval '121 minutes' where tenant_id = $1"),
    ],
    [
      'is a removed member’s',
      (ada: TestMember) => api.ask(REMOVE, { input: { memberId: ada.memberId } }, tenant.apiKey),
    ],
  ])('is not taken when it %s', async (_, end) => {
    const ada = await api.member(tenant, 'OPERATOR', 'ada@example.org');
    expect(await scopesOf(ada)).toBeDefined();
    await end(ada);
    expect(await codeOf(ME, undefined, ada.token)).toBe('UNAUTHENTICATED');
  });

  test('of another person is not revoked by who does not manage members', async () => {
    const [ada, bo] = [await api.member(tenant, 'OPERATOR'), await api.member(tenant, 'OPERATOR')];
    expect(await codeOf(REVOKE, { sessionId: ada.sessionId }, bo.token)).toBe('NOT_FOUND');
    expect(await scopesOf(ada)).toBeDefined();
  });

  test('a member has twenty; the oldest ends for a new one', async () => {
    const ada = await api.member(tenant, 'OPERATOR', 'ada@example.org');
    await admin(
      `insert into sessions (tenant_id, member_id, token_hash, method, created_at, expires_at)
       select $1, m.id, sha256(n::text::bytea || m.id::text::bytea), 'OIDC', now() + n * interval '1 s', now() + interval '1 hour'
         from generate_series(1, 19) n, members m where m.tenant_id = $1`,
    );
    expect(await scopesOf(ada)).toBeDefined();
    const { token } = (await signIn('ada@example.org')).data.signIn;
    expect(await codeOf(ME, undefined, ada.token)).toBe('UNAUTHENTICATED');
    expect((await api.ask(ME, {}, token)).me.sessions).toHaveLength(20);
  });

  test.each(['revoked', 'erased'])('ends its subscriptions when it is %s', async (how) => {
    const project = await projectOf(tenant);
    const work = domain.works.put(
      tenant.tenantId,
      sampleWork(domain.registries.put(tenant.tenantId, sampleRegistry(project))),
    );
    const [ada, bo] = [await api.member(tenant, 'OPERATOR'), await api.member(tenant, 'ADMIN')];
    const watch = 'subscription ($id: ID!) { workUpdated(workId: $id) { id } }';
    const subscription = api.subscribe(watch, { id: encodeGlobalId('Work', work.id) }, ada.token);
    expect((await subscription.next())?.errors).toBeUndefined();
    if (how === 'erased') await admin('delete from sessions where tenant_id = $1');
    else await api.ask(REVOKE, { input: { sessionId: ada.sessionId } }, bo.token);
    await expect(subscription.next()).rejects.toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    await subscription.close();
  });
});

describe('a password', () => {
  test.each([
    ['is another', { password: 'not the password at all' }],
    ['is for an address that is no member’s', { email: 'eve@example.org' }],
  ])('is refused in the same words when it %s', async (_, over) => {
    await api.member(tenant, 'OPERATOR', 'ada@example.org');
    const input = { tenantId: tenant.tenantId, email: 'ada@example.org', password: TEST_PASSWORD, ...over };
    const { errors } = await api.send(SIGN_IN, { input });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({
      message: 'These do not belong to a member of this tenant.',
      extensions: { code: 'SIGN_IN_FAILED' },
    });
  });

  test('opens nothing at another tenant', async () => {
    await api.member(tenant, 'OWNER', 'ada@example.org');
    const other = await api.tenant();
    await api.member(other, 'OPERATOR', 'ada@example.org');
    const { token } = (await signIn('ada@example.org', TEST_PASSWORD, other.tenantId)).data.signIn;
    expect((await api.ask(ME, {}, token)).me.member.role).toBe('OPERATOR');
  });

  test('is changed by who knows the current one, and ends the other sessions', async () => {
    const ada = await api.member(tenant, 'OPERATOR', 'ada@example.org');
    const { token } = (await signIn('ada@example.org')).data.signIn;
    const next = 'another tide comes in at eight';
    expect(await codeOf(CHANGE_PASSWORD, { currentPassword: 'wrong', newPassword: next }, token)).toBe(
      'SIGN_IN_FAILED',
    );
    expect(await codeOf(CHANGE_PASSWORD, { newPassword: next }, token)).toBe('SIGN_IN_FAILED');
    const { changePassword } = await api.ask(
      CHANGE_PASSWORD,
      { input: { currentPassword: TEST_PASSWORD, newPassword: next } },
      token,
    );
    expect(changePassword.sessions).toHaveLength(1);
    expect(await codeOf(ME, undefined, ada.token)).toBe('UNAUTHENTICATED');
    expect((await signIn('ada@example.org')).errors?.[0]?.extensions.code).toBe('SIGN_IN_FAILED');
    expect((await signIn('ada@example.org', next)).errors).toBeUndefined();
  });

  test('is not looked at after ten attempts, the right one included', async () => {
    await api.member(tenant, 'OPERATOR', 'ada@example.org');
    for (let attempt = 0; attempt < 10; attempt += 1)
      expect((await signIn('ada@example.org', 'guess')).errors?.[0]?.extensions.code).toBe('SIGN_IN_FAILED');
    expect((await signIn('ada@example.org')).errors?.[0]?.extensions).toMatchObject({
      code: 'SIGN_IN_BLOCKED',
      retryable: true,
    });
    await api.member(tenant, 'OPERATOR', 'bo@example.org');
    expect((await signIn('bo@example.org')).errors).toBeUndefined();
  });
});

test('no hash that others read is made of a password', async () => {
  const input = { tenantId: tenant.tenantId, email: 'ada@example.org' };
  await api.member(tenant, 'OWNER', input.email);
  await signIn(input.email);
  const { auditLog } = await api.ask(
    '{ auditLog(filter: { operation: "signIn" }) { edges { node { inputHash } } } }',
    {},
    tenant.apiKey,
  );
  expect(auditLog.edges).toEqual([{ node: { inputHash: inputHash({ input }) } }]);
  expect(inputHash({ input: { ...input, password: TEST_PASSWORD } })).toBe(inputHash({ input }));
  expect(inputHash({ input: { ...input, email: 'bo@example.org' } })).not.toBe(inputHash({ input }));
});

test('what people do is in the audit log in their names, signing in included', async () => {
  const ada = await api.member(tenant, 'ADMIN', 'ada@example.org');
  await signIn('ada@example.org');
  await api.ask(CREATE_KEY, { input: { label: 'hers', scopes: ['read'] } }, ada.token);
  const { auditLog } = await api.ask(
    'query ($actor: String!) { auditLog(filter: { actor: $actor }, order: OLDEST_FIRST) { edges { node { operation scopes } } } }',
    { actor: ada.memberId },
    tenant.apiKey,
  );
  const entries = auditLog.edges.map(({ node }: { node: object }) => node);
  expect(entries).toEqual(
    ['acceptInvitation', 'signIn', 'createApiKey'].map((operation) => ({
      operation,
      scopes: ROLE_SCOPES.ADMIN,
    })),
  );
});
