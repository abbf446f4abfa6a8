import { createPublicKey, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bytesToHex, type Hex, hexToBytes, numberToBytes } from 'viem';
import { privateKeyToAccount, sign } from 'viem/accounts';
import { z } from 'zod';
import { CURVE_ORDER } from '../../chains/signers/ecdsa-der';

const REGION = 'eu-central-1';
const TARGET = /^TrentService\.(GetPublicKey|Sign)$/;
const AUTHORIZATION = new RegExp(
  `^AWS4-HMAC-SHA256 Credential=[A-Z0-9]+/\\d{8}/${REGION}/kms/aws4_request, SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, Signature=[0-9a-f]{64}$`,
);

const requestSchema = z.strictObject({
  KeyId: z.string(),
  Message: z.base64().optional(),
  MessageType: z.literal('DIGEST').optional(),
  SigningAlgorithm: z.literal('ECDSA_SHA_256').optional(),
});

/** How the next request is answered; `silent` never, `busy` by throttling, `gone` by closing the connection. */
export type KmsFault = 'silent' | 'busy' | 'gone';

/**
 * Speaks as much of the protocol of AWS KMS (AWS JSON 1.1 over HTTP, Signature Version 4) as the platform
 * uses, with secp256k1 keys in memory. Every other signature has its `s` in the upper half, as about half
 * of Amazon's have.
 */
export class KmsStandIn {
  /** The errors that keys answer with, by key. */
  readonly refusals = new Map<string, string>();
  /** Faults of the next requests, in their order. */
  readonly faults: KmsFault[] = [];
  /** Every request that was let in, by the operation's name. */
  readonly requests: string[] = [];
  private readonly keys = new Map<string, Hex>();
  private signatures = 0;

  private constructor(
    readonly url: string,
    private readonly server: ReturnType<typeof createServer>,
  ) {}

  static async start(): Promise<KmsStandIn> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // CAST: a server that listens on a port has an address with one.
    const { port } = server.address() as AddressInfo;
    const standIn = new KmsStandIn(`http://127.0.0.1:${port}`, server);
    server.on('request', (request, response) => void standIn.answer(request, response));
    return standIn;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Gives a key, or an alias, to be asked for by `arn`. */
  put(arn: string, privateKey: Hex): void {
    this.keys.set(arn, privateKey);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = this.faults.shift();
    if (fault === 'gone') return void request.socket.destroy();
    if (fault === 'silent') return;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { status, body } =
      fault === 'busy'
        ? refuse('ThrottlingException', 'Rate exceeded')
        : await this.respond(request, Buffer.concat(chunks).toString());
    response.writeHead(status, {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': randomBytes(8).toString('hex'),
    });
    response.end(JSON.stringify(body));
  }

  private async respond({ method, headers }: IncomingMessage, text: string): Promise<Answer> {
    const [, operation] = TARGET.exec(String(headers['x-amz-target'])) ?? [];
    if (
      method !== 'POST' ||
      headers['content-type'] !== 'application/x-amz-json-1.1' ||
      operation === undefined
    )
      return refuse('UnknownOperationException', 'no such operation');
    if (!AUTHORIZATION.test(headers.authorization ?? '') || headers['x-amz-date'] === undefined)
      return refuse('IncompleteSignatureException', 'the request is not signed as it must be');
    this.requests.push(operation);
    const { success, data } = requestSchema.safeParse(JSON.parse(text));
    if (!success) return refuse('ValidationException', 'the request has other members than it must');
    const { KeyId, Message, MessageType, SigningAlgorithm } = data;
    const refusal = this.refusals.get(KeyId);
    if (refusal !== undefined) return refuse(refusal, 'refused');
    const privateKey = this.keys.get(KeyId);
    if (privateKey === undefined) return refuse('NotFoundException', `Alias ${KeyId} is not found.`);
    if (operation === 'GetPublicKey') return ok(publicKeyAnswer(KeyId, privateKey));
    const digest = Buffer.from(Message ?? '', 'base64');
    if (digest.length !== 32 || MessageType === undefined || SigningAlgorithm === undefined)
      return refuse('ValidationException', 'Digest is invalid length for algorithm ECDSA_SHA_256.');
    return ok({
      KeyId,
      SigningAlgorithm,
      Signature: (await this.sign(privateKey, digest)).toString('base64'),
    });
  }

  private async sign(privateKey: Hex, digest: Buffer): Promise<Buffer> {
    const { r, s } = await sign({ hash: bytesToHex(digest), privateKey });
    this.signatures += 1;
    const upper = this.signatures % 2 === 0;
    return signatureDer(BigInt(r), upper ? CURVE_ORDER - BigInt(s) : BigInt(s));
  }
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

const ok = (body: object): Answer => ({ status: 200, body });
const refuse = (type: string, message: string): Answer => ({ status: 400, body: { __type: type, message } });

function publicKeyAnswer(KeyId: string, privateKey: Hex): object {
  return {
    KeyId,
    KeySpec: 'ECC_SECG_P256K1',
    CustomerMasterKeySpec: 'ECC_SECG_P256K1',
    KeyUsage: 'SIGN_VERIFY',
    PublicKey: publicKeyDer(privateKey).toString('base64'),
    SigningAlgorithms: ['ECDSA_SHA_256'],
  };
}

/** The SubjectPublicKeyInfo of a secp256k1 key, as OpenSSL writes it. */
export function publicKeyDer(privateKey: Hex): Buffer {
  const point = Buffer.from(hexToBytes(privateKeyToAccount(privateKey).publicKey));
  const [x = '', y = ''] = [point.subarray(1, 33), point.subarray(33)].map((part) =>
    part.toString('base64url'),
  );
  const jwk = { kty: 'EC', crv: 'secp256k1', x, y };
  return createPublicKey({ key: jwk, format: 'jwk' }).export({
    format: 'der',
    type: 'spki',
  });
}

/** The ECDSA-Sig-Value of a signature: each number as short as it can be, with a zero before a leading bit. */
export function signatureDer(r: bigint, s: bigint): Buffer {
  const integers = Buffer.concat([r, s].map(integerDer));
  return Buffer.concat([Buffer.from([0x30, integers.length]), integers]);
}

function integerDer(value: bigint): Buffer {
  const bytes = Buffer.from(numberToBytes(value));
  const content = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
  return Buffer.concat([Buffer.from([0x02, content.length]), content]);
}
