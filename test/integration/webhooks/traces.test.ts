import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import type { SettlementRecord } from '../../../domain/settlement/settlement-record';
import { type Tracing, traceTo } from '../../../domain/telemetry/tracing';
import { settlementAnnouncements } from '../../../domain/webhooks/settlement-announcer';
import type { TenantId } from '../../../schema/ids';
import { inSpan } from '../../../tenants/trace';
import { type TestEndpoint, WebhookHarness } from './harness';
import { Receiver } from './receiver';

const ASKED = '1'.repeat(32);
const OF_ANOTHER_TENANT = '2'.repeat(32);
const OURS = `0x${'a'.repeat(64)}`;
const STRANGERS = `0x${'b'.repeat(64)}`;
const exporter = new InMemorySpanExporter();

let h: WebhookHarness;
let receiver: Receiver;
let tracing: Tracing;
let endpoint: TestEndpoint;

beforeAll(async () => {
  tracing = traceTo(exporter, 'test', 0);
  h = await WebhookHarness.create();
  receiver = await Receiver.start();
  endpoint = await h.endpoint(await h.tenant(), receiver.url);
});
afterAll(async () => {
  await receiver.stop();
  await h.destroy();
  await tracing.stop();
});

/** Has a transaction signed as part of a traced request. */
async function sign(tenantId: TenantId, traceId: string, hash: string): Promise<void> {
  const parent = `00-${traceId}-b7ad6b7169203331-01`;
  await inSpan('request', parent, { attributes: {} }, () =>
    h.tenants.transaction(tenantId, async ({ manager }) => {
      await manager.query(
        "insert into nonce_lanes (tenant_id, chain_id, account) values ($1, 'eip155:1', '0xa')",
        [tenantId],
      );
      await manager.query(
        `insert into chain_transactions (tenant_id, chain_id, intent_key, account, to_address, data, value_wei,
                                         fills_gap, state, nonce)
         values ($1, 'eip155:1', 'settle', '0xa', '0xb', '', 0, false, 'broadcast', 0)`,
        [tenantId],
      );
      await manager.query(
        `insert into transaction_attempts (tenant_id, transaction_id, ordinal, hash, raw, nonce, gas, max_fee_per_gas_wei,
                                           max_priority_fee_per_gas_wei, signed_at_block, signed_at)
         select tenant_id, id, 1, $2, '', 0, 1, 1, 1, 1, now() from chain_transactions where tenant_id = $1`,
        [tenantId, hash],
      );
    }),
  );
}

/** What followers find of a settlement whose money left its vault by this transaction. */
async function find(sourceTransactionHash: string): Promise<void> {
  const id = crypto.randomUUID();
  // CAST: only what is announced of it is filled in.
  const settlement = {
    ...{ id, registryId: id, state: 'SENT', provisional: false, credits: [], failure: null },
    ...{ route: 'CCIP', sourceTransactionHash },
  } as unknown as SettlementRecord;
  await h.announce(endpoint.tenantId, ...settlementAnnouncements(settlement, 'SUBMITTED'));
}

test("what a follower finds belongs to the trace of the request whose transaction it is, strangers' to none, and never to another tenant's", async () => {
  await sign(endpoint.tenantId, ASKED, OURS);
  await sign(await h.tenant(), OF_ANOTHER_TENANT, STRANGERS);
  await find(OURS);
  await find(STRANGERS);
  expect(await h.deliver(endpoint)).toBeUndefined();

  const told = receiver.received.map(({ event }) => [
    event.type,
    event.data.sourceTransactionHash,
    event.traceparent?.split('-')[1],
  ]);
  expect(told).toEqual([
    ['settlement.sent', OURS, ASKED],
    ['settlement.sent', STRANGERS, undefined],
  ]);
  await tracing.flush();
  const spans = exporter.getFinishedSpans();
  const namesOf = (traceId: string) =>
    spans.filter((span) => span.spanContext().traceId === traceId).map(({ name }) => name);
  expect(namesOf(ASKED)).toEqual(['request', 'webhook']);
  expect(namesOf(OF_ANOTHER_TENANT)).toEqual(['request']);
});
