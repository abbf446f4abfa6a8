import 'reflect-metadata';
import { failProcess } from '../../domain/fail-process';
import { UsageError } from '../cli-errors';
import { IMAGE_USAGE, type ImageCommand, parseImageCommand } from './arguments';

/** The entry point of the container image: one program for every role. Each loads only what it runs. */
async function run(command: ImageCommand): Promise<void> {
  const env = { ...process.env, ...('settings' in command && command.settings) };
  switch (command.name) {
    case 'api':
      return (await import('../../api/run-api.js')).runApi(env);
    case 'worker':
    case 'follower':
      return (await import('../../workers/run-role.js')).runRole(command.name, env);
    case 'migrate':
      return (await import('../migrate.js')).runMigrate(env, print);
    case 'rotate-keys':
      return (await import('../run-rotate-keys.js')).runRotateKeys(env, print);
    case 'check-database':
      return (await import('../check-database/run-check-database.js')).runCheckDatabase(command, env, print);
    case 'rebuild':
      return (await import('../rebuild/run-rebuild.js')).runRebuild(command.rebuild, env, print);
    case 'help':
      return print(IMAGE_USAGE);
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function main(): Promise<void> {
  await run(parseImageCommand(process.argv.slice(2)));
}

main().catch((error: unknown) => {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${IMAGE_USAGE}`);
    process.exitCode = 2;
  } else failProcess('the process failed')(error);
});
