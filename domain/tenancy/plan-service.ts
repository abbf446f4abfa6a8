import type { AssignPlan, SetPlan } from '../../schema/inputs/plan';
import { UNLIMITED_PLAN } from '../../schema/quotas';
import type { Plan } from '../../schema/types/quota';
import type { SystemDatabase, SystemTx } from '../../tenants/system-database';
import { NotFoundError } from '../not-found-error';
import type { PlanRepository } from './plan-repository';
import { PlanBuiltInError } from './tenant-errors';

/** What tenants may use, as the platform's operator decides. What it changes holds for the next request. */
export class PlanService {
  constructor(
    private readonly database: SystemDatabase,
    private readonly plans: PlanRepository,
  ) {}

  async all(): Promise<Plan[]> {
    return this.database.transaction((tx) => this.plans.all(tx));
  }

  /** Makes a plan, or changes all of it for everybody who has it. @throws {@link PlanBuiltInError} */
  async set(input: SetPlan): Promise<Plan> {
    if (input.plan === UNLIMITED_PLAN) throw new PlanBuiltInError(input.plan);
    return this.database.transaction(async (tx) => {
      await this.plans.put(tx, input);
      return this.read(tx, input.plan);
    });
  }

  /** @throws {@link NotFoundError} for the plan or the tenant. */
  async assign(input: AssignPlan): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.read(tx, input.plan);
      if (!(await this.plans.assign(tx, input))) throw new NotFoundError('Tenant', input.tenantId);
    });
  }

  private async read(tx: SystemTx, name: string): Promise<Plan> {
    const plan = await this.plans.find(tx, name);
    if (plan === undefined) throw new NotFoundError('Plan', name);
    return plan;
  }
}
