/** One thing that must hold for every row, as SQL that finds the rows for which it does not. */
export interface SqlCheck {
  /** What is checked, in words. */
  readonly name: string;
  /** What is wrong where it fails. A code is never renamed or given another meaning. */
  readonly code: string;
  /** How many rows there are to check, of the tenant `$1`. */
  readonly counted: string;
  /** Answers `what`, a sentence for each row that breaks it, of the tenant `$1`. */
  readonly broken: string;
}

const ENTRIES = 'select count(*) as count from ledger_entries where tenant_id = $1';
const POSTINGS = 'select count(*) as count from ledger_postings where tenant_id = $1';
const WORKS = 'select count(*) as count from works where tenant_id = $1';
const DISPATCHES = 'select count(*) as count from dispatches where tenant_id = $1';

const POSTED = `ledger_postings p join ledger_accounts a on a.tenant_id = p.tenant_id and a.id = p.account_id`;

/** The books by themselves: nothing of what is stored about them is believed that can be computed from postings. */
const LEDGER: readonly SqlCheck[] = [
  {
    name: 'entries that balance',
    code: 'ENTRY_UNBALANCED',
    counted: ENTRIES,
    broken: `select 'entry ' || e.sequence || ' sums to ' || coalesce(s.total::text, 'nothing') || ' in ' || coalesce(s.asset, '-') as what
               from ledger_entries e left join lateral (
                 select a.asset, sum(p.amount) as total from ${POSTED}
                  where p.tenant_id = e.tenant_id and p.sequence = e.sequence group by a.asset
               ) s on true
              where e.tenant_id = $1 and s.total is distinct from 0 order by e.sequence`,
  },
  {
    name: 'currencies that sum to zero',
    code: 'BOOKS_UNBALANCED',
    counted: 'select count(distinct asset) as count from ledger_accounts where tenant_id = $1',
    broken: `select 'all postings in ' || a.asset || ' sum to ' || sum(p.amount) as what from ${POSTED}
              where p.tenant_id = $1 group by a.asset having sum(p.amount) <> 0 order by a.asset`,
  },
  {
    name: 'balances replayed',
    code: 'BALANCE_WRONG',
    counted: POSTINGS,
    broken: `select 'after entry ' || sequence || ' account ' || account_id || ' has ' || balance || ', not ' || replayed as what
               from (select sequence, account_id, balance, sum(amount) over (partition by account_id order by sequence) as replayed
                       from ledger_postings where tenant_id = $1) p
              where balance <> replayed order by sequence, account_id`,
  },
  {
    name: 'entries in one sequence',
    code: 'ENTRY_MISSING',
    counted: ENTRIES,
    broken: `select 'entry ' || sequence || ' has the place of entry ' || place as what
               from (select sequence, row_number() over (order by sequence) as place
                       from ledger_entries where tenant_id = $1) e where sequence <> place
             union all
             select 'the books end with entry ' || coalesce(last.sequence, 0) || ', and should end with ' || e.sequence
               from ledger_ends e left join lateral (
                 select max(sequence) as sequence from ledger_entries where tenant_id = $1) last on true
              where e.tenant_id = $1 and e.sequence <> coalesce(last.sequence, 0)
             union all
             select 'there is no end of the books' where not exists (select from ledger_ends where tenant_id = $1)
                and exists (select from ledger_entries where tenant_id = $1)`,
  },
  {
    name: 'entries in time',
    code: 'ENTRY_OUT_OF_TIME',
    counted: ENTRIES,
    broken: `select 'entry ' || sequence || ' was posted before the one before it' as what
               from (select sequence, posted_at, lag(posted_at) over (order by sequence) as before
                       from ledger_entries where tenant_id = $1) e where posted_at < before order by sequence`,
  },
  {
    // As digestOf in domain/ledger/ledger-entry.ts: of a reversal it is that of the entry that it takes back.
    name: 'digests of entries',
    code: 'ENTRY_CHANGED',
    counted: ENTRIES,
    broken: `select 'entry ' || e.sequence || ' is not what was posted' as what
               from ledger_entries e cross join lateral (
                 select string_agg(a.kind || ' ' || a.owner || ' ' || a.asset || ' '
                                   || case when e.occurrence % 2 = 1 then -p.amount else p.amount end, E'\\n'
                                   order by (a.kind || ' ' || a.owner || ' ' || a.asset || ' '
                                   || case when e.occurrence % 2 = 1 then -p.amount else p.amount end) collate "C") as lines
                   from ${POSTED} where p.tenant_id = e.tenant_id and p.sequence = e.sequence
               ) s
              where e.tenant_id = $1
                and e.digest is distinct from sha256(convert_to(e.project_id || E'\\n' || s.lines, 'UTF8')) order by e.sequence`,
  },
];

