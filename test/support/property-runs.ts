/**
 * How many cases a property test draws: `short` of them, always the same ones; or, with PROPERTY_RUNS set, that many
 * times as many, and others at each run.
 */
export function propertyRuns(short: number): { readonly numRuns: number; readonly seed?: number } {
  const factor = process.env['PROPERTY_RUNS'];
  return factor === undefined ? { numRuns: short, seed: 1 } : { numRuns: short * Number(factor) };
}
