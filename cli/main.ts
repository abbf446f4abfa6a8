import 'reflect-metadata';
import { z } from 'zod';
import { DomainError } from '../schema/domain-error';
import { MasterKeyMissingError } from '../tenants/secrets/secret-errors';
import { DevnetInUseError } from '../test/devnet/process-registry';
import { type Command, parseCommand, USAGE } from './arguments';
import { runCheckDatabase } from './check-database/run-check-database';
import { UsageError } from './cli-errors';
import { type CommandContext, runDevnet, runStart } from './commands';
import { runDemo } from './demo/demo';
import { runExit } from './exit/run-exit';
import { runExport } from './export/run-export';
import { runMigrate } from './migrate';
import { runRebuild } from './rebuild/run-rebuild';
import { runRotateKeys } from './run-rotate-keys';
import { listenForStop } from './stop-signals';
import { runVerify } from './verify/run-verify';

/** How long a stop in order may take before the process ends anyhow, and with it what it runs. */
const STOP_TIMEOUT_MS = 60_000;

const print = (line: string) => process.stdout.write(`${line}\n`);

async function run(command: Command, context: CommandContext): Promise<void> {
  switch (command.name) {
    case 'start':
      return runStart(command, context);
    case 'demo':
      return runDemo(command, context);
    case 'devnet':
      return runDevnet(command.dataDir, context);
    case 'exit':
      return runExit(command.exit, print);
    case 'export':
      return runExport(command.export, context);
    case 'verify':
      return runVerify(command.verify, print);
    case 'check-database':
      return runCheckDatabase(command, context.env, print);
    case 'rebuild':
      return runRebuild(command.rebuild, context.env, print);
    case 'migrate':
      return runMigrate(context.env, context.print);
    case 'rotate-keys':
      return runRotateKeys(context.env, context.print);
    case 'help':
      return void print(USAGE);
  }
}

async function main(): Promise<void> {
  const command = parseCommand(process.argv.slice(2));
  const signal = listenForStop(() => {
    print('Stopping; once more to end at once.');
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
  });
  await run(command, { env: process.env, print, signal });
}

/** What a person can act on; for a bug, where it is. */
function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${USAGE}`;
  if (error instanceof z.ZodError) return `The environment is incomplete:\n${z.prettifyError(error)}`;
  if (error instanceof MasterKeyMissingError) return `${error.code}: ${error.message}`;
  if (error instanceof DomainError || error instanceof DevnetInUseError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().then(
  // What still listens would keep the process alive; all that needed an end has had one.
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
