import type { CountedRequests } from '../domain/tenancy/request-counts';
import { tenantIdSchema } from '../schema/ids';
import { RequestMeter } from './request-meter';

const ONE = tenantIdSchema.parse('11111111-1111-4111-8111-111111111111');
const TWO = tenantIdSchema.parse('22222222-2222-4222-8222-222222222222');

let sent: CountedRequests[];
let now: number;
let failing: boolean;
let meter: RequestMeter;

beforeEach(() => {
  sent = [];
  now = Date.parse('2026-11-30T23:59:59.999Z');
  failing = false;
  meter = new RequestMeter(
    async (counted) => {
      sent.push(counted);
      if (failing) throw new Error('no answer');
    },
    () => now,
  );
});

test('requests are added up by tenant and UTC day, and sent together', async () => {
  meter.count(ONE, false);
  meter.count(TWO, false);
  meter.count(ONE, true);
  now = Date.parse('2026-12-01T00:00:00Z');
  meter.count(ONE, false);
  await meter.flush();
  expect(sent.map(({ counts }) => counts)).toEqual([
    [
      { tenantId: ONE, day: '2026-11-30', requests: 2, refused: 1 },
      { tenantId: ONE, day: '2026-12-01', requests: 1, refused: 0 },
      { tenantId: TWO, day: '2026-11-30', requests: 1, refused: 0 },
    ],
  ]);
});

test('what was sent is not sent again, and nothing is sent of nothing', async () => {
  await meter.flush();
  meter.count(ONE, false);
  await meter.flush();
  await meter.flush();
  expect(sent).toHaveLength(1);
});

test('what may not have arrived is sent again as it was, before what was counted since', async () => {
  meter.count(ONE, false);
  failing = true;
  await expect(meter.flush()).rejects.toThrow('no answer');
  meter.count(ONE, true);
  await expect(meter.flush()).rejects.toThrow('no answer');
  failing = false;
  await meter.flush();
  const first = { sequence: 1, counts: [{ tenantId: ONE, day: '2026-11-30', requests: 1, refused: 0 }] };
  const second = { sequence: 2, counts: [{ tenantId: ONE, day: '2026-11-30', requests: 1, refused: 1 }] };
  expect(sent).toMatchObject([first, first, first, second]);
  expect(new Set(sent.map(({ meterId }) => meterId)).size).toBe(1);
});
