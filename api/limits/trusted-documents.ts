import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** The deployment runs listed documents only, and this is none of them. */
export class DocumentNotTrustedError extends DomainError {
  readonly code = ErrorCode.DocumentNotTrusted;

  constructor() {
    super('Only documents that this deployment lists may run here.');
  }
}

const APQ_PREFIX = 'apq:';

/** SHA-256 in hex of a document, and the document. */
const fileSchema = z.record(z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex'), z.string());

/** The documents that may run. Clients send one in full, or its hash as a persisted query's. */
export class TrustedDocuments {
  private constructor(private readonly documents: ReadonlyMap<string, string>) {}

  /**
   * @param path - A JSON object of documents by the SHA-256 of their text.
   * @throws Error if the file cannot be read, or a document does not have the hash that it is listed under.
   */
  static load(path: string): TrustedDocuments {
    const documents = new Map(Object.entries(fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')))));
    for (const [hash, document] of documents) {
      if (hashOf(document) !== hash) throw new Error(`the trusted document ${hash} has another hash`);
    }
    return new TrustedDocuments(documents);
  }

  /** For Apollo, which looks persisted queries up under a prefix of its own. */
  async get(key: string): Promise<string | undefined> {
    return this.documents.get(key.slice(APQ_PREFIX.length));
  }

  /** Clients register nothing here: the list stands. */
  async set(): Promise<void> {
    return undefined;
  }

  /** As above. */
  async delete(): Promise<boolean> {
    return false;
  }

  /** @throws {@link DocumentNotTrustedError} */
  check(document: string): void {
    if (!this.documents.has(hashOf(document))) throw new DocumentNotTrustedError();
  }
}

function hashOf(document: string): string {
  return createHash('sha256').update(document).digest('hex');
}
