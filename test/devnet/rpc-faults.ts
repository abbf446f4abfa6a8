import { z } from 'zod';

const block = z.number().int().nonnegative();

/**
 * What an RPC endpoint does wrong. One at a time, and the same way in every method that shows it.
 *
 * - `lag`: answers as a node `blocks` behind would, in heads, tags, blocks, logs, receipts and state.
 * - `wrongBlockHash`: blocks from `fromBlock` carry a false own hash; parents, logs and receipts stay true,
 *   so the chain that it shows does not hold together.
 * - `alterLogs`: the data of every log is changed, in logs and in receipts.
 * - `omitLogs`: `eth_getLogs` finds nothing (of `address`, if given); blocks and receipts stay true.
 * - `limitLogs`: `eth_getLogs` over more than `blocks` blocks is refused, as hosted nodes do (EIP-1474, -32005).
 * - `fork`: from `fromBlock` on, a consistent other chain: other hashes in blocks, parents, logs, receipts.
 * - `rateLimit`: HTTP 429 with `Retry-After`.
 * - `hang`: takes requests and never answers; `down`: closes the connection; `slow`: answers late.
 * - `wrongChainId`: says that it is another chain.
 */
export const rpcFaultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('lag'), blocks: z.number().int().positive() }),
  z.strictObject({ kind: z.literal('wrongBlockHash'), fromBlock: block }),
  z.strictObject({ kind: z.literal('alterLogs') }),
  z.strictObject({ kind: z.literal('omitLogs'), address: z.string().optional() }),
  z.strictObject({ kind: z.literal('limitLogs'), blocks: z.number().int().positive() }),
  z.strictObject({ kind: z.literal('fork'), fromBlock: block }),
  z.strictObject({ kind: z.literal('rateLimit'), retryAfterSeconds: z.number().int().nonnegative() }),
  z.strictObject({ kind: z.literal('hang') }),
  z.strictObject({ kind: z.literal('down') }),
  z.strictObject({ kind: z.literal('slow'), delayMs: z.number().int().nonnegative() }),
  z.strictObject({ kind: z.literal('wrongChainId'), eip155: z.number().int().positive() }),
]);

/** See {@link rpcFaultSchema}. */
export type RpcFault = z.output<typeof rpcFaultSchema>;
