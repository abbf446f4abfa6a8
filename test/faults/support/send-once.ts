import 'reflect-metadata';
import pino from 'pino';
import { composeDomain } from '../../../domain/compose';
import { openFoundations } from '../../../domain/open-foundations';
import { chainIdSchema } from '../../../schema/caip';
import { tenantIdSchema, workIdSchema } from '../../../schema/ids';
import { armKillPoint } from '../../../schema/kill-point';
import { workerConfigSchema } from '../../../workers/config';

/** The API's part in a process of its own: `send-once.js TENANT WORK DESTINATION` asks for one send and ends. */
async function main(): Promise<void> {
  const [, , tenantId, workId, destination] = process.argv;
  const config = workerConfigSchema.parse(process.env);
  if (config.KILL_AT !== undefined) armKillPoint(config.KILL_AT);
  const options = { applicationName: 'send-once', poolSize: 2, logger: pino({ level: config.LOG_LEVEL }) };
  const foundations = await openFoundations(config, options);
  await composeDomain(foundations).dispatches.send(tenantIdSchema.parse(tenantId), {
    workId: workIdSchema.parse(workId),
    destinationChainId: chainIdSchema.parse(destination),
    lane: 'CCIP',
  });
  await foundations.close();
}

main().catch((error: unknown) => {
  pino().fatal({ err: error }, 'the process failed');
  process.exitCode = 1;
});
