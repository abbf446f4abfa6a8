#!/usr/bin/env node
/** Writes src/introspection.ts, from which types follow, from schema/schema.graphql. With `--check` it fails if that is stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { minifyIntrospection, outputIntrospectionFile } from '@gql.tada/internal';
import { buildSchema, introspectionFromSchema } from 'graphql';

const folder = fileURLToPath(new URL('.', import.meta.url));
const target = join(folder, 'src', 'introspection.ts');
const sdl = readFileSync(join(folder, '..', '..', 'schema', 'schema.graphql'), 'utf8');
const minified = minifyIntrospection(introspectionFromSchema(buildSchema(sdl)));
const types = outputIntrospectionFile(minified, { fileType: '.d.ts', shouldPreprocess: true })
  .replace(/\/\*[\s\S]*?\*\//g, '')
  .replace(/^import .*$/gm, '')
  // Whoever uses the client may have a schema of his own.
  .replace(/declare module [\s\S]*$/, '')
  .trim();
const text = `// Made by generate-schema.mjs from schema/schema.graphql: types of the whole API, and nothing at run time.\n${types}\n`;

if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  process.stderr.write('packages/client/src/introspection.ts is stale: run npm run client:emit\n');
  process.exit(1);
}
