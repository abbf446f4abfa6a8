import type { Row } from '../table-reader';
import type { RunningCheck } from './fault';

/** Looks at the rows of one table, or of several, in the order of the archive. */
export interface RowCheck {
  readonly checks: readonly RunningCheck[];
  /** @param where - File and line. */
  look(table: string, row: Row, where: string): void;
  /** Told once there are no more rows. */
  finish(): void;
}
