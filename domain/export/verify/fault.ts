/** Why an archive is refused. A code is never renamed or given another meaning. */
export const ArchiveFault = {
  ArchiveUnreadable: 'ARCHIVE_UNREADABLE',
  ManifestInvalid: 'MANIFEST_INVALID',
  SignatureInvalid: 'SIGNATURE_INVALID',
  KeyMismatch: 'KEY_MISMATCH',
  FileMissing: 'FILE_MISSING',
  FileUnexpected: 'FILE_UNEXPECTED',
  FileChanged: 'FILE_CHANGED',
  RowCountWrong: 'ROW_COUNT_WRONG',
  RowInvalid: 'ROW_INVALID',
  RowDuplicate: 'ROW_DUPLICATE',
  ReferenceBroken: 'REFERENCE_BROKEN',
  ScriptChanged: 'SCRIPT_CHANGED',
  DocumentChanged: 'DOCUMENT_CHANGED',
  CommitmentWrong: 'COMMITMENT_WRONG',
  WorkIdWrong: 'WORK_ID_WRONG',
  ProvenanceBroken: 'PROVENANCE_BROKEN',
  AuditBroken: 'AUDIT_BROKEN',
} as const;

export type ArchiveFault = (typeof ArchiveFault)[keyof typeof ArchiveFault];

/** One thing that is wrong, and where. */
export interface Fault {
  readonly code: string;
  /** A file of the archive, with the line if one is meant (`data/works.jsonl:12`), or a table of the database. */
  readonly where: string;
  readonly what: string;
}

/** What was looked at, and what was wrong with it. */
export interface Check {
  /** What is checked, in words. */
  readonly name: string;
  /** How many things of that kind were looked at. */
  readonly count: number;
  /** The first ones. */
  readonly faults: readonly Fault[];
  readonly faultCount: number;
}

/** Faults that a check keeps: enough to see what happened, however many there are. */
const KEPT_FAULTS = 10;

/** A check that is under way. */
export class RunningCheck implements Check {
  count = 0;
  faultCount = 0;
  readonly faults: Fault[] = [];

  constructor(readonly name: string) {}

  fail(code: string, where: string, what: string): void {
    this.faultCount += 1;
    if (this.faults.length < KEPT_FAULTS) this.faults.push({ code, where, what });
  }

  /** Counts one more, and notes the fault unless `holds`. */
  expect(holds: boolean, code: string, where: string, what: string): void {
    this.count += 1;
    if (!holds) this.fail(code, where, what);
  }
}
