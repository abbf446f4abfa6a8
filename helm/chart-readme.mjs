// Writes the table of values in the chart's README from values.yaml: each value with its default and the comment above it.
//
// Usage: node helm/chart-readme.mjs [--check]
// With --check nothing is written; a stale table, or a value without a comment, is an error.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMap, parseDocument } from 'yaml';

const chart = fileURLToPath(new URL('colophon/', import.meta.url));
const README = `${chart}README.md`;
const BEGIN = '<!-- values: npm run chart:readme -->';
const END = '<!-- end of values -->';

function hasComments(value) {
  if (!isMap(value)) return false;
  if (value.commentBefore) return true;
  return value.items.some((item) => item.key.commentBefore !== undefined || hasComments(item.value));
}

/** Rows of the table, in the order of the file. @throws Error if a value has no comment. */
function rowsOf(map, path, mapComment) {
  return map.items.flatMap(({ key, value }, index) => {
    const name = [...path, key.value];
    // The parser keeps the first comment of a map with the map.
    const comment = (key.commentBefore ?? (index === 0 ? mapComment : undefined))
      ?.trim()
      .replaceAll(/\s*\n\s*/g, ' ');
    // A map with comments inside is a group of values; another is one value.
    if (hasComments(value)) return rowsOf(value, name, value.commentBefore);
    if (comment === undefined) throw new Error(`${name.join('.')} has no comment in values.yaml`);
    const text = JSON.stringify(value.toJSON()).replaceAll('|', '\\|');
    return [`| \`${name.join('.')}\` | ${comment} | \`${text}\` |`];
  });
}

const values = parseDocument(readFileSync(`${chart}values.yaml`, 'utf8'));
const table = [
  '| value | meaning | default |',
  '| --- | --- | --- |',
  ...rowsOf(values.contents, [], values.contents.commentBefore ?? values.commentBefore),
];
const before = readFileSync(README, 'utf8');
const [head, rest] = before.split(BEGIN);
const [, tail] = (rest ?? '').split(END);
if (tail === undefined)
  throw new Error(`${README} has no place for the values between "${BEGIN}" and "${END}"`);
const after = `${head}${BEGIN}\n\n${table.join('\n')}\n\n${END}${tail}`;

if (!process.argv.includes('--check')) writeFileSync(README, after);
else if (after !== before) {
  console.error('helm/colophon/README.md is stale: npm run chart:readme');
  process.exitCode = 1;
}
