/** What a field costs that counts rows for its answer: more than one that is read with its object. */
const COUNTING_COST = 20;

/** The complexity of such a field. */
export function counted({ childComplexity }: { readonly childComplexity: number }): number {
  return COUNTING_COST + childComplexity;
}
