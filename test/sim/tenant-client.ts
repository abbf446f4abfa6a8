import type { z } from 'zod';
import type { Operation } from '../../cli/demo/api-client';
import type { PatientClient } from '../support/patient-client';

/** What one tenant's programs ask the API by. */
export class TenantClient {
  constructor(
    private readonly client: PatientClient,
    private readonly apiKey: string,
  ) {}

  /** @throws As {@link PatientClient.request}. */
  request<Schema extends z.ZodType>(
    operation: Operation<Schema>,
    variables: Readonly<Record<string, unknown>>,
    idempotencyKey: string,
  ): Promise<z.output<Schema>> {
    return this.client.request(this.apiKey, operation, variables, idempotencyKey);
  }
}
