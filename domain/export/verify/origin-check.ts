import { isHex, keccak256, stringToBytes } from 'viem';
import { z } from 'zod';
import { commitmentOf, tokenIdOf } from '../../../chains/evm/registry/work-origin';
import type { JsonObject } from '../../../schema/inputs/json-document';
import { documentHashOf } from '../../registry/document-hash';
import type { Row } from '../table-reader';
import { ArchiveFault, RunningCheck } from './fault';
import { isJsonObject } from './json-of';
import type { RowCheck } from './row-check';

const wordSchema = z.custom<`0x${string}`>((value) => isHex(value) && value.length === 66);

const projectSchema = z.object({ script: z.string(), script_hash: z.string() });

const workSchema = z.object({
  document: z.custom<JsonObject>(isJsonObject),
  document_hash: wordSchema,
  edition: z.number().int().min(0).nullable(),
  seed: wordSchema.nullable(),
  commitment: wordSchema.nullable(),
  token_id: z.string().regex(/^\d+$/).nullable(),
});

/** Whether scripts and documents are those that were hashed, and works are what their ids bind. */
export class OriginCheck implements RowCheck {
  private readonly scripts = new RunningCheck('script hashes');
  private readonly documents = new RunningCheck('document hashes');
  private readonly commitments = new RunningCheck('commitments');
  private readonly ids = new RunningCheck('work ids');
  readonly checks = [this.scripts, this.documents, this.commitments, this.ids];

  look(table: string, row: Row, where: string): void {
    if (table === 'projects') this.lookAtProject(row, where);
    if (table === 'works') this.lookAtWork(row, where);
  }

  finish(): void {
    return;
  }

  private lookAtProject(row: Row, where: string): void {
    const project = projectSchema.safeParse(row);
    if (!project.success) {
      this.scripts.fail(ArchiveFault.RowInvalid, where, 'it is no project');
      return;
    }
    const { script, script_hash: hash } = project.data;
    const holds = keccak256(stringToBytes(script)) === hash;
    this.scripts.expect(holds, ArchiveFault.ScriptChanged, where, `the script’s hash is not ${hash}`);
  }

  private lookAtWork(row: Row, where: string): void {
    const work = workSchema.safeParse(row);
    if (!work.success) {
      this.documents.fail(ArchiveFault.RowInvalid, where, 'it is no work');
      return;
    }
    const { document, document_hash: hash, edition, seed, commitment, token_id: tokenId } = work.data;
    const documentHash = documentHashOf(document);
    this.documents.expect(
      documentHash === hash,
      ArchiveFault.DocumentChanged,
      where,
      `the document’s hash is not ${hash}`,
    );
    // Before the mint there is none of it.
    if (edition === null && seed === null && commitment === null && tokenId === null) return;
    const made =
      edition !== null && seed !== null && commitmentOf({ documentHash, seed, edition: BigInt(edition) });
    this.commitments.expect(
      made !== false && made === commitment,
      ArchiveFault.CommitmentWrong,
      where,
      `document, seed and edition do not make the commitment ${commitment}`,
    );
    const carries =
      edition !== null && commitment !== null && String(tokenIdOf(commitment, BigInt(edition))) === tokenId;
    this.ids.expect(
      carries,
      ArchiveFault.WorkIdWrong,
      where,
      `the id ${tokenId} does not carry its commitment`,
    );
  }
}
