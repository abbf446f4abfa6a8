import { hash } from 'node:crypto';
import { getAddress, type Hex, toEventSelector, zeroAddress } from 'viem';
import { collectionAbi } from '../../../chains/abi/collection';
import { gatewayAbi } from '../../../chains/abi/gateway';
import { chainHashOf } from '../../../chains/evm/registry/manifest';
import { commitmentOf, tokenIdOf } from '../../../chains/evm/registry/work-origin';
import { canonicalHash } from '../../../domain/canonical-json';
import type { EventArgs, RegistryEventName } from '../../../domain/provenance/registry-event';
import { COLLECTION, documentOf, GATEWAY, HOME, MIRROR } from './registry';

/** The two chains of the registry: where works are minted, and where some of them go. */
export type Side = 'home' | 'mirror';

/** What an event says, as the record has it. */
export interface EventFacts {
  readonly name: RegistryEventName;
  readonly work: number | undefined;
  readonly tokenId: string | null;
  readonly digest: Hex | null;
  readonly args: EventArgs;
}

/** One log as a contract of the registry writes it. */
export interface LifeLog {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  /** Undefined for those that the record passes over. */
  readonly facts: (() => EventFacts) | undefined;
}

/** What makes a work: all of it follows from its number. */
export interface LifeWork {
  readonly number: number;
  readonly documentHash: Hex;
  readonly seed: Hex;
  readonly edition: number;
  readonly commitment: Hex;
  readonly tokenId: bigint;
}

/** Works whose lives begin together, in the same four blocks. */
export const COHORT = 100;
/** Mints; transfers; departures; arrivals on the mirror. */
export const BLOCKS_PER_COHORT = 4;
/** What a later round adds: works of before are transferred and leave, others are minted. */
const ROUND = { mints: 15, transfers: 100, departures: 20 } as const;
/** Logs of one round, on both chains. */
export const LOGS_PER_ROUND = 2 * ROUND.mints + ROUND.transfers + 6 * ROUND.departures;
/** Blocks without events between the beginning and the rounds: all of the beginning is final before they come. */
export const QUIET_BLOCKS = 8;
/** Works that a holder has, about. */
const WORKS_PER_HOLDER = 10;
/** Works that are remembered once made: each is asked for several times in a row. */
const MADE_WORKS = 10 * COHORT;
const BEGUN = 1_700_000_000;
const SECONDS_PER_BLOCK = 2;

/**
 * The lives of works of one registry on two chains, by block: a pure function of their number, so that any block of any
 * number of works can be told without telling those before.
 *
 * Of each four works of the beginning two are transferred once and one leaves for the mirror. Later rounds touch works
 * all over those that are there, in an order that jumps.
 */
export class Life {
  /** The last block of the beginning: all its works are there, and where they stay. */
  readonly begun: number;
  private readonly holders: number;
  private readonly addresses = new Map<number, Hex>();
  private readonly made = new Map<number, LifeWork>();

  /** @param works - Of the beginning: a multiple of 100. @param rounds - That follow; then nothing happens. */
  constructor(
    readonly works: number,
    readonly rounds: number,
  ) {
    if (works % COHORT !== 0) throw new Error(`the number of works is a multiple of ${COHORT}`);
    this.begun = (works / COHORT) * BLOCKS_PER_COHORT;
    this.holders = works / WORKS_PER_HOLDER;
  }

  /** The last block of so many later rounds. */
  blockAfter(rounds: number): number {
    return this.begun + QUIET_BLOCKS + rounds * BLOCKS_PER_COHORT;
  }

  /** How many times four blocks come before the rounds. */
  private get firstRound(): number {
    return (this.begun + QUIET_BLOCKS) / BLOCKS_PER_COHORT;
  }

  /** The last block in which anything happens. */
  get last(): number {
    return this.blockAfter(this.rounds);
  }

  /** How many works there are once so many rounds have passed. */
  worksAfter(rounds: number): number {
    return this.works + rounds * ROUND.mints;
  }

  timeOf(block: number): number {
    return BEGUN + block * SECONDS_PER_BLOCK;
  }

  /** The block of home in which a work is minted. */
  mintBlockOf(number: number): number {
    const cohort =
      number < this.works
        ? Math.floor(number / COHORT)
        : this.firstRound + Math.floor((number - this.works) / ROUND.mints);
    return cohort * BLOCKS_PER_COHORT + 1;
  }

  work(number: number): LifeWork {
    let work = this.made.get(number);
    if (work === undefined) {
      work = this.make(number);
      if (this.made.size >= MADE_WORKS) this.made.clear();
      this.made.set(number, work);
    }
    return work;
  }

