import type { Hex } from 'viem';
import type { TenantId } from '../../schema/ids';
import type { AddLicenceTemplate } from '../../schema/inputs/licence';
import type { LicenceTemplate } from '../../schema/types/licence';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { NotFoundError } from '../not-found-error';
import { STANDARD_TEMPLATES } from './standard-templates';
import { ownTemplate } from './template-document';
import type { LicenceTemplateRepository } from './template-repository';

/** The licence texts that a tenant can offer: those that everybody knows, and its own. */
export class LicenceTemplateService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly templates: LicenceTemplateRepository,
  ) {}

  async all(tenantId: TenantId): Promise<LicenceTemplate[]> {
    const own = await this.database.read(tenantId, (tx) => this.templates.all(tx));
    return [...STANDARD_TEMPLATES, ...own];
  }

  /** Adds a text of the tenant's own. The same text again answers as it was added first. */
  async add(tenantId: TenantId, { text, ...published }: AddLicenceTemplate): Promise<LicenceTemplate> {
    const template = ownTemplate(text, published);
    return this.database.transaction(tenantId, async (tx) => {
      await this.templates.insert(tx, template);
      return this.get(tx, template.hash);
    });
  }

  async findByHashes(tenantId: TenantId, hashes: readonly Hex[]): Promise<LicenceTemplate[]> {
    const own = await this.database.read(tenantId, (tx) => this.templates.findByHashes(tx, hashes));
    return [...STANDARD_TEMPLATES.filter(({ hash }) => hashes.includes(hash)), ...own];
  }

  /** @throws {@link NotFoundError} */
  async get(tx: TenantTx, hash: Hex): Promise<LicenceTemplate> {
    const standard = STANDARD_TEMPLATES.find((template) => template.hash === hash);
    const found = standard ?? (await this.templates.findByHashes(tx, [hash]))[0];
    if (found === undefined) throw new NotFoundError('LicenceTemplate', hash);
    return found;
  }
}
