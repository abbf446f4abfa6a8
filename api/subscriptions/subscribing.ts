import type { RequestContext } from '../request-context';

/** What a subscription's `subscribe` function works with, as type-graphql hands it over. */
export interface Subscribing<Args> {
  readonly args: Args;
  readonly context: RequestContext;
}
