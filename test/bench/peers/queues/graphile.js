const { EventEmitter, once } = require('node:events');
const { Logger, run } = require('graphile-worker');
const { startReports } = require('./reports');

/**
 * graphile-worker with a handler that does nothing, and what its documentation advises for many short jobs
 * (https://worker.graphile.org/docs/performance): jobs fetched and completed in batches.
 * Arguments: database, concurrency, report interval.
 */
async function main() {
  const [connectionString, concurrency, everyMs] = process.argv.slice(2);
  const events = new EventEmitter();
  let ended = 0;
  events.on('job:success', () => {
    ended += 1;
  });
  const runner = await run({
    connectionString,
    concurrency: Number(concurrency),
    events,
    noHandleSignals: true,
    logger: new Logger(() => (level, message) => level === 'error' && console.error(message)),
    taskList: { idle: async () => undefined },
    preset: {
      worker: {
        localQueue: { size: 2 * Number(concurrency) },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
  });
  const stopReports = startReports(() => ended, Number(everyMs));
  await once(process, 'SIGTERM');
  await runner.stop();
  stopReports();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
