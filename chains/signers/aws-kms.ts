import type { KMSClient, KMSServiceException } from '@aws-sdk/client-kms';
import { KmsKeyRefusedError, KmsUnavailableError } from './kms-errors';
import type { KmsKeys } from './kms-keys';

const KEY_SPEC = 'ECC_SECG_P256K1';
const KEY_USAGE = 'SIGN_VERIFY';
/** Tries of one request, with the SDK's growing pauses: throttling, server errors and lost connections. */
const MAX_ATTEMPTS = 3;

/** Answers that the key's owner can do something about; all others are the service's or the platform's. */
const REFUSALS: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'DisabledException',
  'InvalidArnException',
  'InvalidKeyUsageException',
  'KMSInvalidStateException',
  'NotFoundException',
  'UnsupportedOperationException',
  'ValidationException',
]);

export interface AwsKmsOptions {
  /** Where KMS is, when it is not at Amazon's own address of the region. */
  readonly endpoint?: string | undefined;
  /** How long one try may take. */
  readonly timeoutMs?: number;
}

/**
 * Keys in AWS KMS. Credentials come from where the AWS SDK looks for them: environment, shared files, the roles
 * of a pod, a task or a machine. The SDK is loaded at the first use, so that whoever has no key there pays nothing.
 */
export class AwsKms implements KmsKeys {
  private readonly clients = new Map<string, Promise<KMSClient>>();

  constructor(private readonly options: AwsKmsOptions = {}) {}

  async publicKey(keyArn: string): Promise<Uint8Array> {
    const { GetPublicKeyCommand } = await import('@aws-sdk/client-kms');
    const client = await this.clientFor(keyArn);
    const { PublicKey, KeySpec, KeyUsage } = await this.asked(keyArn, () =>
      client.send(new GetPublicKeyCommand({ KeyId: keyArn })),
    );
    if (KeySpec !== KEY_SPEC || KeyUsage !== KEY_USAGE) {
      throw new KmsKeyRefusedError(keyArn, `it must be of spec ${KEY_SPEC} and usage ${KEY_USAGE}`);
    }
    if (PublicKey === undefined) throw new KmsUnavailableError();
    return PublicKey;
  }

  async sign(keyArn: string, digest: Uint8Array): Promise<Uint8Array> {
    const { SignCommand } = await import('@aws-sdk/client-kms');
    const client = await this.clientFor(keyArn);
    const { Signature } = await this.asked(keyArn, () =>
      client.send(
        new SignCommand({
          KeyId: keyArn,
          Message: digest,
          MessageType: 'DIGEST',
          SigningAlgorithm: 'ECDSA_SHA_256',
        }),
      ),
    );
    if (Signature === undefined) throw new KmsUnavailableError();
    return Signature;
  }

  private async asked<T>(keyArn: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (cause) {
      // CAST: all that the SDK throws has a name; KMSServiceException is only the best known kind.
      const { name } = cause as KMSServiceException;
      if (REFUSALS.has(name)) throw new KmsKeyRefusedError(keyArn, name, { cause });
      throw new KmsUnavailableError({ cause, context: { reason: name } });
    }
  }

  private clientFor(keyArn: string): Promise<KMSClient> {
    const [, , , region = ''] = keyArn.split(':');
    const client = this.clients.get(region) ?? this.open(region);
    this.clients.set(region, client);
    return client;
  }

  private async open(region: string): Promise<KMSClient> {
    const { KMSClient } = await import('@aws-sdk/client-kms');
    const { endpoint, timeoutMs = 5_000 } = this.options;
    return new KMSClient({
      region,
      maxAttempts: MAX_ATTEMPTS,
      requestHandler: {
        connectionTimeout: timeoutMs,
        requestTimeout: timeoutMs,
        throwOnRequestTimeout: true,
      },
      ...(endpoint !== undefined && { endpoint }),
    });
  }
}
