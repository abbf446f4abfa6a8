import { type Address, parseTransaction } from 'viem';
import { type ChainTransaction, TransactionState } from '../../../chains/transactions/transaction';
import { ExecutionRevertedError } from '../../../chains/transactions/transaction-errors';
import { CHAIN_ID, ETHER, FINALITY_DEPTH, ONCE_CODE, REFUSING_CODE, TransactionHarness } from './harness';

const TREASURY: Address = '0x000000000000000000000000000000000000a11c';
const REFUSING: Address = '0x00000000000000000000000000000000000bad00';
const ONCE: Address = '0x0000000000000000000000000000000000000ace';

describe('submit', () => {
  let h: TransactionHarness;
  beforeAll(async () => {
    h = await TransactionHarness.start();
  });
  afterAll(() => h.stop());

  test('one intent key is one transaction and one effect, however many ask at once in however many processes', async () => {
    const { tenantId, account } = await h.tenant();
    const managers = [h.manager(), h.manager(), h.manager()];
    const before = await h.paid();

    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => managers[i % 3]?.submit(h.payment(tenantId, 'same'))),
    );
    await h.settle(h.manager());

    expect(new Set(answers.map((answer) => answer?.id)).size).toBe(1);
    expect(await h.paid()).toBe(before + 1);
    expect(await h.chain.getTransactionCount({ address: account })).toBe(1);
    expect(h.problems).toEqual([]);
  });

  test('parallel intents take consecutive nonces and each takes effect once', async () => {
    const { tenantId } = await h.tenant();
    const manager = h.manager();
    const before = await h.paid();

    const keys = Array.from({ length: 20 }, (_, i) => `parallel-${i}`);
    await Promise.all(keys.map((key) => manager.submit(h.payment(tenantId, key))));
    await h.settle(manager);

    const settled = await Promise.all(keys.map((key) => manager.find(tenantId, key)));
    expect(settled.map((transaction) => transaction?.nonce).sort((a = 0, b = 0) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, nonce) => nonce),
    );
    expect(settled.every((transaction) => transaction?.state === TransactionState.Final)).toBe(true);
    expect(await h.paid()).toBe(before + 20);
  });

  // Signing lies outside the database transaction, so that a process may find its nonce taken by another.
  test('intents of several processes take consecutive nonces, too, and each takes effect once', async () => {
    const { tenantId } = await h.tenant();
    const managers = [h.manager(), h.manager(), h.manager()];
    const before = await h.paid();
    const keys = Array.from({ length: 18 }, (_, i) => `of process ${i % 3}, ${i}`);
    const sent = await Promise.all(keys.map((key, i) => managers[i % 3]?.submit(h.payment(tenantId, key))));
    expect(sent.map((transaction) => transaction?.nonce).sort((a = 0, b = 0) => a - b)).toEqual(
      Array.from({ length: 18 }, (_, nonce) => nonce),
    );
    await h.settle(h.manager());
    expect(await h.paid()).toBe(before + 18);
  });

  test('several processes together promise no money twice', async () => {
    const { tenantId, account } = await h.tenant((3n * ETHER) / 2n);
    const managers = [h.manager(), h.manager(), h.manager()];
    const sent = await Promise.all(
      managers.map((manager, i) =>
        manager.submit({ ...h.payment(tenantId, `money of process ${i}`), to: TREASURY, valueWei: ETHER }),
      ),
    );
    expect(sent.map(({ state }) => state).sort()).toEqual(['broadcast', 'held', 'held']);
    await h.chain.setBalance({ address: account, value: 10n * ETHER });
    await h.settle(h.manager());
  });

  test('each state is told once to the sink: prepared, broadcast, mined, final', async () => {
    const { tenantId } = await h.tenant();
    const manager = h.manager();
    const sent = await manager.submit(h.payment(tenantId, 'told'));
    expect(sent.state).toBe(TransactionState.Broadcast);
    await h.settle(manager);

    expect(h.sink.statesOf('told')).toEqual(['prepared', 'broadcast', 'mined', 'final']);
    const settled = await manager.find(tenantId, 'told');
    expect(settled?.inclusion).toMatchObject({ hash: sent.attempts[0]?.hash, succeeded: true });
  });

  test('several processes that tick at once tell each state once', async () => {
    const { tenantId } = await h.tenant();
    const managers = [h.manager(), h.manager(), h.manager(), h.manager()];
    await managers[0]?.submit(h.payment(tenantId, 'ticked by all'));
    for (let block = 0; block <= FINALITY_DEPTH; block += 1) {
      await h.mine();
      await Promise.all(managers.map((manager) => manager.tick(CHAIN_ID)));
    }
    expect(h.sink.statesOf('ticked by all')).toEqual(['prepared', 'broadcast', 'mined', 'final']);
  });

  test('a transaction is final when its block is, and not a block earlier', async () => {
    const { tenantId } = await h.tenant();
    const manager = h.manager();
    await manager.submit(h.payment(tenantId, 'patient'));
    const states: (string | undefined)[] = [];
    for (let block = 0; block <= FINALITY_DEPTH; block += 1) {
      await h.mine();
      await manager.tick(CHAIN_ID);
      states.push((await manager.find(tenantId, 'patient'))?.state);
    }
    expect(states).toEqual([...Array.from({ length: FINALITY_DEPTH }, () => 'mined'), 'final']);
  });

  test('nothing is stored or sent when the sink fails: both commit or neither', async () => {
    const { tenantId, account } = await h.tenant();
    h.sink.failFor = tenantId;
    await expect(h.manager().submit(h.payment(tenantId, 'sink'))).rejects.toThrow('the sink fails');
    h.sink.failFor = undefined;

    expect(await h.manager().find(tenantId, 'sink')).toBeUndefined();
    expect(await h.chain.getTransactionCount({ address: account, blockTag: 'pending' })).toBe(0);
  });

  test('a call that the contract refuses throws with its reason, stores nothing and takes no nonce', async () => {
    const { tenantId } = await h.tenant();
    await h.chain.setCode({ address: REFUSING, bytecode: REFUSING_CODE });
    const manager = h.manager();

    const refused = manager.submit({ ...h.payment(tenantId, 'refused'), to: REFUSING, valueWei: 0n });
    await expect(refused).rejects.toThrow(ExecutionRevertedError);
    await expect(refused).rejects.toMatchObject({ code: 'EXECUTION_REVERTED', revertData: '0xdeadbeef' });

    expect(await manager.find(tenantId, 'refused')).toBeUndefined();
    expect((await manager.submit(h.payment(tenantId, 'next'))).nonce).toBe(0);
    await h.settle(manager);
  });

  test('who asks while another makes the call is answered that one, where the contract would refuse a second', async () => {
    const { tenantId } = await h.tenant();
    await h.chain.setCode({ address: ONCE, bytecode: ONCE_CODE });
    const intent = { ...h.payment(tenantId, 'once'), to: ONCE, valueWei: 0n };
    const { chains } = h.rpc();
    let made: ChainTransaction | undefined;
    // The second has looked for the intent, and found none, when it asks for the chain.
    const second = h.manager({}, h.signers(), {
      get: (chainId) => chains.get(chainId),
      for: async (...of) => {
        made = await h.manager().submit(intent);
        await h.chain.mine({ blocks: 1 });
        return chains.for(...of);
      },
    });

    const answer = await second.submit(intent);

    expect(answer.id).toBe(made?.id);
    await h.settle(h.manager());
    expect(await second.find(tenantId, 'once')).toMatchObject({
      state: 'final',
      inclusion: { succeeded: true },
    });
  });

  test('a gas limit that the caller gives is used as it is', async () => {
    const { tenantId } = await h.tenant();
    const sent = await h.manager().submit({ ...h.payment(tenantId, 'own gas'), gas: 123_456n });
    const [attempt] = sent.attempts;
    expect(parseTransaction(attempt?.raw ?? '0x').gas).toBe(123_456n);
    await h.settle(h.manager());
  });

  test('without money a transaction is held with what is missing, and goes out by itself after funding', async () => {
    const { tenantId, account } = await h.tenant(0n);
    const manager = h.manager();
    const intent = { ...h.payment(tenantId, 'poor'), valueWei: ETHER };
    const before = await h.paid();

    const held = await manager.submit(intent);
    expect(held).toMatchObject({ state: TransactionState.Held, attempts: [] });
    expect(held.nonce).toBeUndefined();
    expect(held.missingWei).toBeGreaterThan(ETHER);

    await h.mine();
    await manager.tick(CHAIN_ID);
    expect((await manager.find(tenantId, 'poor'))?.state).toBe(TransactionState.Held);

    await h.chain.setBalance({ address: account, value: 2n * ETHER });
    await h.settle(manager);
    expect(await manager.find(tenantId, 'poor')).toMatchObject({ state: TransactionState.Final, nonce: 0 });
    expect(await h.paid()).toBe(before + Number(ETHER));
  });

  test('what waits to be mined counts as spent: the account never promises the same money twice', async () => {
    const { tenantId } = await h.tenant(ETHER + ETHER / 2n);
    const manager = h.manager();
    const first = await manager.submit({ ...h.payment(tenantId, 'first'), valueWei: ETHER });
    const second = await manager.submit({ ...h.payment(tenantId, 'second'), valueWei: ETHER });
    expect([first.state, second.state]).toEqual([TransactionState.Broadcast, TransactionState.Held]);

    await h.chain.setBalance({ address: first.from, value: 5n * ETHER });
    await h.settle(manager);
    expect((await manager.find(tenantId, 'second'))?.nonce).toBe(1);
  });

  test('what is mined has left the balance, and is not counted as spent once more', async () => {
    const { tenantId } = await h.tenant(ETHER);
    const manager = h.manager();
    const share = { valueWei: (ETHER * 2n) / 5n };
    await manager.submit({ ...h.payment(tenantId, 'one share'), ...share });
    await h.mine();
    await manager.tick(CHAIN_ID);
    const next = await manager.submit({ ...h.payment(tenantId, 'another share'), ...share });
    expect(next.state).toBe(TransactionState.Broadcast);
    await h.settle(manager);
  });

  test('another tenant sees nothing under the same intent key, and has an account and nonces of its own', async () => {
    const [one, other] = [await h.tenant(), await h.tenant()];
    const manager = h.manager();
    const sent = await manager.submit(h.payment(one.tenantId, 'shared key'));
    expect(await manager.find(other.tenantId, 'shared key')).toBeUndefined();

    const theirs = await manager.submit(h.payment(other.tenantId, 'shared key'));
    expect(theirs.id).not.toBe(sent.id);
    expect([sent.nonce, theirs.nonce]).toEqual([0, 0]);
    expect(theirs.from).toBe(other.account);
    await h.settle(manager);
  });
});
