import { type Address, type Hex, zeroAddress } from 'viem';
import { payeeIdOf, payeeOf } from '../../../chains/evm/registry/payees';
import type { TransactionLog } from '../../../chains/evm/sales/executed-transaction';
import { allot } from '../../../domain/royalties/allotment';
import { type AccountId, erc20MoneyId, type MoneyId } from '../../../schema/caip';
import { CHAIN, ETHER } from '../../support/royalty-arbitraries';
import {
  ADA,
  BOB,
  credits,
  DOLLARS,
  deposits,
  EVE,
  ether,
  moves,
  order,
  pays,
  paysOut,
  RECEIVER,
  receives,
  statesSplit,
  to,
  work,
} from '../../support/sale-logs';

const TOKENS: readonly Address[] = [zeroAddress, DOLLARS];

/** What somebody does to a registry's money. */
export type Act =
  | { readonly do: 'sell'; readonly price: bigint; readonly paid: bigint }
  | { readonly do: 'give' | 'deposit'; readonly token: Address; readonly amount: bigint }
  | { readonly do: 'forward' | 'split'; readonly token: Address }
  | { readonly do: 'state a split'; readonly shares: readonly Share[] }
  | { readonly do: 'pay out'; readonly token: Address; readonly nth: number };

interface Share {
  readonly account: AccountId;
  readonly shareBps: number;
}

/** One token in receiver and vault. */
interface Pool {
  receiver: bigint;
  /** What lies in the receiver and nobody has seen come. */
  unseen: bigint;
  unsplit: bigint;
  /** What came with no sale, and was seen. */
  suspense: bigint;
  readonly credits: Map<Hex, bigint>;
  /** What was paid out, with the block. */
  readonly payouts: { readonly payeeId: Hex; readonly amount: bigint; readonly block: number }[];
}

/** Receiver and vault as the contracts are, as long as no token shrinks, and what the books should say of them. */
export class VaultModel {
  private constructor(
    private readonly pools: ReadonlyMap<Address, Pool>,
    private shares: readonly (Share & { readonly payeeId: Hex })[],
    private revision: bigint,
    private readonly accounts: Map<Hex, AccountId>,
    private owed: bigint,
    private settled: bigint,
  ) {}

  static empty(): VaultModel {
    const pools = new Map<Address, Pool>();
    for (const token of TOKENS)
      pools.set(token, {
        receiver: 0n,
        unseen: 0n,
        unsplit: 0n,
        suspense: 0n,
        credits: new Map(),
        payouts: [],
      });
    return new VaultModel(pools, [], 0n, new Map(), 0n, 0n);
  }

  copy(): VaultModel {
    const pools = new Map<Address, Pool>();
    for (const [token, pool] of this.pools)
      pools.set(token, { ...pool, credits: new Map(pool.credits), payouts: [...pool.payouts] });
    return new VaultModel(pools, this.shares, this.revision, new Map(this.accounts), this.owed, this.settled);
  }

  /** @returns What the contracts log of it; nothing if it would revert. */
  act(act: Act, block: number): TransactionLog[] {
    switch (act.do) {
      case 'sell':
        return this.sell(act.price, act.paid);
      case 'give':
        return this.give(act.token, act.amount);
      case 'deposit':
        this.pool(act.token).suspense += act.amount;
        return [deposits(EVE, act.amount, act.token), ...this.take(act.token, act.amount)];
      case 'forward':
        return this.forward(act.token);
      case 'split': {
        const pool = this.pool(act.token);
        const { unsplit } = pool;
        if (unsplit === 0n || this.shares.length === 0) return [];
        pool.unsplit = 0n;
        return this.take(act.token, unsplit);
      }
      case 'state a split':
        return this.state(act.shares);
      case 'pay out':
        return this.payOut(act.token, act.nth, block);
    }
  }

