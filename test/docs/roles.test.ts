import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROLE_SCOPES } from '../../schema/roles';
import { SCOPES } from '../../schema/scopes';

test('docs/security.md shows what each role may do', () => {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'security.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z]+:?[a-z]*)` +\|(.*)\|$/gm)].map(
    ([, scope = '', cells = '']) => ({
      scope,
      granted: cells.split('|').map((cell) => cell.trim() === '✓'),
    }),
  );
  const roles = Object.values(ROLE_SCOPES);
  expect(rows).toEqual(
    SCOPES.map((scope) => ({ scope, granted: roles.map((scopes) => scopes.includes(scope)) })),
  );
});
