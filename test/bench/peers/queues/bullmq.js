const { once } = require('node:events');
const { Worker } = require('bullmq');
const { startReports } = require('./reports');

/** Plain BullMQ with a handler that does nothing. Arguments: connection (JSON), queue, concurrency, report interval. */
async function main() {
  const [connection, queueName, concurrency, everyMs] = process.argv.slice(2);
  const worker = new Worker(queueName, async () => undefined, {
    connection: JSON.parse(connection),
    concurrency: Number(concurrency),
  });
  let ended = 0;
  worker.on('completed', () => {
    ended += 1;
  });
  worker.on('error', console.error);
  await worker.waitUntilReady();
  const stopReports = startReports(() => ended, Number(everyMs));
  await once(process, 'SIGTERM');
  await worker.close();
  stopReports();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