  private make(number: number): LifeWork {
    const documentHash = canonicalHash(documentOf(number));
    const seed = hexOf(`seed/${number}`);
    const edition = number + 1;
    const commitment = commitmentOf({ documentHash, seed, edition: BigInt(edition) });
    return {
      number,
      documentHash,
      seed,
      edition,
      commitment,
      tokenId: tokenIdOf(commitment, BigInt(edition)),
    };
  }

  /** Who has a work after so many changes of hands. */
  holderOf(work: number, turn: number): Hex {
    const holder = (work * 7_919 + turn * 104_729) % this.holders;
    let address = this.addresses.get(holder);
    if (address === undefined) {
      address = getAddress(hexOf(`holder/${holder}`).slice(0, 42));
      this.addresses.set(holder, address);
    }
    return address;
  }

  /** What happens in a block, transaction by transaction. */
  transactions(side: Side, block: number): LifeLog[][] {
    if (block < 1 || block > this.last) return [];
    const stage = (block - 1) % BLOCKS_PER_COHORT;
    const cohort = Math.floor((block - 1) / BLOCKS_PER_COHORT);
    const isBegin = block <= this.begun;
    const round = cohort - this.firstRound;
    if (!isBegin && round < 0) return [];
    if (side === 'mirror') {
      if (stage !== 3) return [];
      return (isBegin ? this.leavers(cohort) : this.laterLeavers(round)).map((leaver) =>
        this.arrival(leaver),
      );
    }
    switch (stage) {
      case 0:
        return this.minted(isBegin, cohort, round).map((number) => this.mint(number));
      case 1:
        return isBegin
          ? range(COHORT / 2, (index) => this.transfer(cohort * COHORT + 2 * index, 0))
          : range(ROUND.transfers, (index) => this.laterTransfer(round * ROUND.transfers + index));
      case 2:
        return (isBegin ? this.leavers(cohort) : this.laterLeavers(round)).map((leaver) =>
          this.departure(leaver),
        );
      default:
        return [];
    }
  }

  private minted(isBegin: boolean, cohort: number, round: number): number[] {
    return isBegin
      ? range(COHORT, (index) => cohort * COHORT + index)
      : range(ROUND.mints, (index) => this.worksAfter(round) + index);
  }

  /** Works of the beginning with 4n + 1. */
  private leavers(cohort: number): Leaver[] {
    return range(COHORT / 4, (index) => ({
      number: cohort * COHORT + 4 * index + 1,
      turn: 0,
      nonce: (cohort * COHORT) / 4 + index + 1,
    }));
  }

  /** Works with 4n + 2, which were transferred once, each once. */
  private laterLeavers(round: number): Leaver[] {
    const fourth = this.works / 4;
    return range(ROUND.departures, (index) => {
      const place = round * ROUND.departures + index;
      if (place >= fourth) throw new Error('so many works cannot leave');
      return { number: 4 * jump(place, fourth) + 2, turn: 1, nonce: fourth + place + 1 };
    });
  }

  /** Works with 4n + 3, which were never transferred, one after the other and then again. */
  private laterTransfer(place: number): LifeLog[] {
    const fourth = this.works / 4;
    return this.transfer(4 * jump(place % fourth, fourth) + 3, Math.floor(place / fourth));
  }

  private mint(number: number): LifeLog[] {
    const work = this.work(number);
    const to = this.holderOf(number, 0);
    const { documentHash, seed, edition, commitment } = work;
    return [
      transferLog(work, zeroAddress, to, false),
      {
        address: COLLECTION,
        topics: [SELECTORS.WorkMinted, word(work.tokenId), addressWord(to), documentHash],
        data: words(seed, word(edition), commitment),
        facts: () =>
          factsOf(work, 'WorkMinted', { to, documentHash, seed, edition: String(edition), commitment }),
      },
    ];
  }

  private transfer(number: number, turn: number): LifeLog[] {
    return [
      transferLog(this.work(number), this.holderOf(number, turn), this.holderOf(number, turn + 1), true),
    ];
  }

  private departure({ number, turn, nonce }: Leaver): LifeLog[] {
    const work = this.work(number);
    const holder = this.holderOf(number, turn);
    const to = addressWord(holder);
    const { digest, messageId, transport } = statementOf(number);
    return [
      transferLog(work, holder, COLLECTION, false),
      {
        address: COLLECTION,
        topics: [SELECTORS.WorkDeparted, word(work.tokenId), MIRROR_HASH, addressWord(holder)],
        data: words(word(1), to, word(nonce)),
        facts: () =>
          factsOf(work, 'WorkDeparted', {
            dstChainHash: MIRROR_HASH,
            hop: '1',
            holder,
            to,
            nonce: String(nonce),
          }),
      },
      {
        address: GATEWAY,
        topics: [SELECTORS.StatementSent, digest, MIRROR_HASH, messageId],
        data: words(word(nonce), word(WORKS), word(transport)),
        facts: () => ({
          name: 'StatementSent',
          work: undefined,
          tokenId: null,
          digest,
          args: {
            digest,
            dstChainHash: MIRROR_HASH,
            nonce: String(nonce),
            kind: String(WORKS),
            transport: String(transport),
            messageId,
          },
        }),
      },
    ];
  }

