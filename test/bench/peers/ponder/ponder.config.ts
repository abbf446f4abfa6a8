import { createConfig } from 'ponder';
import { transferAbi } from './abi';

/** Ponder begins with 20 requests a second to each URL and has no option for it: this many lift that to 500. */
const URLS = 25;

export default createConfig({
  database: { kind: 'postgres', connectionString: process.env.DATABASE_URL },
  chains: {
    bench: { id: Number(process.env.BENCH_EIP155), rpc: Array(URLS).fill(process.env.BENCH_RPC_URL) },
  },
  contracts: {
    Mints: {
      abi: transferAbi,
      chain: 'bench',
      address: process.env.BENCH_CONTRACT as `0x${string}`, // CAST: the benchmark passes an address
      startBlock: Number(process.env.BENCH_FROM_BLOCK),
    },
  },
});
