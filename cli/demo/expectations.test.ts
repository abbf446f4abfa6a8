import { Expectations } from './expectations';

test('what does not hold and what throws are told and counted as failures', async () => {
  const lines: string[] = [];
  const expectations = new Expectations((line) => lines.push(line));
  await expectations.expect('water is wet', async () => true);
  await expectations.expect('fire is cold', async () => false);
  await expectations.expect('the sky answers', async () => {
    throw new Error('no answer');
  });
  expect(lines).toEqual(['  ✓ water is wet', '  ✗ fire is cold', '  ✗ the sky answers: no answer']);
  expect(expectations.result()).toEqual({ count: 3, failures: 2 });
});
