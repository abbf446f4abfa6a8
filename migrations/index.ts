import { Tenancy1700000000001 } from './0001-tenancy';
import { ChainState1700000000002 } from './0002-chain-state';
import { ChainTransactions1700000000003 } from './0003-chain-transactions';
import { Outbox1700000000004 } from './0004-outbox';
import { Registry1700000000005 } from './0005-registry';
import { Webhooks1700000000006 } from './0006-webhooks';
import { Idempotency1700000000007 } from './0007-idempotency';
import { GuardActions1700000000008 } from './0008-guard-actions';
import { ArtistSignatures1700000000009 } from './0009-artist-signatures';
import { BothBridges1700000000010 } from './0010-both-bridges';
import { WatchLanes1700000000011 } from './0011-watch-lanes';
import { Retirements1700000000012 } from './0012-retirements';
import { ApiKeys1700000000013 } from './0013-api-keys';
import { HopsOfRetiredChains1700000000014 } from './0014-hops-of-retired-chains';
import { Adoptions1700000000015 } from './0015-adoptions';
import { AuditLog1700000000016 } from './0016-audit-log';
import { TravelLimits1700000000017 } from './0017-travel-limits';
import { People1700000000018 } from './0018-people';
import { Operator1700000000019 } from './0019-operator';
import { Keys1700000000020 } from './0020-keys';
import { JobsInFlight1700000000021 } from './0021-jobs-in-flight';
import { ExitKit1700000000022 } from './0022-exit-kit';
import { Ledger1700000000023 } from './0023-ledger';
import { RpcEndpoints1700000000024 } from './0024-rpc-endpoints';
import { RegistryOwners1700000000025 } from './0025-registry-owners';
import { ClaimOutbox1700000000026 } from './0026-claim-outbox';
import { Sales1700000000027 } from './0027-sales';
import { Settlements1700000000028 } from './0028-settlements';
import { Licences1700000000029 } from './0029-licences';
import { Traces1700000000030 } from './0030-traces';
import { SealedFingerprints1700000000031 } from './0031-sealed-fingerprints';
import { TakeAndEndJobs1700000000032 } from './0032-take-and-end-jobs';
import { AuthorityEpochs1700000000033 } from './0033-authority-epochs';
import { MeteredRequests1700000000034 } from './0034-metered-requests';
import { BooksFollowVaults1700000000035 } from './0035-books-follow-vaults';
import { StatedPolicies1700000000036 } from './0036-stated-policies';
import { ExportsByTenants1700000000037 } from './0037-exports-by-tenants';
import { MoneyOfRegistries1700000000038 } from './0038-money-of-registries';
import { RoyaltyWalletChanges1700000000039 } from './0039-royalty-wallet-changes';
import { WorkCounts1700000000040 } from './0040-work-counts';
import { FencedSteps1700000000041 } from './0041-fenced-steps';
import { SearchedText1700000000042 } from './0042-searched-text';
import { LaneMedians1700000000043 } from './0043-lane-medians';
import { FilteredPages1700000000044 } from './0044-filtered-pages';
import { JobsPastTheQueue1700000000045 } from './0045-jobs-past-the-queue';

/** Every migration, oldest first. A released one is never edited; a later one changes what it made. */
export const migrations = [
  Tenancy1700000000001,
  ChainState1700000000002,
  ChainTransactions1700000000003,
  Outbox1700000000004,
  Registry1700000000005,
  Webhooks1700000000006,
  Idempotency1700000000007,
  GuardActions1700000000008,
  ArtistSignatures1700000000009,
  BothBridges1700000000010,
  WatchLanes1700000000011,
  Retirements1700000000012,
  ApiKeys1700000000013,
  HopsOfRetiredChains1700000000014,
  Adoptions1700000000015,
  AuditLog1700000000016,
  TravelLimits1700000000017,
  People1700000000018,
  Operator1700000000019,
  Keys1700000000020,
  JobsInFlight1700000000021,
  ExitKit1700000000022,
  Ledger1700000000023,
  RpcEndpoints1700000000024,
  RegistryOwners1700000000025,
  ClaimOutbox1700000000026,
  Sales1700000000027,
  Settlements1700000000028,
  Licences1700000000029,
  Traces1700000000030,
  SealedFingerprints1700000000031,
  TakeAndEndJobs1700000000032,
  AuthorityEpochs1700000000033,
  MeteredRequests1700000000034,
  BooksFollowVaults1700000000035,
  StatedPolicies1700000000036,
  ExportsByTenants1700000000037,
  MoneyOfRegistries1700000000038,
  RoyaltyWalletChanges1700000000039,
  WorkCounts1700000000040,
  FencedSteps1700000000041,
  SearchedText1700000000042,
  LaneMedians1700000000043,
  FilteredPages1700000000044,
  JobsPastTheQueue1700000000045,
];
