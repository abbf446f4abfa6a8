/**
 * Preloaded into a process (`node --require`), sets its wall clock off by CLOCK_SKEW_MS; clocks that only measure
 * durations stay right, as on a machine whose time is wrong.
 */
const skewMs = Number(process.env['CLOCK_SKEW_MS'] ?? '0');
const TrueDate = Date;

class SkewedDate extends TrueDate {
  constructor(...args: readonly unknown[]) {
    if (args.length === 0) super(TrueDate.now() + skewMs);
    // CAST: what Date takes, Date is given.
    else super(...(args as ConstructorParameters<typeof Date>));
  }

  static override now(): number {
    return TrueDate.now() + skewMs;
  }
}

// CAST: called without `new`, Date is a string of now; nobody here calls it so.
globalThis.Date = SkewedDate as DateConstructor;
