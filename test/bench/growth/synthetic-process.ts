import { Life } from './life';
import { serveSynthetic } from './synthetic-server';

/** Serves the synthetic chains until its parent is gone, and tells it the port: so that its processor time is not ours. */
async function main(works: number, rounds: number): Promise<void> {
  const { port } = await serveSynthetic(new Life(works, rounds));
  process.on('disconnect', () => process.exit());
  process.send?.(port);
}

main(Number(process.argv[2]), Number(process.argv[3])).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
