import { z } from 'zod';
import { accountIdSchema, chainIdSchema } from '../../schema/caip';
import { jsonDocumentSchema } from '../../schema/inputs/json-document';
import { TransportKind } from '../../schema/types/chain';
import { DispatchKind, DispatchOrigin, DispatchState } from '../../schema/types/dispatch';
import { SaleState } from '../../schema/types/sale';
import { SettlementState } from '../../schema/types/settlement';
import { WorkState } from '../../schema/types/work';
import type { Operation } from './api-client';

const hex = z.string().transform((value, context): `0x${string}` => {
  if (/^0x[0-9a-fA-F]*$/.test(value)) return `0x${value.slice(2)}`;
  context.addIssue({ code: 'custom', message: 'must be hex' });
  return z.NEVER;
});

const registrySchema = z.object({
  id: z.string(),
  state: z.string(),
  progress: z.string(),
  waitingFor: z.string().nullable(),
  homeChainId: chainIdSchema,
  owner: accountIdSchema,
  contracts: z.array(z.object({ chainId: chainIdSchema, collection: hex, royaltyReceiver: hex.nullable() })),
});
const REGISTRY =
  'id state homeChainId progress waitingFor owner contracts { chainId collection royaltyReceiver }';

const workSchema = z.object({
  id: z.string(),
  state: z.enum(WorkState),
  failure: z.string().nullable(),
  edition: z.number().nullable(),
  tokenId: z.string().nullable(),
  seed: hex.nullable(),
  commitment: hex.nullable(),
  document: jsonDocumentSchema,
  documentHash: hex,
  metadata: jsonDocumentSchema,
  revision: z.number(),
  chainId: chainIdSchema.nullable(),
  holder: accountIdSchema.nullable(),
});
const WORK =
  'id state failure edition tokenId seed commitment document documentHash metadata revision chainId holder';

const dispatchSchema = z.object({
  id: z.string(),
  kind: z.enum(DispatchKind),
  origin: z.enum(DispatchOrigin),
  state: z.enum(DispatchState),
  sourceChainId: chainIdSchema,
  destinationChainId: chainIdSchema,
  transport: z.enum(TransportKind).nullable(),
  messageId: z.string().nullable(),
  sourceTransactionHash: hex.nullable(),
  destinationTransactionHash: hex.nullable(),
  failure: z.object({ reason: z.string(), nextStep: z.string() }).nullable(),
});
const DISPATCH = `id kind origin state sourceChainId destinationChainId transport messageId
  sourceTransactionHash destinationTransactionHash failure { reason nextStep }`;

const evidenceSchema = z.object({
  chainId: chainIdSchema,
  blockNumber: z.string(),
  blockHash: hex,
  transactionHash: hex,
  logIndex: z.number(),
});
const provenanceSchema = z.object({
  sequence: z.number().nullable(),
  kind: z.string(),
  facts: jsonDocumentSchema,
  evidence: evidenceSchema.nullable(),
  previousHash: z.string().nullable(),
  hash: z.string().nullable(),
  provisional: z.boolean(),
});

const saleSchema = z.object({
  state: z.enum(SaleState),
  venue: z.string(),
  seller: accountIdSchema,
  buyer: accountIdSchema,
  asset: z.string(),
  price: z.string(),
  expected: z.string(),
  paid: z.string(),
  verdict: z.string(),
});
const SALE = 'state venue seller buyer asset price expected paid verdict';

const settlementSchema = z.object({
  id: z.string(),
  state: z.enum(SettlementState),
  route: z.string().nullable(),
  amount: z.string(),
  provisional: z.boolean(),
  failure: z.object({ reason: z.string() }).nullable(),
});
const SETTLEMENT = 'id state route amount provisional failure { reason }';

export type Registry = z.output<typeof registrySchema>;
export type Work = z.output<typeof workSchema>;
export type Sale = z.output<typeof saleSchema>;
export type Settlement = z.output<typeof settlementSchema>;
export type Dispatch = z.output<typeof dispatchSchema>;
export type ProvenanceEvent = z.output<typeof provenanceSchema>;

