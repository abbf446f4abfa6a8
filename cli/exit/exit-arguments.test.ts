import { getAddress } from 'viem';
import { UsageError } from '../cli-errors';
import { parseExit } from './exit-arguments';

const GATEWAY = '0xd8da6bf26964af9d7eed9e03e53415d37aa96045';
const RPC = ['--rpc', 'https://one.example/key', '--rpc', 'http://127.0.0.1:8545'];
const REGISTRY = [...RPC, '--gateway', GATEWAY];

test('list takes endpoints, a registry and when to begin', () => {
  expect(
    parseExit([
      'list',
      ...REGISTRY,
      '--since',
      '2026-01-31',
      '--owners',
      'owners.json',
      '--token',
      GATEWAY,
      '--json',
    ]),
  ).toEqual({
    action: 'list',
    rpcUrls: ['https://one.example/key', 'http://127.0.0.1:8545'],
    registry: { gateway: getAddress(GATEWAY) },
    since: new Date('2026-01-31'),
    ownersFile: 'owners.json',
    tokens: [getAddress(GATEWAY)],
    json: true,
  });
});

test('do takes a number and a key file; a manifest stands in for the address', () => {
  expect(parseExit(['do', '2', ...RPC, '--manifest', 'm.json', '--key-file', 'k'])).toEqual({
    action: 'do',
    which: '2',
    keyFile: 'k',
    rpcUrls: ['https://one.example/key', 'http://127.0.0.1:8545'],
    registry: { manifestFile: 'm.json' },
    since: undefined,
    ownersFile: undefined,
    tokens: [],
    json: false,
  });
});

test.each([
  { args: REGISTRY, names: 'list' },
  { args: ['show', ...REGISTRY], names: 'list' },
  { args: ['list', 'all', ...REGISTRY], names: 'list' },
  { args: ['list', '--key-file', 'k', ...REGISTRY], names: 'list' },
  { args: ['do', ...REGISTRY, '--key-file', 'k'], names: 'do N' },
  { args: ['do', '1', '2', ...REGISTRY, '--key-file', 'k'], names: 'do N' },
  { args: ['do', '1', ...REGISTRY], names: '--key-file' },
  { args: ['list', '--gateway', GATEWAY], names: '--rpc' },
  { args: ['list', '--gateway', GATEWAY, '--rpc', 'node'], names: '--rpc' },
  { args: ['list', '--gateway', GATEWAY, '--rpc', 'ws://node'], names: '--rpc' },
  { args: ['list', ...RPC], names: '--gateway' },
  { args: ['list', ...RPC, '--gateway', '0x12'], names: '0x12' },
  { args: ['list', ...REGISTRY, '--manifest', 'm.json'], names: '--manifest' },
  { args: ['list', ...REGISTRY, '--token', 'USDC'], names: '--token' },
  { args: ['list', ...REGISTRY, '--since', 'yesterday'], names: 'yesterday' },
  { args: ['list', ...REGISTRY, '--since', '2026-13-40'], names: '2026-13-40' },
  { args: ['list', ...REGISTRY, '--sinse', '2026-01-31'], names: '--sinse' },
])('a wrong command line is refused, naming $names', ({ args, names }) => {
  expect(() => parseExit(args)).toThrow(UsageError);
  expect(() => parseExit(args)).toThrow(names);
});
