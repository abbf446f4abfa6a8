import type { TenantId } from '../../schema/ids';
import type { UseKmsKey } from '../../schema/inputs/signing';

/**
 * The ARN of the alias by which a tenant's key is asked for, e.g.
 * `arn:aws:kms:eu-central-1:111122223333:alias/colophon/<tenant>/minter`.
 *
 * An alias lies in the account and region of its key, and only who may manage that key can make it, so that this
 * one is the owner's word that the key is for this tenant
 * (https://docs.aws.amazon.com/kms/latest/developerguide/alias-about.html, read 2026-11).
 */
export function kmsAliasArn(
  tenantId: TenantId,
  { awsAccountId, region, aliasName }: Pick<UseKmsKey, 'awsAccountId' | 'region' | 'aliasName'>,
): string {
  return `arn:${partitionOf(region)}:kms:${region}:${awsAccountId}:alias/colophon/${tenantId}/${aliasName}`;
}

/** https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html (read 2026-11). */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
