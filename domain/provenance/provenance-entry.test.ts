import { createHash } from 'node:crypto';
import { evmChainId } from '../../schema/caip';
import { FIRST_PREVIOUS_HASH, hashEntry, type ProvenanceEntry } from './provenance-entry';

const ENTRY: ProvenanceEntry = {
  sequence: 1,
  kind: 'WorkMinted',
  facts: { to: '0x11', edition: '1' },
  evidence: null,
  previousHash: FIRST_PREVIOUS_HASH,
};

test('the hash is SHA-256 over the sorted JSON of the whole entry, so anyone can recompute it', () => {
  const canonical =
    '{"evidence":null,"facts":{"edition":"1","to":"0x11"},"kind":"WorkMinted",' +
    `"previousHash":"${FIRST_PREVIOUS_HASH}","sequence":1}`;
  expect(hashEntry(ENTRY).hash).toBe(createHash('sha256').update(canonical).digest('hex'));
});

test('the order of facts does not matter, every value does', () => {
  const { hash } = hashEntry(ENTRY);
  expect(hashEntry({ ...ENTRY, facts: { edition: '1', to: '0x11' } }).hash).toBe(hash);
  const changes: Partial<ProvenanceEntry>[] = [
    { sequence: 2 },
    { kind: 'WorkBurned' },
    { facts: { to: '0x12', edition: '1' } },
    { previousHash: '1'.repeat(64) },
    {
      evidence: { chainId: evmChainId(1), blockNumber: '1', blockHash: '', transactionHash: '', logIndex: 0 },
    },
  ];
  const hashes = changes.map((change) => hashEntry({ ...ENTRY, ...change }).hash);
  expect(new Set([hash, ...hashes]).size).toBe(changes.length + 1);
});
