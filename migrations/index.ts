import { Tenancy1700000000001 } from './0001-tenancy';
import { ChainTransactions1700000000003 } from './0003-chain-transactions';

/** Every migration, oldest first. A released one is never edited; a later one changes what it made. */
export const migrations = [Tenancy1700000000001, ChainTransactions1700000000003];
