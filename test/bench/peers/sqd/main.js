const { event, indexed } = require('@subsquid/evm-abi');
const { address, uint256 } = require('@subsquid/evm-codec');
const { EvmBatchProcessor } = require('@subsquid/evm-processor');
const { TypeormDatabase } = require('@subsquid/typeorm-store');
const { Transfer } = require('./lib/model');

/** As squid-evm-typegen writes it. */
const transfer = event(
  '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef',
  'Transfer(address,address,uint256)',
  { from: indexed(address), to: indexed(address), tokenId: indexed(uint256) },
);

const { BENCH_RPC_URL, BENCH_CONTRACT, BENCH_FROM_BLOCK, BENCH_TO_BLOCK, BENCH_DEPTH } = process.env;

const processor = new EvmBatchProcessor()
  // No rate limit; more connections than it reads ranges at a time.
  .setRpcEndpoint({ url: BENCH_RPC_URL, capacity: 25, maxBatchCallSize: 100 })
  .setFinalityConfirmation(Number(BENCH_DEPTH))
  .setFields({ log: { address: true, topics: true, data: true } })
  .setBlockRange({ from: Number(BENCH_FROM_BLOCK), to: Number(BENCH_TO_BLOCK) })
  .addLog({ address: [BENCH_CONTRACT], topic0: [transfer.topic] });

processor.run(new TypeormDatabase({ projectDir: __dirname, supportHotBlocks: true }), async (ctx) => {
  const transfers = [];
  for (const block of ctx.blocks) {
    for (const log of block.logs) {
      if (log.address !== BENCH_CONTRACT || log.topics[0] !== transfer.topic) continue;
      const { from, to, tokenId } = transfer.decode(log);
      const { height } = block.header;
      const id = log.id;
      transfers.push(
        new Transfer({ id, block: height, logIndex: log.logIndex, tokenId, sender: from, receiver: to }),
      );
    }
  }
  await ctx.store.insert(transfers);
});
