import { randomUUID } from 'node:crypto';
import { HOLDER } from '../samples';
import { mutation, none, type Operation } from './operation';

/** Of no account, and of no message that anybody asked for. */
const SIGNED = { message: 'hello', signature: '0x00' };

/** Members, and how they sign in. */
export const peopleMutations = {
  inviteMember: {
    query: mutation('inviteMember', 'InviteMemberInput', 'member { id email role state } invitation'),
    scope: 'member:write',
    foreign: 'NO_IDS',
    variables: () => ({ input: { email: `${randomUUID()}@example.org`, name: 'Ada', role: 'OPERATOR' } }),
    invalid: [
      ['email', { email: 'ada' }],
      ['name', { name: ' ' }],
      ['$input', { role: 'EMPEROR' }],
    ],
  },
  renewInvitation: {
    query: mutation('renewInvitation', 'MemberInput', 'member { id } invitation'),
    scope: 'member:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { memberId: ids.member } }),
    invalid: [['memberId', { memberId: 'x' }]],
  },
  changeMemberRole: {
    query: mutation('changeMemberRole', 'ChangeMemberRoleInput', 'member { id role }'),
    scope: 'member:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { memberId: ids.member, role: 'ARTIST' } }),
    invalid: [
      ['memberId', { memberId: 'x' }],
      ['$input', { role: 'EMPEROR' }],
    ],
  },
  removeMember: {
    query: mutation('removeMember', 'MemberInput', 'member { id state }'),
    scope: 'member:write',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { memberId: ids.member } }),
    invalid: [['memberId', { memberId: 'x' }]],
  },
  setIdentityProvider: {
    query: mutation('setIdentityProvider', 'SetIdentityProviderInput', 'identityProvider { issuer }'),
    scope: 'owner:write',
    foreign: 'NO_IDS',
    variables: () => ({ input: { issuer: 'http://127.0.0.1:1', clientId: 'us', clientSecret: 'secret' } }),
    refused: 'IDENTITY_PROVIDER_FAILED',
    invalid: [
      ['issuer', { issuer: 'login' }],
      ['issuer', { issuer: 'https://10.0.0.1' }],
      ['clientId', { clientId: '' }],
      ['clientSecret', { clientSecret: '' }],
    ],
  },
  removeIdentityProvider: {
    query: 'mutation { removeIdentityProvider { identityProvider { issuer } } }',
    scope: 'owner:write',
    foreign: 'NO_IDS',
    variables: none,
  },
  acceptInvitation: {
    query: mutation('acceptInvitation', 'AcceptInvitationInput', 'token member { id }'),
    scope: 'nobody',
    foreign: 'SECRET',
    variables: (ids) => ({
      input: {
        invitation: `colophon_invitation_${ids.tenant}_${'x'.repeat(43)}`,
        password: 'the tide comes in at six',
      },
    }),
    refused: 'INVITATION_OVER',
    invalid: [
      ['password', { password: 'short' }],
      ['password', { password: 'aaaaaaaaaaaaaaaaaaaaaaaa' }],
      ['password', { password: null }],
      ['password', { wallet: SIGNED }],
      ['wallet.signature', { wallet: { ...SIGNED, signature: 'ink' } }],
    ],
  },
  signIn: {
    query: mutation('signIn', 'SignInInput', 'token member { id }'),
    scope: 'nobody',
    foreign: 'SECRET',
    variables: (ids) => ({ input: { tenantId: ids.tenant, email: 'ada@example.org', password: 'wrong' } }),
    refused: 'SIGN_IN_FAILED',
    invalid: [
      ['tenantId', { tenantId: 'x' }],
      ['email', { email: 'ada' }],
      ['password', { password: 'x'.repeat(201) }],
    ],
  },
  challengeWallet: {
    query: mutation('challengeWallet', 'ChallengeWalletInput', 'message nonce expiresAt'),
    scope: 'nobody',
    foreign: 'SECRET',
    variables: (ids) => ({ input: { tenantId: ids.tenant, account: HOLDER } }),
    invalid: [
      ['tenantId', { tenantId: 'x' }],
      [
        'account',
        { account: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:7S3P4HxJpyyigGzodYwHtCxZyUQe9JiBMHyRWXArAaKv' },
      ],
    ],
  },
  signInWithWallet: {
    query: mutation('signInWithWallet', 'SignInWithWalletInput', 'token member { id }'),
    scope: 'nobody',
    foreign: 'SECRET',
    variables: (ids) => ({ input: { tenantId: ids.tenant, ...SIGNED } }),
    refused: 'SIGN_IN_FAILED',
    invalid: [
      ['tenantId', { tenantId: 'x' }],
      ['signature', { signature: 'ink' }],
      ['message', { message: 'x'.repeat(4_001) }],
    ],
  },
  beginOidcSignIn: {
    query: mutation('beginOidcSignIn', 'BeginOidcSignInInput', 'url state'),
    scope: 'nobody',
    foreign: 'SECRET',
    variables: (ids) => ({ input: { tenantId: ids.tenant } }),
    refused: 'IDENTITY_PROVIDER_MISSING',
    invalid: [['tenantId', { tenantId: 'x' }]],
  },
  completeOidcSignIn: {
    query: mutation('completeOidcSignIn', 'CompleteOidcSignInInput', 'token member { id }'),
    scope: 'nobody',
    foreign: 'SECRET',
    variables: (ids) => ({
      input: {
        tenantId: ids.tenant,
        state: '0',
        callbackUrl: 'https://console.example/sign-in/callback?code=1',
      },
    }),
    refused: 'SIGN_IN_EXPIRED',
    invalid: [
      ['tenantId', { tenantId: 'x' }],
      ['callbackUrl', { callbackUrl: '?code=1' }],
    ],
  },
  changePassword: {
    query: mutation('changePassword', 'ChangePasswordInput', 'sessions { method }'),
    scope: 'person',
    foreign: 'NO_IDS',
    variables: () => ({ input: { currentPassword: 'wrong', newPassword: 'the tide comes in at five' } }),
    refused: 'SIGN_IN_FAILED',
    invalid: [['newPassword', { newPassword: 'too short' }]],
  },
  linkWallet: {
    query: mutation('linkWallet', 'SignedMessageInput', 'sessions { method }'),
    scope: 'person',
    foreign: 'NO_IDS',
    variables: () => ({ input: SIGNED }),
    refused: 'SIGN_IN_FAILED',
    invalid: [['signature', { signature: 'ink' }]],
  },
  unlinkWallet: {
    query: mutation('unlinkWallet', 'UnlinkWalletInput', 'sessions { method }'),
    scope: 'person',
    foreign: 'NO_IDS',
    variables: () => ({ input: { account: HOLDER } }),
    refused: 'NOT_FOUND',
    invalid: [['$input', { account: 'ada' }]],
  },
  revokeSession: {
    query: mutation('revokeSession', 'RevokeSessionInput', 'sessions { method }'),
    scope: 'person',
    foreign: 'NOT_FOUND',
    variables: (ids) => ({ input: { sessionId: ids.session } }),
    invalid: [['sessionId', { sessionId: 'x' }]],
  },
  signOut: {
    query: 'mutation { signOut { sessions { method } } }',
    scope: 'person',
    foreign: 'NO_IDS',
    variables: none,
  },
} satisfies Record<string, Operation>;
