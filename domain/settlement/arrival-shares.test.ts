import { type Hex, toHex } from 'viem';
import { evmChainId } from '../../schema/caip';
import type { RegistryEvent, RegistryEventName } from '../provenance/registry-event';
import { sharesBefore } from './arrival-shares';

const DOLLAR = '0xd0';
const payee = (n: number): Hex => toHex(n, { size: 32 });

/** The vault's logs of one transaction, in order. */
function logs(
  ...told: readonly (readonly [name: RegistryEventName, amount: bigint, payee?: number, token?: string])[]
): RegistryEvent[] {
  return told.map(([name, amount, of = 1, token = DOLLAR], logIndex) => ({
    chainId: evmChainId(1),
    blockNumber: 1,
    logIndex,
    blockHash: payee(9),
    transactionHash: payee(8),
    name,
    tokenId: null,
    digest: null,
    final: true,
    args: {
      token,
      payeeId: payee(of),
      amount: String(amount),
      received: String(amount),
    },
  }));
}

function sharesOfLast(events: readonly RegistryEvent[]): (readonly [Hex, bigint])[] {
  const arrival = events.at(-1);
  if (arrival === undefined) throw new Error('something arrived');
  return sharesBefore(arrival, events).map(({ payeeId, amount }) => [payeeId, amount] as const);
}

test('an arrival is of the payees that were credited right before it', () => {
  const events = logs(['PayeeCredited', 3n, 1], ['PayeeCredited', 4n, 2], ['SettlementCredited', 7n]);
  expect(sharesOfLast(events)).toEqual([
    [payee(1), 3n],
    [payee(2), 4n],
  ]);
});

test('what an arrival before it brought is not its own', () => {
  const events = logs(
    ['PayeeCredited', 1n, 1],
    ['SettlementCredited', 1n],
    ['PayeeCredited', 7n, 2],
    ['SettlementCredited', 8n],
  );
  expect(sharesOfLast(events)).toEqual([[payee(2), 7n]]);
});

test('a deposit in the same transaction is nobody’s arrival, whether it was divided at once or later', () => {
  const own = [
    ['PayeeCredited', 7n, 3],
    ['SettlementCredited', 7n],
  ] as const;
  expect(sharesOfLast(logs(['MoneyReceived', 5n], ['PayeeCredited', 5n, 1], ...own))).toEqual([
    [payee(3), 7n],
  ]);
  expect(sharesOfLast(logs(['PayeeCredited', 5n, 1], ['PayeeCredited', 2n, 2], ...own))).toEqual([
    [payee(3), 7n],
  ]);
});

test('credits of another token are of something else', () => {
  const events = logs(
    ['PayeeCredited', 1n, 1, '0xee'],
    ['PayeeCredited', 6n, 2],
    // A unit was lost by rounding.
    ['SettlementCredited', 7n],
  );
  expect(sharesOfLast(events)).toEqual([[payee(2), 6n]]);
});
