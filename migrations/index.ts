import { Tenancy1700000000001 } from './0001-tenancy';

/** Every migration, oldest first. A released one is never edited; a later one changes what it made. */
export const migrations = [Tenancy1700000000001];
