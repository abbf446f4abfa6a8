import Bull from 'bull';
import { firstSignal } from '../../../domain/first-signal';
import { CONCURRENCY } from './contest';
import { startReports } from './reports';

/** Plain Bull with a handler that does nothing. Arguments: Redis, the queue's name. */
async function main(): Promise<void> {
  const [redisUrl = '', queueName = ''] = process.argv.slice(2);
  const stopped = firstSignal();
  const queue = new Bull(queueName, redisUrl);
  let ended = 0;
  queue.on('completed', () => {
    ended += 1;
  });
  queue.process(CONCURRENCY, async () => undefined).catch(console.error);
  await queue.isReady();
  const reports = startReports(() => ({ ended, begun: [] }));
  await stopped;
  await queue.close();
  reports.stop();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
