/** One error of an answer, as the API sends it. */
export interface ApiError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: {
    /** Stable; `docs/api.md` explains each. */
    readonly code?: string;
    /** The same call may succeed later. */
    readonly retryable?: boolean;
    /** The field of the input that breaks a rule. */
    readonly field?: string;
    readonly [name: string]: unknown;
  };
}

/** The API refused the request, or a part of it. */
export class ColophonError extends Error {
  override readonly name = 'ColophonError';
  /** Of the first error. */
  readonly code: string;
  readonly retryable: boolean;

  /**
   * @param errors - All of them; at least one.
   * @param data - What was answered besides, if anything.
   * @param requestId - To quote to the platform's operator.
   */
  constructor(
    readonly errors: readonly ApiError[],
    readonly data: unknown,
    readonly requestId: string | undefined,
  ) {
    const [first] = errors;
    super(first?.message ?? 'the API answered an error without a message');
    this.code = first?.extensions?.code ?? 'UNKNOWN';
    this.retryable = first?.extensions?.retryable === true;
  }
}

/** No answer of the API came, or one that is none. What a mutation did then is not known: send it again under its key. */
export class ColophonConnectionError extends Error {
  override readonly name = 'ColophonConnectionError';
}
