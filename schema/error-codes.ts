/**
 * The stable codes of every expected failure, as clients read them in `errors[].extensions.code`
 * and in the `failure.code` of a dispatch. A code is never renamed or given another meaning.
 */
export const ErrorCode = {
  // requests
  BadUserInput: 'BAD_USER_INPUT',
  Unauthenticated: 'UNAUTHENTICATED',
  Forbidden: 'FORBIDDEN',
  NotFound: 'NOT_FOUND',
  Conflict: 'CONFLICT',
  QueryTooComplex: 'QUERY_TOO_COMPLEX',
  RateLimited: 'RATE_LIMITED',
  DocumentNotTrusted: 'DOCUMENT_NOT_TRUSTED',
  TransportNotSupported: 'TRANSPORT_NOT_SUPPORTED',
  NotReady: 'NOT_READY',
  IdempotencyKeyReused: 'IDEMPOTENCY_KEY_REUSED',
  IdempotencyInProgress: 'IDEMPOTENCY_IN_PROGRESS',
  Internal: 'INTERNAL',
  GraphqlParseFailed: 'GRAPHQL_PARSE_FAILED',
  GraphqlValidationFailed: 'GRAPHQL_VALIDATION_FAILED',
  // registry
  ChainNotSupported: 'CHAIN_NOT_SUPPORTED',
  LaneNotSupported: 'LANE_NOT_SUPPORTED',
  LaneNotOpen: 'LANE_NOT_OPEN',
  LanePaused: 'LANE_PAUSED',
  ReleasePolicy: 'RELEASE_POLICY',
  MetadataTooLarge: 'METADATA_TOO_LARGE',
  EditionCapExceeded: 'EDITION_CAP_EXCEEDED',
  RegistryNotReady: 'REGISTRY_NOT_READY',
  RegistryKind: 'REGISTRY_KIND',
  ArtistSignatureMissing: 'ARTIST_SIGNATURE_MISSING',
  ArtistSignatureInvalid: 'ARTIST_SIGNATURE_INVALID',
  // works
  WorkNotMinted: 'WORK_NOT_MINTED',
  WorkInFlight: 'WORK_IN_FLIGHT',
  WorkFrozen: 'WORK_FROZEN',
  WorkBurned: 'WORK_BURNED',
  WorkAlreadyThere: 'WORK_ALREADY_THERE',
  NotWorkHolder: 'NOT_WORK_HOLDER',
  PermitInvalid: 'PERMIT_INVALID',
  EscrowNotApproved: 'ESCROW_NOT_APPROVED',
  // dispatches
  DispatchNotRetryable: 'DISPATCH_NOT_RETRYABLE',
  StatementNotSent: 'STATEMENT_NOT_SENT',
  StatementApplied: 'STATEMENT_APPLIED',
  StatementHeld: 'STATEMENT_HELD',
  StatementHeldBefore: 'STATEMENT_HELD_BEFORE',
  StatementVoided: 'STATEMENT_VOIDED',
  StatementDisputed: 'STATEMENT_DISPUTED',
  ChainRetired: 'CHAIN_RETIRED',
  InsufficientFunds: 'INSUFFICIENT_FUNDS',
  ExecutionReverted: 'EXECUTION_REVERTED',
  // keys
  ScopeNotHeld: 'SCOPE_NOT_HELD',
  LastApiKey: 'LAST_API_KEY',
  ApiKeyLimitReached: 'API_KEY_LIMIT_REACHED',
  ApiKeyOver: 'API_KEY_OVER',
  // people
  SignInFailed: 'SIGN_IN_FAILED',
  SignInBlocked: 'SIGN_IN_BLOCKED',
  SignInExpired: 'SIGN_IN_EXPIRED',
  InvitationOver: 'INVITATION_OVER',
  MemberExists: 'MEMBER_EXISTS',
  MemberLimitReached: 'MEMBER_LIMIT_REACHED',
  LastOwner: 'LAST_OWNER',
  PersonRequired: 'PERSON_REQUIRED',
  IdentityTaken: 'IDENTITY_TAKEN',
  LastWayIn: 'LAST_WAY_IN',
  IdentityProviderMissing: 'IDENTITY_PROVIDER_MISSING',
  IdentityProviderFailed: 'IDENTITY_PROVIDER_FAILED',
  MasterKeyMissing: 'MASTER_KEY_MISSING',
  // webhooks
  WebhookUrlRefused: 'WEBHOOK_URL_REFUSED',
  WebhookLimitReached: 'WEBHOOK_LIMIT_REACHED',
  WebhookDisabled: 'WEBHOOK_DISABLED',
  WebhookReplayTooLarge: 'WEBHOOK_REPLAY_TOO_LARGE',
  // chains
  RpcUnavailable: 'RPC_UNAVAILABLE',
  RpcDisagreement: 'RPC_DISAGREEMENT',
  RpcWrongChain: 'RPC_WRONG_CHAIN',
  // local start
  EmbeddedServiceFailed: 'EMBEDDED_SERVICE_FAILED',
} as const;

export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];
