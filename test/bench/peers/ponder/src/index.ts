import { ponder } from 'ponder:registry';
import { transfer } from 'ponder:schema';

ponder.on('Mints:Transfer', async ({ event, context }) => {
  await context.db.insert(transfer).values({
    block: event.block.number,
    logIndex: event.log.logIndex,
    tokenId: event.args.tokenId,
    sender: event.args.from,
    receiver: event.args.to,
  });
});
