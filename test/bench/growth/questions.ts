import { evmAccountId } from '../../../schema/caip';
import { encodeGlobalId } from '../../../schema/global-id';
import type { Life } from './life';
import { HOME, PROJECT_ID, workIdOf } from './registry';

/** A kind of request, as clients of the registry make it: one document, and variables that name another part each time. */
export interface Question {
  readonly name: string;
  readonly document: string;
  /** @param draw - Anything: names the asking. */
  readonly variables?: (life: Life, draw: number) => Readonly<Record<string, unknown>>;
}

const LIST = 'edges { node { id state holder tokenId hop revision } }';

export const QUESTIONS: readonly Question[] = [
  { name: 'list of 100', document: `{ works(first: 100) { ${LIST} } }` },
  {
    name: '20 dispatches with what they refer to',
    document: `{ dispatches(first: 20) { edges { node { id state
      work { id tokenId holder } registry { id name project { id name artistName } } } } } }`,
  },
  {
    name: 'one work with its history',
    document: `query ($id: ID!) {
      work(id: $id) { id state holder document legs { chainId state holder } }
      provenance(workId: $id, first: 20) { edges { node { kind sequence hash facts evidence { blockNumber } } } } }`,
    variables: (life, draw) => ({ id: encodeGlobalId('Work', workIdOf(workAt(life, draw))) }),
  },
  {
    name: 'a page deep in the middle',
    document: `query ($before: DateTimeISO!) { works(first: 20, createdBefore: $before) { ${LIST} } }`,
    variables: (life, draw) => ({ before: timeAt(life, draw) }),
  },
  {
    name: 'works of a holder',
    document: `query ($holder: AccountId!) { works(first: 20, filter: { holder: $holder }) { ${LIST} } }`,
    variables: (life, draw) => ({ holder: evmAccountId(HOME, life.holderOf(workAt(life, draw), 0)) }),
  },
  {
    name: 'works of a project by state',
    document: `{ works(first: 20, filter: { projectId: "${encodeGlobalId('Project', PROJECT_ID)}", state: LIVE }) { ${LIST} } }`,
  },
  {
    name: 'works in a state that none has',
    document: `{ works(first: 20, filter: { state: BURNED }) { ${LIST} } }`,
  },
  { name: 'how many works', document: '{ works(first: 1) { totalCount edges { node { id } } } }' },
  {
    name: 'how many works live on a chain',
    document: `{ works(first: 1, filter: { state: LIVE, chainId: "${HOME}" }) { totalCount edges { node { id } } } }`,
  },
];

function workAt({ works }: Life, draw: number): number {
  return (draw * 7_919 + 17) % works;
}

/** A moment between the first and the last quarter of the mints: cursors are signed, and mean the same place. */
function timeAt(life: Life, draw: number): string {
  const number = Math.floor(life.works / 4) + (workAt(life, draw) % Math.floor(life.works / 2));
  return new Date(life.timeOf(life.mintBlockOf(number)) * 1_000).toISOString();
}
