import { GroupCommit } from './group-commit';

describe('items of a group commit', () => {
  test('that come in one turn are written together, the first of them too', async () => {
    const batches: (readonly number[])[] = [];
    const commit = new GroupCommit<number, number>(async (items) => {
      batches.push(items);
      return items.map((item) => item * 10);
    });
    const results = await Promise.all([
      commit.add(1),
      commit.add(2),
      Promise.resolve(3).then((n) => commit.add(n)),
    ]);

    expect(results).toEqual([10, 20, 30]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  test('that come while a batch is written make up the next, each with its own result', async () => {
    const batches: (readonly number[])[] = [];
    const late: Promise<number>[] = [];
    const commit = new GroupCommit<number, number>(async (items) => {
      batches.push(items);
      if (batches.length === 1) late.push(commit.add(2), commit.add(3));
      return items.map((item) => item * 10);
    });

    expect(await commit.add(1)).toBe(10);
    expect(await Promise.all(late)).toEqual([20, 30]);
    expect(batches).toEqual([[1], [2, 3]]);
  });

  test('are written in batches of a size, as many at the same time as may be, and none is forgotten', async () => {
    const open: (() => void)[] = [];
    const batches: (readonly number[])[] = [];
    const commit = new GroupCommit<number, number>(
      async (items) => {
        batches.push(items);
        await new Promise<void>((resolve) => open.push(resolve));
        return items.map((item) => item * 10);
      },
      { items: 2, batches: 2 },
    );
    const results = Promise.all([1, 2, 3, 4, 5, 6, 7].map((item) => commit.add(item)));
    await new Promise(setImmediate);
    expect(batches).toEqual([
      [1, 2],
      [3, 4],
    ]);
    for (let opened = 0; opened < 4; opened += 1) {
      open[opened]?.();
      await new Promise(setImmediate);
    }

    expect(await results).toEqual([10, 20, 30, 40, 50, 60, 70]);
    expect(batches).toEqual([[1, 2], [3, 4], [5, 6], [7]]);
  });

  test('fail with their batch, and the next batch is written all the same', async () => {
    let failing = true;
    const commit = new GroupCommit<number, number>(async (items) => {
      if (failing) throw new Error('the database is away');
      return items;
    });
    await expect(Promise.all([commit.add(1), commit.add(2)])).rejects.toThrow('the database is away');
    failing = false;

    expect(await commit.add(3)).toBe(3);
  });
});