const RECORD: readonly SqlCheck[] = [
  {
    name: 'works with one live copy',
    code: 'LIVE_COPIES_WRONG',
    counted: WORKS,
    broken: `select 'work ' || w.id || ' is ' || w.state || ' and has ' || l.live || ' live legs' as what
               from works w cross join lateral (
                 select count(*) filter (where l.state = 'LIVE') as live, count(*) as legs,
                        bool_or(l.state = 'LIVE' and l.chain_id = w.chain_id and l.holder is not distinct from w.holder) as same
                   from legs l where l.tenant_id = w.tenant_id and l.work_id = w.id
               ) l
              where w.tenant_id = $1 and (
                l.live <> case w.state when 'LIVE' then 1 else 0 end
                or w.state = 'LIVE' and l.same is not true
                or w.state in ('MINTING', 'MINT_FAILED') and l.legs > 0) order by w.id`,
  },
  {
    name: 'works behind their mints',
    code: 'WORK_MISSING',
    counted: `select count(*) as count from registry_events where tenant_id = $1 and name in ('WorkMinted', 'WorkAdopted')`,
    broken: `select e.name || ' of token ' || e.token_id || ' in block ' || e.block_number || ' of ' || e.chain_id || ' has no work' as what
               from registry_events e
              where e.tenant_id = $1 and e.name in ('WorkMinted', 'WorkAdopted') and not exists (
                select from works w where w.tenant_id = $1 and w.registry_id = e.registry_id
                   and w.document_hash = e.args->>'documentHash') order by e.chain_id, e.block_number, e.log_index`,
  },
];

/** What is counted as works change, against works. */
const COUNTS: readonly SqlCheck[] = [
  {
    name: 'works counted',
    code: 'WORKS_MISCOUNTED',
    counted: WORKS,
    broken: `select 'registry ' || registry_id || ' has ' || counted || ' works counted ' || state || ' on ' || place || ', and ' || kept as what
               from (select registry_id, state, coalesce(nullif(place, ''), 'no chain') as place, sum(counted) as counted, sum(kept) as kept
                       from (select registry_id, state, chain_id as place, works as counted, 0 as kept from work_counts
                              where tenant_id = $1
                             union all
                             select registry_id, state, coalesce(chain_id, ''), 0, 1 from works where tenant_id = $1) each
                      group by 1, 2, 3) c
              where counted <> kept order by registry_id, state, place`,
  },
];

const DISPATCH: readonly SqlCheck[] = [
  {
    name: 'dispatches with evidence',
    code: 'DISPATCH_UNPROVEN',
    counted: DISPATCHES,
    broken: `select 'dispatch ' || d.id || ' is ' || d.state || ' without a final event that says so' as what from dispatches d
              where d.tenant_id = $1 and d.state = 'CONFIRMED' and not exists (
                select from registry_events e where e.tenant_id = $1 and e.registry_id = d.registry_id and e.digest = d.digest
                   and e.name = 'StatementApplied' and e.chain_id = d.destination_chain_id and e.final) order by d.id`,
  },
  {
    name: 'dispatches with a way on',
    code: 'DISPATCH_STUCK',
    counted: DISPATCHES,
    broken: `select 'dispatch ' || d.id || ' is REQUESTED, and neither a job nor a transaction takes it on' as what from dispatches d
              where d.tenant_id = $1 and d.state = 'REQUESTED'
                and not exists (select from outbox o where o.tenant_id = $1 and o.job = 'submit-dispatch'
                                   and o.payload->>'dispatchId' = d.id::text and o.state in ('PENDING', 'QUEUED', 'RUNNING'))
                and not exists (select from chain_transactions t where t.tenant_id = $1
                                   and t.intent_key = 'dispatch:' || d.id || ':' || d.attempt) order by d.id`,
  },
];

export const SQL_CHECKS: readonly SqlCheck[] = [...LEDGER, ...RECORD, ...COUNTS, ...DISPATCH];
