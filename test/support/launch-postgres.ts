import { startPostgres } from '../../cli/embedded/postgres';

/**
 * A launcher process to be killed: starts PostgreSQL as told by its first argument (JSON), prints
 * one line of JSON about it, and runs until SIGTERM.
 */
async function main(): Promise<void> {
  // CAST: only LauncherClone passes it.
  const options = JSON.parse(process.argv[2] ?? '{}') as { dataDir: string; sharedFolders: string[] };
  const logged: string[] = [];
  try {
    const postgres = await startPostgres({ ...options, durable: true, log: (line) => logged.push(line) });
    process.once('SIGTERM', () => void postgres.stop());
    console.log(JSON.stringify({ adminUrl: postgres.adminUrl, dataDir: postgres.dataDir, logged }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error), logged }));
  }
}

void main();