function operation<Shape extends z.ZodRawShape>(
  document: string,
  shape: Shape,
): Operation<z.ZodObject<Shape>> {
  return { document, answer: z.object(shape) };
}

/** Every operation that the demo uses. */
export const operations = {
  chains: operation('query { chains { chainId name } }', {
    chains: z.array(z.object({ chainId: chainIdSchema, name: z.string() })),
  }),
  createProject: operation(
    'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }',
    { createProject: z.object({ project: z.object({ id: z.string() }) }) },
  ),
  createRegistry: operation(
    `mutation ($input: CreateRegistryInput!) { createRegistry(input: $input) { registry { ${REGISTRY} } } }`,
    { createRegistry: z.object({ registry: registrySchema }) },
  ),
  registry: operation(`query ($id: ID!) { registry(id: $id) { ${REGISTRY} } }`, { registry: registrySchema }),
  mintWorks: operation(
    `mutation ($input: MintWorksInput!) { mintWorks(input: $input) { works { ${WORK} } } }`,
    { mintWorks: z.object({ works: z.array(workSchema) }) },
  ),
  work: operation(`query ($id: ID!) { work(id: $id) { ${WORK} } }`, { work: workSchema }),
  workUpdated: operation(`subscription ($id: ID!) { workUpdated(workId: $id) { ${WORK} } }`, {
    workUpdated: workSchema,
  }),
  sendWork: operation(
    `mutation ($input: SendWorkInput!) { sendWork(input: $input) { dispatch { ${DISPATCH} } } }`,
    { sendWork: z.object({ dispatch: dispatchSchema }) },
  ),
  prepareSendWork: operation(
    `mutation ($input: PrepareSendWorkInput!) { prepareSendWork(input: $input) {
      preparedSend { transport to data valueWei permitTypedData permitDeadline } } }`,
    {
      prepareSendWork: z.object({
        preparedSend: z.object({
          transport: z.enum(TransportKind),
          to: hex,
          data: hex,
          valueWei: z.string(),
          permitTypedData: z.string(),
          permitDeadline: z.string(),
        }),
      }),
    },
  ),
  updateMetadata: operation(
    `mutation ($input: UpdateMetadataInput!) { updateMetadata(input: $input) { dispatches { ${DISPATCH} } } }`,
    { updateMetadata: z.object({ dispatches: z.array(dispatchSchema) }) },
  ),
  dispatchUpdated: operation(
    `subscription ($dispatchId: ID, $workId: ID) {
      dispatchUpdated(dispatchId: $dispatchId, workId: $workId) { ${DISPATCH} } }`,
    { dispatchUpdated: dispatchSchema },
  ),
  sales: operation(
    `query ($workId: ID!) { sales(filter: { workId: $workId }, first: 10) { edges { node { ${SALE} } } } }`,
    { sales: z.object({ edges: z.array(z.object({ node: saleSchema })) }) },
  ),
  setSettlementRule: operation(
    'mutation ($input: SetSettlementRuleInput!) { setSettlementRule(input: $input) { rule { asset } } }',
    { setSettlementRule: z.object({ rule: z.object({ asset: z.string() }) }) },
  ),
  requestSettlement: operation(
    `mutation ($input: RequestSettlementInput!) { requestSettlement(input: $input) { settlements { ${SETTLEMENT} } } }`,
    { requestSettlement: z.object({ settlements: z.array(settlementSchema) }) },
  ),
  settlement: operation(`query ($id: ID!) { settlement(id: $id) { ${SETTLEMENT} } }`, {
    settlement: settlementSchema,
  }),
  provenance: operation(
    `query ($workId: ID!) { provenance(workId: $workId, first: 100) { totalCount edges { node {
      sequence kind facts previousHash hash provisional
      evidence { chainId blockNumber blockHash transactionHash logIndex } } } } }`,
    {
      provenance: z.object({
        totalCount: z.number(),
        edges: z.array(z.object({ node: provenanceSchema })),
      }),
    },
  ),
} as const;
