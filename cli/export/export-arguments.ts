import { type TenantId, tenantIdSchema } from '../../schema/ids';
import { UsageError } from '../cli-errors';
import { parseOptions } from '../parse-options';

export interface ExportCommand {
  /** Undefined for the tenant of a running start's demonstrations. */
  readonly tenantId: TenantId | undefined;
  /** The archive, which must not be there yet. */
  readonly file: string;
  /** Of a running start. */
  readonly dataDir: string;
}

export const EXPORT_USAGE = `options of export (needs APP_DATABASE_URL and EXPORT_KEY_FILE, or a running start):
  --out FILE   the archive to write, e.g. gallery.tar.gz
  --tenant ID  whose data; may be left out for the demo's tenant of a running start
  --data DIR   data folder of the running start (default .colophon)`;

/** @throws {@link UsageError} that names what is wrong. */
export function parseExport(args: readonly string[], defaultDataDir: string): ExportCommand {
  const { out, tenant, data } = parseOptions(args, {
    out: { type: 'string' },
    tenant: { type: 'string' },
    data: { type: 'string' },
  });
  if (out === undefined || out === '') throw new UsageError('export needs --out FILE.');
  return { tenantId: parseTenant(tenant), file: out, dataDir: data ?? defaultDataDir };
}

function parseTenant(text: string | undefined): TenantId | undefined {
  if (text === undefined) return undefined;
  const parsed = tenantIdSchema.safeParse(text);
  if (!parsed.success) throw new UsageError(`--tenant needs a tenant's id (a UUID), not ${text}.`);
  return parsed.data;
}
