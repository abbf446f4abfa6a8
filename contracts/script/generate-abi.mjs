#!/usr/bin/env node
/**
 * Writes chains/abi/*.ts from the contracts that `forge build` compiled. With `--check` it writes nothing and fails
 * when a file is stale.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Contract, and the constant and file (kebab-case) that carry its ABI. */
const contracts = [
  ['RegistryFactory', 'registryFactoryAbi', 'registry-factory'],
  ['Collection', 'collectionAbi', 'collection'],
  ['AdoptedCollection', 'adoptedCollectionAbi', 'adopted-collection'],
  ['Gateway', 'gatewayAbi', 'gateway'],
  ['CcipTransport', 'ccipTransportAbi', 'ccip-transport'],
  ['DelayedQueue', 'delayedQueueAbi', 'delayed-queue'],
  ['Lanes', 'lanesAbi', 'lanes'],
  ['LayerZeroTransport', 'layerZeroTransportAbi', 'layer-zero-transport'],
  ['RoyaltyReceiver', 'royaltyReceiverAbi', 'royalty-receiver'],
  ['RoyaltyVault', 'royaltyVaultAbi', 'royalty-vault'],
  ['RoyaltyRemitter', 'royaltyRemitterAbi', 'royalty-remitter'],
  ['ScriptStore', 'scriptStoreAbi', 'script-store'],
  ['Anchor', 'anchorAbi', 'anchor'],
  ['LicenceBook', 'licenceBookAbi', 'licence-book'],
];

const generated = new Map();
const errors = new Map();
for (const [contract, constant, file] of contracts) {
  const abi = readAbi(contract);
  generated.set(`${file}.ts`, render(constant, `ABI of \`${contract}\`.`, abi));
  for (const item of abi) if (item.type === 'error') errors.set(signatureOf(item), item);
}
generated.set(
  'errors.ts',
  render(
    'registryErrorsAbi',
    'Every error of our contracts: one may pass through another on its way out, so decode with all of them.',
    [...errors.keys()].sort().map((signature) => errors.get(signature)),
  ),
);

const stale = [...generated].filter(([file, text]) => readIfThere(pathOf(file)) !== text);
if (process.argv.includes('--check')) {
  for (const [file] of stale) process.stderr.write(`chains/abi/${file} is stale\n`);
  if (stale.length > 0) {
    process.stderr.write('run: node contracts/script/generate-abi.mjs\n');
    process.exit(1);
  }
} else {
  for (const [file, text] of stale) writeFileSync(pathOf(file), text);
}
process.stdout.write(`${generated.size} ABI files, ${stale.length} stale\n`);

function readAbi(contract) {
  const path = join(root, `contracts/out/${contract}.sol/${contract}.json`);
  if (!existsSync(path)) {
    process.stderr.write(`${path} is missing; run forge build first\n`);
    process.exit(1);
  }
  return JSON.parse(readFileSync(path, 'utf8')).abi;
}

function render(constant, description, abi) {
  return `// Written by contracts/script/generate-abi.mjs; do not edit.\n\n/** ${description} */\nexport const ${constant} = ${JSON.stringify(abi, undefined, 2)} as const;\n`;
}

/** Name and types tell two errors apart; a tuple's types are those of its parts. */
function signatureOf({ name, inputs }) {
  const typeOf = ({ type, components }) =>
    components ? `(${components.map(typeOf).join(',')})${type.slice('tuple'.length)}` : type;
  return `${name}(${inputs.map(typeOf).join(',')})`;
}

function pathOf(file) {
  return join(root, 'chains/abi', file);
}

function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
