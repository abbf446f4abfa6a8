import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildGraphqlSchema } from './graphql-schema';

const FILE = 'schema/schema.graphql';

/** Writes the public schema to `schema/schema.graphql`; with `--check`, fails when that file is stale. */
async function main(check: boolean): Promise<void> {
  const sdl = `${printSchema(lexicographicSortSchema(await buildGraphqlSchema([])))}\n`;
  if (!check) {
    await writeFile(FILE, sdl);
    return;
  }
  if ((await readFile(FILE, 'utf8')) !== sdl) {
    process.stderr.write(`${FILE} is stale: run "npm run schema:emit" and commit it\n`);
    process.exitCode = 1;
  }
}

main(process.argv.includes('--check')).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
