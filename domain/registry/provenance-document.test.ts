import { keccak256, stringToBytes } from 'viem';
import { evmAccountId } from '../../schema/caip';
import { projectIdSchema, registryIdSchema } from '../../schema/ids';
import type { Project } from '../../schema/types/project';
import type { Registry } from '../../schema/types/registry';
import { ADA } from '../../test/support/travel-events';
import { HOME } from '../../test/support/travel-steps';
import { canonicalHash, canonicalJson } from '../canonical-json';
import { provenanceDocument } from './provenance-document';

const UUID = '6f6b1a52-9d6e-4f0e-8d2a-1f4c1a0b2c3d';
const PROJECT: Project = {
  id: projectIdSchema.parse(UUID),
  name: 'Tides',
  artistName: 'Ada',
  artistAccount: evmAccountId(HOME, ADA),
  description: 'Waves.',
  scriptHash: '0x5c',
  dependencies: [{ name: 'p5', version: '1.9.0', hash: 'sha256-aa' }],
  traits: { hue: ['teal', 'ink'] },
  editionCap: 10,
  royaltyBps: 500,
  licence: 'CC-BY-4.0',
  metadata: { shown: 'anywhere' },
  createdAt: new Date(0),
};
const REGISTRY: Registry = {
  id: registryIdSchema.parse(UUID),
  projectId: PROJECT.id,
  name: 'Tides',
  symbol: 'TIDE',
  state: 'ACTIVE',
  homeChainId: HOME,
  chainIds: [HOME],
  owner: evmAccountId(HOME, ADA),
  contracts: [
    {
      chainId: HOME,
      collection: ADA,
      gateway: ADA,
      ccipTransport: ADA,
      layerZeroTransport: ADA,
      lanes: ADA,
      delayedQueue: ADA,
      royaltyReceiver: null,
      royaltyVault: null,
      licenceBook: null,
    },
  ],
  artistSigned: false,
  adopted: null,
  releasePolicy: 'ONE',
  progress: '27/27',
  waitingFor: null,
  preparedCalls: [],
  createdAt: new Date(0),
};

test('the document has exactly what is known before the mint, in RFC 8785 form', () => {
  expect(canonicalJson(provenanceDocument('n1', REGISTRY, PROJECT))).toBe(
    '{"nonce":"n1","project":{"artist":{"account":"eip155:11155111:0x1111111111111111111111111111111111111111",' +
      '"name":"Ada"},"dependencies":[{"hash":"sha256-aa","name":"p5","version":"1.9.0"}],"editionCap":10,' +
      '"licence":"CC-BY-4.0","name":"Tides","royaltyBps":500,"scriptHash":"0x5c","traits":{"hue":["teal","ink"]}},' +
      '"registry":{"collections":[{"chainId":"eip155:11155111",' +
      '"collection":"0x1111111111111111111111111111111111111111"}],"homeChainId":"eip155:11155111"},"version":1}',
  );
});

test('its hash is keccak256 of the canonical bytes, and two works never share one', () => {
  const document = provenanceDocument('n1', REGISTRY, PROJECT);
  expect(canonicalHash(document)).toBe(keccak256(stringToBytes(canonicalJson(document))));
  expect(canonicalHash(provenanceDocument('n2', REGISTRY, PROJECT))).not.toBe(canonicalHash(document));
});

test('what may change later is not in it', () => {
  const changed = { ...PROJECT, description: 'Other.', metadata: {} };
  const state = { ...REGISTRY, waitingFor: 'money', progress: '1/27' };
  expect(provenanceDocument('n1', state, changed)).toEqual(provenanceDocument('n1', REGISTRY, PROJECT));
});
