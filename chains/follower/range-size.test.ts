import { RangeSize } from './range-size';

describe('RangeSize', () => {
  test('grows while ranges are sparse, up to a bound', () => {
    const size = new RangeSize(32);
    for (let range = 0; range < 20; range += 1) size.succeeded(10);
    expect(size.blocks).toBe(2_000);
  });

  test('is halved by failures and by too many logs, down to one block', () => {
    const size = new RangeSize(32);
    size.failed();
    size.succeeded(100_000);
    expect(size.blocks).toBe(8);
    for (let failure = 0; failure < 10; failure += 1) size.failed();
    expect(size.blocks).toBe(1);
  });

  test('stays where it is when ranges are as full as wanted', () => {
    const size = new RangeSize(32);
    size.succeeded(6_000);
    expect(size.blocks).toBe(32);
  });
});
