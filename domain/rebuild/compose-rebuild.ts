import { VerifiedRanges } from '../../chains/follower/verified-ranges';
import { BlockStore } from '../chain-state/block-store';
import { ChainLogRepository } from '../chain-state/log-repository';
import { LicenceRepository } from '../licensing/licence-repository';
import type { OpenFoundations } from '../open-foundations';
import { REGISTRY_EVENT_TOPICS } from '../provenance/event-decoder';
import { EventIntake } from '../provenance/event-intake';
import { FindingRepository } from '../provenance/finding-repository';
import { ProjectionRepository } from '../provenance/projection-repository';
import { ProvenanceRepository } from '../provenance/provenance-repository';
import { RegistryEventRepository } from '../provenance/registry-event-repository';
import { RegistryRepository } from '../registry/registry-repository';
import { WorkRepository } from '../registry/work-repository';
import { ChainRebuilder } from './chain-rebuilder';
import { RebuildService } from './rebuild-service';
import { RecordRebuilder } from './record-rebuilder';

/** What compares and replaces everything that is derived from chains. */
export function composeRebuild({
  tenants,
  system,
  chains,
}: Pick<OpenFoundations, 'tenants' | 'system' | 'chains'>) {
  const events = new RegistryEventRepository();
  const intake = new EventIntake(new ChainLogRepository(), events, new ProjectionRepository());
  const records = new RecordRebuilder(intake, {
    // A rebuild announces nothing.
    registries: new RegistryRepository({ stateChanged: async () => undefined }),
    works: new WorkRepository(),
    events,
    provenance: new ProvenanceRepository(),
    findings: new FindingRepository(),
    licences: new LicenceRepository(),
  });
  const store = new BlockStore(system, { changed: async () => undefined });
  const logs = new ChainRebuilder(
    system,
    store,
    (chainId) => new VerifiedRanges(chains.get(chainId), REGISTRY_EVENT_TOPICS),
  );
  return { records, logs, service: new RebuildService({ tenants, system }, logs, records) };
}