  /** What the books say, by account and without zeros, when the record is final up to a block. */
  books(finalBlock: number): Record<string, bigint> {
    const books: Record<string, bigint> = {};
    const add = (kind: string, asset: MoneyId, amount: bigint) => {
      if (amount !== 0n) books[`${kind} ${asset}`] = (books[`${kind} ${asset}`] ?? 0n) + amount;
    };
    for (const [token, pool] of this.pools) {
      const asset = token === zeroAddress ? ETHER : erc20MoneyId(CHAIN, token);
      // What leaves a vault is booked when it is final.
      const open = pool.payouts.filter(({ block }) => block > finalBlock);
      const pending = sum(open.map(({ amount }) => amount));
      const credited = sum([...pool.credits.values()]);
      const seen = pool.receiver - pool.unseen;
      add('RECEIVER', asset, seen);
      add('VAULT', asset, pool.unsplit + credited + pending);
      add('UNSPLIT', asset, -seen - pool.unsplit);
      add('SUSPENSE', asset, -pool.suspense);
      add('ROYALTY_DUE', asset, pool.suspense);
      for (const [payeeId, amount] of pool.credits) {
        const paid = sum(open.filter((payout) => payout.payeeId === payeeId).map((payout) => payout.amount));
        add(`ARTIST_PAYABLE ${this.accounts.get(payeeId)}`, asset, -amount - paid);
      }
    }
    add('SALE_CLEARING', ETHER, this.owed - this.settled);
    add('ROYALTY_DUE', ETHER, this.settled - this.owed);
    return Object.fromEntries(Object.entries(books).filter(([, amount]) => amount !== 0n));
  }

  private sell(price: bigint, paid: bigint): TransactionLog[] {
    const expected = (price * 500n) / 10_000n;
    this.owed += expected;
    this.settled += paid < expected ? paid : expected;
    this.pool(zeroAddress).receiver += paid;
    const asks = [to(ADA, ether(price - paid)), to(RECEIVER, ether(paid))];
    return [
      order({ by: ADA, for: BOB, offer: [work(1)], asks }),
      moves(ADA, BOB, 1),
      ...(paid === 0n ? [] : [receives(paid)]),
    ];
  }

  private give(token: Address, amount: bigint): TransactionLog[] {
    const pool = this.pool(token);
    pool.receiver += amount;
    if (token !== zeroAddress) {
      pool.unseen += amount;
      return [pays(EVE, RECEIVER, amount, token)];
    }
    pool.suspense += amount;
    return [receives(amount)];
  }

  private forward(token: Address): TransactionLog[] {
    const pool = this.pool(token);
    const amount = pool.receiver;
    if (amount === 0n) return [];
    pool.suspense += pool.unseen;
    [pool.receiver, pool.unseen] = [0n, 0n];
    return [deposits(RECEIVER, amount, token), ...this.take(token, amount)];
  }

  private state(shares: readonly Share[]): TransactionLog[] {
    const named = shares.map((share) => ({ ...share, payeeId: payeeIdOf(payeeOf(share.account)) }));
    this.shares = named.sort((one, other) => (one.payeeId < other.payeeId ? -1 : 1));
    for (const { payeeId, account } of this.shares) this.accounts.set(payeeId, account);
    this.revision += 1n;
    return [
      statesSplit(
        this.revision,
        this.shares.map(({ account, shareBps }) => ({ payee: payeeOf(account), bps: shareBps })),
      ),
    ];
  }

  private payOut(token: Address, nth: number, block: number): TransactionLog[] {
    const pool = this.pool(token);
    const owed = [...pool.credits].filter(([, amount]) => amount > 0n);
    const [payeeId, amount] = owed[nth % Math.max(1, owed.length)] ?? [];
    if (payeeId === undefined || amount === undefined) return [];
    pool.credits.set(payeeId, 0n);
    pool.payouts.push({ payeeId, amount, block });
    return [paysOut(payeeId, EVE, amount, token)];
  }

  /** Credits the payees of the split, in the order of their ids, or nobody yet. */
  private take(token: Address, amount: bigint): TransactionLog[] {
    const pool = this.pool(token);
    if (this.shares.length === 0) {
      pool.unsplit += amount;
      return [];
    }
    const parts = allot(
      amount,
      this.shares.map(({ shareBps }) => BigInt(shareBps)),
    );
    return this.shares.flatMap(({ payeeId }, place) => {
      const part = parts[place] ?? 0n;
      if (part === 0n) return [];
      pool.credits.set(payeeId, (pool.credits.get(payeeId) ?? 0n) + part);
      return credits(payeeId, part, token);
    });
  }

  private pool(token: Address): Pool {
    const pool = this.pools.get(token);
    if (pool === undefined) throw new Error(`the model has no token ${token}`);
    return pool;
  }
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
