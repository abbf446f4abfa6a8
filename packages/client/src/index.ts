export {
  type ClientOptions,
  ColophonClient,
  type ConnectionPage,
  type RequestOptions,
} from './client';
export { type ApiError, ColophonConnectionError, ColophonError } from './errors';
export { graphql, type ResultOf, type VariablesOf } from './graphql';
export type { RetryOptions } from './retry-schedule';
