import { checkNesting, MAX_NESTING } from './nesting-limit';

const nest = (levels: number, open = '{', close = '}') => open.repeat(levels) + close.repeat(levels);

test.each([
  ['braces', nest(MAX_NESTING)],
  ['many side by side', nest(2).repeat(1_000)],
  ['brackets in a string', `"${'{'.repeat(200)}"`],
  ['an escaped quote before them', `"\\"${'{'.repeat(200)}"`],
  ['brackets in a block string', `"""${'{'.repeat(200)} " "" \\""" ${'['.repeat(200)}"""`],
  ['brackets in a comment', `# ${'{'.repeat(200)}\n{ a }`],
])('accepts %s', (_name, document) => {
  expect(() => checkNesting(document)).not.toThrow();
});

test.each([
  ['braces', nest(MAX_NESTING + 1)],
  ['lists', nest(MAX_NESTING + 1, '[', ']')],
  ['a mix', nest(Math.ceil((MAX_NESTING + 1) / 2), '{[', ']}')],
  ['what follows a string', `"a"${nest(MAX_NESTING + 1)}`],
  ['what follows a comment', `# "\n${nest(MAX_NESTING + 1)}`],
  ['what is never closed', '{ a '.repeat(100_000)],
])('refuses %s', (_name, document) => {
  expect(() => checkNesting(document)).toThrow(`deeper than ${MAX_NESTING}`);
});

test('takes time in proportion, whatever is left open', () => {
  const begun = Date.now();
  for (const piece of ['"', '"""', '\\"', '#', '""" \\""" "']) checkNesting(piece.repeat(500_000));
  expect(Date.now() - begun).toBeLessThan(2_000);
});
