import { ownersOf, readRecordedHolders, readRegistryTruth } from '../../support/registry-truth';
import { runCommand } from '../../support/run-command';
import type { Deployment, Gallery } from './deployment';
import type { Accepted } from './load';

/** Compares what was accepted with the chains and the record with both. @returns What is wrong. */
export async function audit(deployment: Deployment, accepted: readonly Accepted[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const gallery of deployment.galleries) {
    const own = accepted.filter((one) => one.gallery === gallery);
    wrong.push(...(await auditGallery(deployment, gallery, own)));
  }
  const { environment } = deployment.stage;
  wrong.push(
    ...(await runCommand(environment, 'check-database')),
    ...(await runCommand(environment, 'rebuild', '--all')),
  );
  return wrong;
}

async function auditGallery(
  { stage }: Deployment,
  { tenantId, registryId }: Gallery,
  accepted: readonly Accepted[],
): Promise<string[]> {
  const truth = await readRegistryTruth(
    stage.devnet,
    await stage.domain.registries.get(tenantId, registryId),
  );
  const recorded = await readRecordedHolders(stage.database, tenantId);
  const wrong: string[] = [];
  for (const { documentHash, sentTo } of accepted) {
    const [token, ...others] = truth.mints.filter((mint) => mint.documentHash === documentHash);
    if (token === undefined || others.length > 0) {
      wrong.push(`${documentHash} was minted ${others.length + (token === undefined ? 0 : 1)} times`);
      continue;
    }
    const { tokenId } = token;
    const timesIn = (moves: readonly { readonly tokenId: string }[]) =>
      moves.filter((move) => move.tokenId === tokenId).length;
    const asked = sentTo === undefined ? 0 : 1;
    const [departed, arrived] = [timesIn(truth.departures), timesIn(truth.arrivals)];
    if (departed !== asked || arrived !== asked)
      wrong.push(`${documentHash} departed ${departed} times, arrived ${arrived} (asked: ${asked})`);
    const owners = ownersOf(truth.live, tokenId);
    if (owners.length !== 1 || owners[0] !== recorded.get(tokenId)?.toLowerCase())
      wrong.push(
        `${documentHash} is live as ${owners.join(' and ') || 'nothing'}; recorded: ${recorded.get(tokenId)}`,
      );
    if (sentTo !== undefined && owners[0]?.startsWith(`${sentTo}:`) !== true)
      wrong.push(`${documentHash} was sent to ${sentTo} and is ${owners[0]}`);
  }
  if (truth.mints.length !== accepted.length || recorded.size !== accepted.length)
    wrong.push(
      `${accepted.length} works were accepted, ${truth.mints.length} are on chain, ${recorded.size} in the record`,
    );
  return wrong;
}
