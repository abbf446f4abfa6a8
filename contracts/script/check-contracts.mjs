#!/usr/bin/env node
/**
 * Fails when a contract is too large to be deployed, the compiler warns of something in sources or tests, or an
 * external function, event or error says nothing of itself. Sizes are those of the last `forge build`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, readSources, root } from './syntax-trees.mjs';

/** EIP-170. */
const MAX_BYTES = 24_576;

const sources = readSources('contracts/src');
const { trees, warnings } = parse(new Map([...sources, ...readSources('contracts/test')]));
const sizes = [...sources.keys()].filter((file) => contractsOf(trees[file].ast).length > 0).flatMap(sizesOf);
const faults = [
  ...warnings,
  ...[...sources.keys()].flatMap((file) => undocumented(file, trees[file].ast)),
  ...sizes
    .filter(({ bytes }) => bytes > MAX_BYTES)
    .map(({ contract, bytes }) => `${contract} has ${bytes} bytes, ${bytes - MAX_BYTES} too many`),
];
for (const fault of faults) process.stderr.write(`${fault}\n`);
const largest = sizes.toSorted((a, b) => b.bytes - a.bytes)[0];
process.stdout.write(
  `${sizes.length} contracts, the largest ${largest.contract} with ${largest.bytes} of ${MAX_BYTES} bytes; ${faults.length} faults\n`,
);
process.exitCode = faults.length === 0 ? 0 : 1;

/** Runtime sizes of what one file deploys. Abstract contracts and interfaces have none. */
function sizesOf(file) {
  const folder = join(root, 'contracts/out', basename(file));
  if (!existsSync(folder)) {
    process.stderr.write(`${folder} is missing; run forge build first\n`);
    process.exit(1);
  }
  return readdirSync(folder).flatMap((name) => {
    const { deployedBytecode } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    const bytes = (deployedBytecode.object.length - 2) / 2;
    return bytes > 0 ? [{ contract: basename(name, '.json'), bytes }] : [];
  });
}

function contractsOf(tree) {
  return tree.nodes.filter(({ nodeType }) => nodeType === 'ContractDefinition');
}

function undocumented(file, tree) {
  return contractsOf(tree).flatMap((contract) =>
    contract.nodes
      .filter((node) => isPublic(node) && !isDocumented(node))
      .map(
        (node) => `${file}: ${contract.name}.${node.name || node.kind} has neither @notice nor @inheritdoc`,
      ),
  );
}

function isPublic({ nodeType, kind, visibility }) {
  switch (nodeType) {
    case 'FunctionDefinition':
      return kind === 'function' && (visibility === 'external' || visibility === 'public');
    case 'VariableDeclaration':
      return visibility === 'public';
    default:
      return nodeType === 'EventDefinition' || nodeType === 'ErrorDefinition';
  }
}

/** A comment without a tag is a notice. */
function isDocumented({ documentation }) {
  const text = documentation?.text.trim() ?? '';
  return text !== '' && (!text.startsWith('@') || /@(notice|inheritdoc)\b/.test(text));
}
