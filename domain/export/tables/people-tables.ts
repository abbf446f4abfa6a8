import { type ExportedTable, refersTo } from './exported-table';

/** The tenant's people. */
export const PEOPLE_TABLES: readonly ExportedTable[] = [
  {
    table: 'members',
    holds: 'A person who is, was, or is invited to be one of the tenant’s.',
    columns: {
      id: 'its id; entries of the audit log name it',
      email: 'the address, in lower case',
      name: 'the name',
      role: '`OWNER`, `ADMIN`, `OPERATOR`, `AUDITOR` or `ARTIST`',
      invitation_expires_at: 'until when the open invitation is good; null if none is open',
      joined_at: 'when the person joined; null if not yet',
      removed_at: 'when the person was removed; null if not',
      created_at: 'when the person was invited',
    },
    withheld: {
      password_hash: 'a secret: with it a password could be told by trying',
      invitation_hash: 'a secret: with it an invitation could be told by trying',
    },
  },
  {
    table: 'member_identities',
    holds: 'How somebody else knows a person: a wallet, or an account at an OpenID provider.',
    columns: {
      member_id: 'the person',
      issuer: '`wallet`, or the URL of the provider',
      subject: 'the account (CAIP-10), or what the provider calls the person',
      created_at: 'when it was linked',
    },
    references: [refersTo('members', 'member_id')],
  },
  {
    table: 'identity_providers',
    holds: 'The OpenID provider that people sign in with: one row, or none.',
    columns: {
      issuer: 'its URL',
      client_id: 'what the tenant’s client is called there',
      updated_at: 'when it was set',
    },
    withheld: {
      key_id: 'names the key that sealed the secret, which is not here',
      sealed: 'a secret: the client’s, sealed for this deployment',
    },
  },
];