  private arrival({ number, turn, nonce }: Leaver): LifeLog[] {
    const work = this.work(number);
    const holder = this.holderOf(number, turn);
    const { digest } = statementOf(number);
    return [
      transferLog(work, zeroAddress, holder, false),
      {
        address: COLLECTION,
        topics: [SELECTORS.WorkArrived, word(work.tokenId), HOME_HASH, addressWord(holder)],
        data: words(word(1), digest),
        facts: () =>
          factsOf(work, 'WorkArrived', { srcChainHash: HOME_HASH, hop: '1', holder, digest }, digest),
      },
      {
        address: GATEWAY,
        topics: [SELECTORS.StatementApplied, digest, HOME_HASH],
        data: words(word(nonce), word(WORKS)),
        facts: () => ({
          name: 'StatementApplied',
          work: undefined,
          tokenId: null,
          digest,
          args: { digest, srcChainHash: HOME_HASH, nonce: String(nonce), kind: String(WORKS) },
        }),
      },
    ];
  }
}

/** A work that leaves home, after so many changes of hands, with the statement of this number. */
interface Leaver {
  readonly number: number;
  readonly turn: number;
  readonly nonce: number;
}

/** The contracts' number of a statement that carries works. */
const WORKS = 3;
const HOME_HASH = chainHashOf(HOME);
const MIRROR_HASH = chainHashOf(MIRROR);

const SELECTORS = {
  Transfer: selectorOf(collectionAbi, 'Transfer'),
  WorkMinted: selectorOf(collectionAbi, 'WorkMinted'),
  WorkDeparted: selectorOf(collectionAbi, 'WorkDeparted'),
  WorkArrived: selectorOf(collectionAbi, 'WorkArrived'),
  StatementSent: selectorOf(gatewayAbi, 'StatementSent'),
  StatementApplied: selectorOf(gatewayAbi, 'StatementApplied'),
} as const;

type Abi = typeof collectionAbi | typeof gatewayAbi;

function selectorOf(abi: Abi, name: string): Hex {
  const event = abi.find((item) => item.type === 'event' && item.name === name);
  if (event?.type !== 'event') throw new Error(`there is no event ${name}`);
  return toEventSelector(event);
}

/** The statement with which a work leaves home, over the bridges by turns. */
function statementOf(work: number) {
  return {
    digest: hexOf(`statement/${work}`),
    messageId: hexOf(`message/${work}`),
    transport: 1 + (Math.floor(work / 4) % 2),
  };
}

/** @param isTold - Whether the record has it: not what goes with a mint, a departure or an arrival. */
function transferLog(work: LifeWork, from: Hex, to: Hex, isTold: boolean): LifeLog {
  const tokenId = String(work.tokenId);
  return {
    address: COLLECTION,
    topics: [SELECTORS.Transfer, addressWord(from), addressWord(to), word(work.tokenId)],
    data: '0x',
    facts: isTold
      ? () => ({ name: 'Transfer', work: work.number, tokenId, digest: null, args: { from, to, tokenId } })
      : undefined,
  };
}

function factsOf(
  work: LifeWork,
  name: RegistryEventName,
  args: EventArgs,
  digest: Hex | null = null,
): EventFacts {
  const workId = String(work.tokenId);
  return { name, work: work.number, tokenId: workId, digest, args: { workId, ...args } };
}

/** A permutation of the numbers below `count` in which neighbours are far apart. */
function jump(place: number, count: number): number {
  // Prime, and no divisor of a count that is a multiple of 25 with other factors 2 and 5 only.
  return (place * 7_919) % count;
}

function range<T>(count: number, of: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => of(index));
}

/** 32 bytes that follow from a text. */
export function hexOf(text: string): Hex {
  return `0x${hash('sha256', text)}`;
}

function word(value: number | bigint): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`;
}

function addressWord(address: Hex): Hex {
  return `0x${address.slice(2).toLowerCase().padStart(64, '0')}`;
}

function words(...values: readonly Hex[]): Hex {
  return `0x${values.map((value) => value.slice(2)).join('')}`;
}
