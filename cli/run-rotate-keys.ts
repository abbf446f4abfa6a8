import { rotateKeys, rotationConfigSchema } from './rotate-keys';

/** How often `rotate-keys` says how far it is. */
const PROGRESS_INTERVAL_MS = 1_000;

/** `rotate-keys`: runs until no secret needs an earlier master key. @throws MasterKeyMissingError */
export async function runRotateKeys(env: NodeJS.ProcessEnv, print: (line: string) => void): Promise<void> {
  const config = rotationConfigSchema.parse(env);
  let printedAt = performance.now();
  const { tenants, rewrapped } = await rotateKeys(config, ({ tenantsDone, tenants, rewrapped }) => {
    if (performance.now() - printedAt < PROGRESS_INTERVAL_MS) return;
    printedAt = performance.now();
    print(`${tenantsDone} of ${tenants} tenants, ${rewrapped} secrets rewrapped`);
  });
  print(`${rewrapped} secrets of ${tenants - 1} tenants were rewrapped; all are under MASTER_KEY now.`);
}
