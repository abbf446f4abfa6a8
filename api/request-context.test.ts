import type { Authority } from '../domain/tenancy/caller';
import { tenantIdSchema } from '../schema/ids';
import type { Scope } from '../schema/scopes';
import type { Identity } from './auth/authenticator';
import { type ContextParts, RequestContext } from './request-context';

const TENANT = tenantIdSchema.parse('11111111-1111-4111-8111-111111111111');

function identity(scopes: readonly Scope[], epoch: string): Identity {
  const authority: Authority = {
    caller: {
      tenantId: TENANT,
      // CAST: nobody looks at the id.
      actor: { type: 'ApiKey', id: 'key' as never },
      scopes,
      standing: { isSuspended: false, apiRequestsPerMinute: null },
    },
    epoch,
    endsInMs: null,
  };
  return { authority, isOperator: false };
}

const NOBODY: Identity = { authority: undefined, isOperator: false };

/** A request whose caller is recalled as `before`, and looked up as `now`. */
async function recalled({ now, confirmed }: { now: Identity; confirmed: boolean }) {
  const before = identity(['read', 'work:write'], '3');
  let lookUps = 0;
  const judged: unknown[] = [];
  const parts = {
    authorization: 'Bearer key',
    authenticator: {
      begin: () => 1,
      recall: () => before,
      isConfirmed: () => confirmed,
      identify: async () => {
        lookUps += 1;
        return now;
      },
    },
    makeLoaders: () => ({}),
    rateLimits: {
      judge: (caller: unknown) => {
        judged.push(caller);
        return [];
      },
    },
  };
  // CAST: a request looks at no more of its parts here.
  const context = await RequestContext.recall(parts as unknown as ContextParts);
  const runs: (readonly Scope[] | undefined)[] = [];
  const read = () => context.reading(async () => runs.push(context.caller?.scopes));
  return { context, runs, read, lookUps: () => lookUps, judged };
}

test('a recalled caller whose reads saw that nothing has changed is not looked up', async () => {
  const { runs, read, lookUps } = await recalled({ now: NOBODY, confirmed: true });
  await read();
  expect(runs).toEqual([['read', 'work:write']]);
  expect(lookUps()).toBe(0);
});

test('a recalled caller whom no read confirms is looked up before the answer, which stands if nothing has changed', async () => {
  const same = identity(['read', 'work:write'], '3');
  const { runs, read, lookUps } = await recalled({ now: same, confirmed: false });
  await read();
  expect(runs).toHaveLength(1);
  expect(lookUps()).toBe(1);
});

test('of a recalled caller who has changed the answer is found anew, by what he may do now and within his limits', async () => {
  const narrowed = identity(['read'], '4');
  const { context, runs, read, judged } = await recalled({ now: narrowed, confirmed: false });
  const { loaders } = context;
  expect(await read()).toBe(2);
  expect(runs).toEqual([['read', 'work:write'], ['read']]);
  expect(judged).toEqual([narrowed.authority?.caller]);
  expect(context.loaders).not.toBe(loaders);
});

test('a recalled caller who was locked out gets the answer of a stranger', async () => {
  const { runs, read } = await recalled({ now: NOBODY, confirmed: false });
  await read();
  expect(runs).toEqual([['read', 'work:write'], undefined]);
});

test('a caller is looked up before what has effects, once', async () => {
  const { context, lookUps } = await recalled({ now: NOBODY, confirmed: true });
  await context.confirm();
  await context.confirm();
  expect(context.caller).toBeUndefined();
  expect(lookUps()).toBe(1);
});
