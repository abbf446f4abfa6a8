import { EXCLUDED_TABLES, exportedTable } from '../tables';
import { fileOfTable, type Manifest } from './manifest';

/** The archive's own description, for people who have nothing else: each file and each column. */
export function readme({ tenant, snapshotAt, tables, key }: Omit<Manifest, 'readme'>): string {
  return `# ${oneLine(tenant.name)}: all that Colophon held

Exported as of ${snapshotAt}. The tenant is ${tenant.id}.

\`manifest.json\` names every file with its SHA-256 and number of rows, says how far each chain had been followed, and
which tables were left out and why. It is in RFC 8785 form (canonical JSON); \`manifest.sig\` is its Ed25519 signature
(64 bytes) by the key ${key.id}:

    ${key.publicKey}

That key is part of what it signs, so it proves by itself only that nothing was changed since. Whether it is the
platform's, ask the platform over another way. \`colophon verify FILE --key KEY\` checks all of it, without a server, a
database or a network; docs/exit-kit.md says how to do it with other programs.

Each file in \`data/\` is one table: a row per line, in RFC 8785 form. Times are UTC with microseconds; numbers that may
exceed 2^53 are decimal strings; bytes are 0x and hex; null means that there is none.

${tables.map((table) => describeTable(table.table, table.columns, table.withheld)).join('\n')}
## Left out

${list(EXCLUDED_TABLES)}
`;
}

function describeTable(
  table: string,
  columns: Readonly<Record<string, string>>,
  withheld: Readonly<Record<string, string>>,
): string {
  const { holds, columns: meanings, references = [] } = exportedTable(table);
  const rows = Object.entries(columns).map(
    ([name, type]) => `- \`${name}\` (${type}): ${meanings[name] ?? ''}`,
  );
  const refers = references.map(
    ({ columns: from, to, key }) =>
      `- \`${from.join(', ')}\` names \`${key.join(', ')}\` in \`${fileOfTable(to)}\``,
  );
  const left = Object.entries(withheld).map(([name, reason]) => `- left out: \`${name}\` (${reason})`);
  return `## \`${fileOfTable(table)}\`\n\n${holds}\n\n${[...rows, ...refers, ...left].join('\n')}\n`;
}

function list(entries: Readonly<Record<string, string>>): string {
  return Object.entries(entries)
    .map(([name, reason]) => `- \`${name}\`: ${reason}`)
    .join('\n');
}

/** A name cannot begin a line of its own. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
