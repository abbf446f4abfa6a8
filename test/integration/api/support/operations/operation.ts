import type { Scope } from '../../../../../schema/scopes';

/** Global ids of one tenant's rows. */
export interface Ids {
  /** Another tenant, which is suspended and exported. */
  readonly leavingTenant: string;
  readonly project: string;
  readonly registry: string;
  readonly work: string;
  readonly dispatch: string;
  readonly sale: string;
  /** Not global: the sale’s payment, which is attributed to it. */
  readonly payment: string;
  readonly guardAction: string;
  readonly settlement: string;
  readonly webhookEndpoint: string;
  readonly webhookDelivery: string;
  readonly apiKey: string;
  readonly member: string;
  /** These two are not global. */
  readonly session: string;
  readonly tenant: string;
  readonly signingKey: string;
  readonly export: string;
}

/** To be filled in as rows are made. */
export const NO_ROWS: Ids = {
  leavingTenant: '',
  project: '',
  registry: '',
  work: '',
  dispatch: '',
  sale: '',
  payment: '6b0f0f6e-9d3c-8a55-9d5e-0d6a1a1b2c3d',
  guardAction: '',
  settlement: '',
  webhookEndpoint: '',
  webhookDelivery: '',
  apiKey: '',
  member: '',
  session: '',
  tenant: '',
  signingKey: '',
  export: '',
};

/** How an operation must answer to ids that are another tenant's. */
export const Foreign = {
  /** as if there were no such row */
  NOT_FOUND: 'NOT_FOUND',
  /** with null */
  NULL: 'NULL',
  /** with a list that shows none of that tenant's rows */
  ABSENT: 'ABSENT',
  /** it takes no id and shows no tenant's rows but the caller's */
  NO_IDS: 'NO_IDS',
  /** it asks for no key, and shows and does nothing without a secret of one of the tenant's people */
  SECRET: 'SECRET',
  /** not at all: it is the platform operator's */
  FORBIDDEN: 'FORBIDDEN',
} as const;

/** An operation of the API with valid input, for tests that go over all of them. */
export interface Operation {
  readonly query: string;
  readonly scope: Scope | 'operator' | 'person' | 'nobody';
  readonly foreign: keyof typeof Foreign;
  variables(ids: Ids): Record<string, unknown>;
  /** The code that it answers its own tenant with, for it wants a secret that is made up here. */
  readonly refused?: string;
  /** The mutation that undoes it, when other operations are refused after it. */
  readonly undoneBy?: string;
  /** Inputs that must be refused: the field that is named, and what is put into `input`. */
  readonly invalid?: readonly (readonly [field: string, over: object])[];
}

export const none = () => ({});
export const mutation = (name: string, type: string, selection: string) =>
  `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`;
export const byId = (name: string) => `query ($id: ID!) { ${name}(id: $id) { id } }`;
export const list = (name: string) => `{ ${name} { totalCount edges { node { id } } } }`;
