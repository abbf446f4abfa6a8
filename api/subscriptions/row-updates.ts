import type { Bell } from './bell';

interface Row {
  readonly id: string;
}

/**
 * Yields the rows as they are now, and then each one whenever it has changed.
 *
 * Every ring of `bell` reads again and yields what differs from the last reading, so missed,
 * doubled and late rings do no harm. Ends when the bell or the iterator is closed, and with
 * whatever error `read` throws.
 *
 * @throws Whatever the first `read` throws: the subscription then never begins.
 */
export async function rowUpdates<R extends Row>(
  bell: Bell,
  read: () => Promise<readonly R[]>,
): Promise<AsyncGenerator<R, void, void>> {
  try {
    return closable(bell, changedRows(bell, await read(), read));
  } catch (error) {
    bell.close();
    throw error;
  }
}

async function* changedRows<R extends Row>(
  bell: Bell,
  first: readonly R[],
  read: () => Promise<readonly R[]>,
): AsyncGenerator<R, void, void> {
  let known = new Map<string, string>();
  try {
    for (let rows = first; ; rows = await read()) {
      const current = new Map(rows.map((row) => [row.id, JSON.stringify(row)]));
      const before = known;
      yield* rows.filter(({ id }) => current.get(id) !== before.get(id));
      known = current;
      if (!(await bell.next())) return;
    }
  } finally {
    bell.close();
  }
}

/** A generator that waits cannot hear `return`: closing its bell ends the wait first. */
function closable<R>(bell: Bell, rows: AsyncGenerator<R, void, void>): AsyncGenerator<R, void, void> {
  return {
    next: () => rows.next(),
    return: async () => {
      bell.close();
      return rows.return();
    },
    throw: async (error) => {
      bell.close();
      return rows.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => bell.close(),
  };
}
