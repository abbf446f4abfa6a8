import { parseCommand } from './arguments';
import { UsageError } from './cli-errors';

test('without options, start and demo share port and data folder', () => {
  expect(parseCommand(['start'])).toEqual({ name: 'start', port: 4000, dataDir: '.colophon', fresh: false });
  expect(parseCommand(['demo'])).toEqual({ name: 'demo', port: 4000, dataDir: '.colophon' });
  expect(parseCommand(['devnet'])).toEqual({ name: 'devnet', dataDir: '.colophon/devnet' });
});

test('every option is taken over', () => {
  expect(parseCommand(['start', '--port', '0', '--data', '/tmp/x', '--fresh'])).toEqual({
    name: 'start',
    port: 0,
    dataDir: '/tmp/x',
    fresh: true,
  });
  expect(parseCommand(['demo', '--port=65535', '--data=y'])).toEqual({
    name: 'demo',
    port: 65535,
    dataDir: 'y',
  });
});

test('rebuild names chains or takes all of them, and replaces only when it is told to', () => {
  expect(parseCommand(['rebuild', '--chain', 'eip155:1', '--chain', 'eip155:10'])).toEqual({
    name: 'rebuild',
    rebuild: { chainIds: ['eip155:1', 'eip155:10'], replace: false, json: false },
  });
  expect(parseCommand(['rebuild', '--all', '--replace', '--json'])).toEqual({
    name: 'rebuild',
    rebuild: { chainIds: undefined, replace: true, json: true },
  });
  expect(parseCommand(['check-database', '--json'])).toEqual({ name: 'check-database', json: true });
});

test.each([['migrate'], ['rotate-keys'], ['help']])('%s takes no options', (name) => {
  expect(parseCommand([name])).toEqual({ name });
  if (name !== 'help') expect(() => parseCommand([name, '--port', '1'])).toThrow(UsageError);
});

test('export names a file, and a tenant unless a start has one; verify a file, and a key if it knows one', () => {
  const tenantId = '0f0e0d0c-0b0a-4908-8706-050403020100';
  expect(parseCommand(['export', '--out', 'a.tar.gz', '--tenant', tenantId, '--data', 'x'])).toEqual({
    name: 'export',
    export: { tenantId, file: 'a.tar.gz', dataDir: 'x' },
  });
  expect(parseCommand(['export', '--out', 'a.tar.gz'])).toEqual({
    name: 'export',
    export: { tenantId: undefined, file: 'a.tar.gz', dataDir: '.colophon' },
  });
  expect(parseCommand(['verify', 'a.tar.gz', '--key', 'AB'.repeat(32), '--json'])).toEqual({
    name: 'verify',
    verify: { file: 'a.tar.gz', key: 'ab'.repeat(32), json: true },
  });
});

test.each([
  { args: [], names: 'command is missing' },
  { args: ['strat'], names: 'strat' },
  { args: ['start', '--prot', '1'], names: '--prot' },
  { args: ['start', 'now'], names: 'now' },
  { args: ['start', '--port'], names: '--port' },
  { args: ['start', '--port', '65536'], names: '65536' },
  { args: ['start', '--port', '-1'], names: '--port' },
  { args: ['start', '--port', '4e3'], names: '4e3' },
  { args: ['demo', '--fresh'], names: '--fresh' },
  { args: ['export'], names: '--out' },
  { args: ['export', '--out', 'a', '--tenant', 'me'], names: '--tenant' },
  { args: ['rebuild'], names: '--all' },
  { args: ['rebuild', '--all', '--chain', 'eip155:1'], names: '--all' },
  { args: ['rebuild', '--chain', '1'], names: '--chain' },
  { args: ['verify'], names: 'FILE' },
  { args: ['verify', 'a', 'b'], names: 'FILE' },
  { args: ['verify', 'a', '--key', 'abcd'], names: '--key' },
  { args: ['verify', 'a', '--key', __filename], names: 'PEM' },
])('a wrong command line is refused, naming $names', ({ args, names }) => {
  expect(() => parseCommand(args)).toThrow(UsageError);
  expect(() => parseCommand(args)).toThrow(names);
});
